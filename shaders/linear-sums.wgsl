// Entry points of linear.wgsl, and dw by sums in workgroup memory; WORKGROUP is a multiple of ROWS and of 4, a workgroup of
// dw owns ROWS × ROWS weights.

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	forward_block(group.z, group.y * BLOCK, group.x, lane);
}

// Workgroups of one row of the grid own BLOCK inputs k: the first compute dx of tokens, the others dw of outputs.
@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let first = select(0u, input_groups(), INPUT_GRADIENT);
	if (group.x < first) {
		backward_input_block(group.z, group.y * BLOCK, group.x, lane);
	} else {
		let tile = group.x - first;
		let parts = BLOCK / ROWS;
		backward_weight(group.z, group.y * BLOCK + tile % parts * ROWS, tile / parts, lane);
	}
}

// Each invocation sums over tokens that are WORKGROUP apart; then the workgroup adds up those sums in order.
var<workgroup> sums: array<f32, SUMS>;

fn backward_weight(run: u32, row: u32, tile: u32, lane: u32) {
	let columns = sizes.tokens / 4u;
	let across = (sizes.outputs + ROWS - 1u) / ROWS;
	let column = tile % across * ROWS;
	let range = tile / across;
	let quads = quads_of(range);
	let begin = quads.x + lane / 4u;
	let to = quads.y;
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
		for (var i = 0u; i < ROWS; i++) { a[i] = f32(x[x_at[i] + m][component]); }
		for (var j = 0u; j < ROWS; j++) {
			let b = dy[dy_at[j] + m][component];
			for (var i = 0u; i < ROWS; i++) { sum[i][j] = fma(a[i], b, sum[i][j]); }
		}
	}
	for (var i = 0u; i < ROWS; i++) {
		for (var j = 0u; j < ROWS; j++) { sums[lane * TILE + i * ROWS + j] = sum[i][j]; }
	}
	workgroupBarrier();
	for (var e = lane; e < TILE; e += WORKGROUP) { put_dw(run, range, row + e / ROWS, column + e % ROWS, total(e)); }
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

fn put_dw(run: u32, range: u32, input: u32, output: u32, value: f32) {
	if ((input < sizes.inputs) & (output < sizes.outputs)) {
		let at = run * sizes.dw_run + (range * sizes.inputs + input) * sizes.outputs + output;
		if (ACCUMULATE) { dw[at] += value; } else { dw[at] = value; }
	}
}

fn total(entry: u32) -> f32 {
	var sum = 0.0;
	for (var lane = 0u; lane < WORKGROUP; lane += 1u) { sum += sums[lane * TILE + entry]; }
	return sum;
}
