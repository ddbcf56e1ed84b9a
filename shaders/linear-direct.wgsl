// y and dx of linear.wgsl without workgroup memory: an invocation owns ROWS features (= BLOCK) of VECS × 4 tokens. Neighboring
// invocations read neighboring entries of x and dy; a weight's address is the same for the whole workgroup.

const KEEPERS = 1u;

fn forward_block(run: u32, row: u32, group: u32, lane: u32) {
	let columns = sizes.tokens / 4u;
	let stride = column_stride();
	let column = group * WORKGROUP + lane;
	if (column >= stride) { return; }
	let outputs = sizes.outputs / LANES;
	var x_at = run * (sizes.x_run / 4u) + column;
	var w_at = run * (sizes.w_run / LANES) + row / LANES;
	let moments = prepare(run, row, column, stride);
	var sum: array<array<vec4f, VECS>, ROWS>;
	for (var k = 0u; k < sizes.inputs; k++) {
		let gain = gain_of(run, k);
		var b: array<vec4f, VECS>;
		for (var v = 0u; v < VECS; v++) { b[v] = input_of(vec4f(x[x_at + v * stride]), moments[v], gain); }
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
		for (var v = 0u; v < VECS; v++) { put_y(run, row + i, column + v * stride, sum[i][v]); }
	}
}

fn input_groups() -> u32 { return (column_stride() + WORKGROUP - 1u) / WORKGROUP; }

fn backward_input_block(run: u32, row: u32, group: u32, lane: u32) {
	let columns = sizes.tokens / 4u;
	let stride = column_stride();
	let column = group * WORKGROUP + lane;
	if (column >= stride) { return; }
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
			for (var v = 0u; v < VECS; v++) { b[lane][v] = dy[dy_at + lane * columns + v * stride]; }
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
		for (var v = 0u; v < VECS; v++) { put_dx(run, row + i, column + v * stride, sum[i][v]); }
	}
}
