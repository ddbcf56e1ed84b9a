// y and dx of linear.wgsl by tiles in workgroup memory, for GPUs whose arithmetic is cheaper than their loads: a workgroup
// owns 32 features (= BLOCK) of 4·QUADS tokens, an invocation 4 of the features and 4 of the tokens. Weights are read one
// at a time (LANES = 1).

const DEPTH = 16u;
const EACH = 4u;
const QUADS = WORKGROUP / 8u;
// Invocations that read the same tokens.
const KEEPERS = 8u;
// [depth, features] and [depth, columns]
var<workgroup> w_tile: array<f32, DEPTH * 32u>;
var<workgroup> column_tile: array<vec4f, DEPTH * QUADS>;

alias Sums = array<vec4f, EACH>;

fn add_tiles(sum: Sums, lane: u32) -> Sums {
	var next = sum;
	let feature = lane / QUADS * EACH;
	for (var k = 0u; k < DEPTH; k++) {
		let b = column_tile[k * QUADS + lane % QUADS];
		for (var i = 0u; i < EACH; i++) { next[i] = fma(vec4f(w_tile[k * 32u + feature + i]), b, next[i]); }
	}
	return next;
}

fn forward_block(run: u32, row: u32, group: u32, lane: u32) {
	let columns = sizes.tokens / 4u;
	let w_at = run * sizes.w_run + row;
	let x_at = run * (sizes.x_run / 4u) + group * QUADS;
	let moments = prepare(run, row + lane / QUADS, group * QUADS + lane % QUADS, 0u)[0];
	var sum: Sums;
	for (var first = 0u; first < sizes.inputs; first += DEPTH) {
		for (var e = lane; e < DEPTH * 32u; e += WORKGROUP) {
			let k = first + e / 32u;
			w_tile[e] = select(0.0, w[w_at + k * sizes.outputs + e % 32u], k < sizes.inputs);
		}
		for (var e = lane; e < DEPTH * QUADS; e += WORKGROUP) {
			let k = first + e / QUADS;
			let exists = k < sizes.inputs;
			let value = input_of(vec4f(x[x_at + k * columns + e % QUADS]), moments, gain_of(run, k));
			column_tile[e] = select(vec4f(), value, exists);
		}
		workgroupBarrier();
		sum = add_tiles(sum, lane);
		workgroupBarrier();
	}
	for (var i = 0u; i < EACH; i++) { put_y(run, row + lane / QUADS * EACH + i, group * QUADS + lane % QUADS, sum[i]); }
}

fn input_groups() -> u32 { return (sizes.tokens / 4u + QUADS - 1u) / QUADS; }

fn backward_input_block(run: u32, row: u32, group: u32, lane: u32) {
	let columns = sizes.tokens / 4u;
	let w_at = run * sizes.w_run + row * sizes.outputs;
	let dy_at = run * (sizes.dy_run / 4u) + group * QUADS;
	var sum: Sums;
	for (var first = 0u; first < sizes.outputs; first += DEPTH) {
		// Neighbors read along the outputs, and write to distant places.
		for (var e = lane; e < DEPTH * 32u; e += WORKGROUP) {
			let n = first + e % DEPTH;
			w_tile[e % DEPTH * 32u + e / DEPTH] = select(0.0, w[w_at + e / DEPTH * sizes.outputs + n], n < sizes.outputs);
		}
		for (var e = lane; e < DEPTH * QUADS; e += WORKGROUP) {
			let n = first + e / QUADS;
			column_tile[e] = select(vec4f(), dy[dy_at + n * columns + e % QUADS], n < sizes.outputs);
		}
		workgroupBarrier();
		sum = add_tiles(sum, lane);
		workgroupBarrier();
	}
	for (var i = 0u; i < EACH; i++) { put_dx(run, row + lane / QUADS * EACH + i, group * QUADS + lane % QUADS, sum[i]); }
}
