// Linear layer of a pack. Activations are feature-major, tokens fastest; weights are [inputs, outputs], as GPT-2's are.
//   forward   y[n,m]  = Σ_k w[k,n] x[k,m] + bias[n], then an epilogue: nothing, + residual[n,m], or an activation function
//   backward  dx[k,m] = Σ_n w[k,n] dy[n,m], times the slope of an activation function that x came from
//             dw[k,n] (+)= Σ_m x[k,m] dy[n,m],  dbias[n] (+)= Σ_m dy[n,m], for each range of tokens m
//
// x, dx, u [run, inputs, tokens]  w [run, inputs, outputs]  bias [run, outputs]  y, dy, residual [run, outputs, tokens]
// dw [run, ranges, inputs, outputs]  dbias [run, ranges, outputs]; tokens are a multiple of 4, and dy of padding is 0.
//
// Invocations run along tokens: what they read of x and dy lies side by side, and a weight's address is the same for
// the whole workgroup. The header gives WORKGROUP (invocations, a multiple of ROWS and of 4), ROWS and VECS (an
// invocation of `forward` and of dx owns ROWS features of VECS × 4 tokens; a workgroup of dw, ROWS × ROWS weights),
// Weight and LANES (f32 and 1, or vec4f and 4), and the epilogues bias_of, finish, slope_of and add_dbias.

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
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
	let row = group.y * ROWS;
	let columns = sizes.tokens / 4u;
	let apart = (columns + VECS - 1u) / VECS;
	if (id.x >= apart) { return; }
	let outputs = sizes.outputs / LANES;
	var x_at = group.z * (sizes.x_run / 4u) + id.x;
	var w_at = group.z * (sizes.w_run / LANES) + row / LANES;
	var sum: array<array<vec4f, VECS>, ROWS>;
	for (var k = 0u; k < sizes.inputs; k++) {
		var b: array<vec4f, VECS>;
		for (var v = 0u; v < VECS; v++) { b[v] = x[x_at + v * apart]; }
		for (var i = 0u; i < WEIGHTS; i++) {
			let a = w[w_at + i];
			for (var lane = 0u; lane < LANES; lane++) {
				for (var v = 0u; v < VECS; v++) {
					sum[i * LANES + lane][v] = fma(vec4f(at(a, lane)), b[v], sum[i * LANES + lane][v]);
				}
			}
		}
		x_at += columns;
		w_at += outputs;
	}
	for (var i = 0u; i < ROWS; i++) {
		if (row + i < sizes.outputs) {
			let bias = bias_of(group.z, row + i);
			let y_at = group.z * (sizes.y_run / 4u) + (row + i) * columns + id.x;
			for (var v = 0u; v < VECS; v++) {
				if (id.x + v * apart < columns) { finish(y_at + v * apart, sum[i][v] + bias); }
			}
		}
	}
}

// Workgroups of one row of the grid own ROWS inputs k: the first compute dx for tokens, the others dw for outputs.
@compute @workgroup_size(WORKGROUP)
fn backward(
	@builtin(global_invocation_id) id: vec3u,
	@builtin(workgroup_id) group: vec3u,
	@builtin(local_invocation_index) lane: u32,
) {
	let apart = (sizes.tokens / 4u + VECS - 1u) / VECS;
	let input_groups = (apart + WORKGROUP - 1u) / WORKGROUP;
	if (group.x < input_groups) {
		if (id.x < apart) { backward_input(group.z, group.y * ROWS, id.x, apart); }
	} else {
		backward_weight(group.z, group.y * ROWS, group.x - input_groups, lane);
	}
}

fn backward_input(run: u32, row: u32, column: u32, apart: u32) {
	let columns = sizes.tokens / 4u;
	let outputs = sizes.outputs / LANES;
	var w_at: array<u32, ROWS>;
	for (var i = 0u; i < ROWS; i++) {
		w_at[i] = run * (sizes.w_run / LANES) + min(row + i, sizes.inputs - 1u) * outputs;
	}
	var dy_at = run * (sizes.dy_run / 4u) + column;
	var sum: array<array<vec4f, VECS>, ROWS>;
	for (var n = 0u; n < outputs; n++) {
		var b: array<array<vec4f, VECS>, LANES>;
		for (var lane = 0u; lane < LANES; lane++) {
			for (var v = 0u; v < VECS; v++) { b[lane][v] = dy[dy_at + lane * columns + v * apart]; }
		}
		for (var i = 0u; i < ROWS; i++) {
			let a = w[w_at[i] + n];
			for (var lane = 0u; lane < LANES; lane++) {
				for (var v = 0u; v < VECS; v++) { sum[i][v] = fma(vec4f(at(a, lane)), b[lane][v], sum[i][v]); }
			}
		}
		dy_at += LANES * columns;
	}
	for (var i = 0u; i < ROWS; i++) {
		if (row + i < sizes.inputs) {
			let dx_at = run * (sizes.dx_run / 4u) + (row + i) * columns + column;
			for (var v = 0u; v < VECS; v++) {
				if (column + v * apart < columns) { dx[dx_at + v * apart] = sum[i][v] * slope_of(dx_at + v * apart); }
			}
		}
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
