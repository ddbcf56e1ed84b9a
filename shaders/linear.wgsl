// Linear layer of a pack. Activations are feature-major, tokens fastest; weights are [inputs, outputs], as GPT-2's are.
//   forward   y[n,m]  = Σ_k w[k,n] x[k,m] + bias[n], then an epilogue: nothing, + residual[n,m], or an activation function
//   backward  dx[k,m] = Σ_n w[k,n] dy[n,m], times the slope of an activation function that x came from
//             dw[k,n] (+)= Σ_m x[k,m] dy[n,m],  dbias[n] (+)= Σ_m dy[n,m], for each range of tokens m
//
// x, dx, u [run, inputs, tokens]  w [run, inputs, outputs]  bias [run, outputs]  y, dy, residual [run, outputs, tokens]
// dw [run, ranges, inputs, outputs]  dbias [run, ranges, outputs]; tokens are a multiple of 4, and dy of padding is 0.
//
// linear-direct.wgsl and linear-tiled.wgsl compute y and dx, each in its way: one of them stands after this file. The
// header gives WORKGROUP (invocations, a multiple of ROWS and of 4), ROWS (a workgroup of dw owns ROWS × ROWS weights),
// BLOCK (features that a workgroup of y or dx owns), Weight and LANES (f32 and 1, or vec4f and 4), and the epilogues
// bias_of, finish, slope_of and add_dbias.

struct Sizes {
	tokens: u32, inputs: u32, outputs: u32, ranges: u32, accumulate: u32,
	x_run: u32, w_run: u32, bias_run: u32, y_run: u32, dy_run: u32, dx_run: u32, dw_run: u32, dbias_run: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> w: array<Weight>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(4) var<storage, read> dy: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> dw: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	forward_block(group.z, group.y * BLOCK, group.x, lane);
}

fn put_y(run: u32, output: u32, column: u32, value: vec4f) {
	let columns = sizes.tokens / 4u;
	if (output < sizes.outputs && column < columns) {
		finish(run * (sizes.y_run / 4u) + output * columns + column, value + bias_of(run, output));
	}
}

// Workgroups of one row of the grid own BLOCK inputs k: the first compute dx for tokens, the others dw for outputs.
@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let first = input_groups();
	if (group.x < first) {
		backward_input_block(group.z, group.y * BLOCK, group.x, lane);
	} else {
		let tile = group.x - first;
		let parts = BLOCK / ROWS;
		backward_weight(group.z, group.y * BLOCK + tile % parts * ROWS, tile / parts, lane);
	}
}

fn put_dx(run: u32, input: u32, column: u32, value: vec4f) {
	let columns = sizes.tokens / 4u;
	if (input < sizes.inputs && column < columns) {
		let at = run * (sizes.dx_run / 4u) + input * columns + column;
		dx[at] = value * slope_of(at);
	}
}

// Each invocation sums over tokens that are WORKGROUP apart; then the workgroup adds up its sums, in order.
var<workgroup> sums: array<f32, SUMS>;

fn backward_weight(run: u32, row: u32, tile: u32, lane: u32) {
	let columns = sizes.tokens / 4u;
	let across = (sizes.outputs + ROWS - 1u) / ROWS;
	let column = tile % across * ROWS;
	let range = tile / across;
	let length = (columns + sizes.ranges - 1u) / sizes.ranges;
	let begin = range * length + lane / 4u;
	let to = min((range + 1u) * length, columns);
	let component = lane % 4u;
	var x_at: array<u32, ROWS>;
	var dy_at: array<u32, ROWS>;
	for (var i = 0u; i < ROWS; i++) {
		x_at[i] = run * (sizes.x_run / 4u) + min(row + i, sizes.inputs - 1u) * columns;
		dy_at[i] = run * (sizes.dy_run / 4u) + min(column + i, sizes.outputs - 1u) * columns;
	}
	var sum: array<array<f32, ROWS>, ROWS>;
	for (var m = begin; m < to; m += WORKGROUP / 4u) {
		var a: array<f32, ROWS>;
		for (var i = 0u; i < ROWS; i++) { a[i] = x[x_at[i] + m][component]; }
		for (var j = 0u; j < ROWS; j++) {
			let b = dy[dy_at[j] + m][component];
			for (var i = 0u; i < ROWS; i++) { sum[i][j] = fma(a[i], b, sum[i][j]); }
		}
	}
	for (var i = 0u; i < ROWS; i++) {
		for (var j = 0u; j < ROWS; j++) { sums[lane * TILE + i * ROWS + j] = sum[i][j]; }
	}
	workgroupBarrier();
	let dw_at = run * sizes.dw_run + (range * sizes.inputs + row) * sizes.outputs + column;
	for (var e = lane; e < TILE; e += WORKGROUP) {
		let at = dw_at + e / ROWS * sizes.outputs + e % ROWS;
		if (row + e / ROWS < sizes.inputs && column + e % ROWS < sizes.outputs) {
			dw[at] = total(e) + select(0.0, dw[at], sizes.accumulate != 0u);
		}
	}
	if (BIASED && row == 0u) {
		workgroupBarrier();
		for (var j = 0u; j < ROWS; j++) {
			var bias_sum = 0.0;
			for (var m = begin; m < to; m += WORKGROUP / 4u) { bias_sum += dy[dy_at[j] + m][component]; }
			sums[lane * TILE + j] = bias_sum;
		}
		workgroupBarrier();
		if (lane < ROWS && column + lane < sizes.outputs) {
			add_dbias(run * sizes.dbias_run + range * sizes.outputs + column + lane, total(lane));
		}
	}
}

fn total(entry: u32) -> f32 {
	var sum = 0.0;
	for (var lane = 0u; lane < WORKGROUP; lane += 1u) { sum += sums[lane * TILE + entry]; }
	return sum;
}
