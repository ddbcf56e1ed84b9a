// What linear.wgsl's forward reads if a norm precedes the layer: x normed as in norm.wgsl. Every workgroup computes the mean
// and rstd of its own tokens; those of the first features store them, and the normed x, for the backward pass.
//
// gamma, beta [run, inputs]  normed [run, inputs, tokens]  stats [run, 2, tokens]: mean, rstd
// The header gives CENTERED (layer norm or not), StoredNormed (the type that normed is stored as), as_stored, which
// rounds to that type, and beta_of.

@group(0) @binding(9) var<storage, read> gamma: array<f32>;
@group(0) @binding(10) var<storage, read_write> normed: array<StoredNormed>;
@group(0) @binding(11) var<storage, read_write> stats: array<vec4f>;

const EPSILON = 1e-5;

struct Moments { mean: vec4f, rstd: vec4f }

// Moments of VECS columns of four tokens, `stride` from each other; past the end those of the last column.
fn prepare(run: u32, row: u32, column: u32, stride: u32) -> array<Moments, VECS> {
	let columns = sizes.tokens / 4u;
	let width = f32(sizes.inputs);
	var at: array<u32, VECS>;
	for (var v = 0u; v < VECS; v++) { at[v] = run * (sizes.x_run / 4u) + min(column + v * stride, columns - 1u); }
	var moments: array<Moments, VECS>;
	if (CENTERED) {
		for (var k = 0u; k < sizes.inputs; k++) {
			for (var v = 0u; v < VECS; v++) { moments[v].mean += x[at[v] + k * columns]; }
		}
		for (var v = 0u; v < VECS; v++) { moments[v].mean /= width; }
	}
	var squares: array<vec4f, VECS>;
	for (var k = 0u; k < sizes.inputs; k++) {
		for (var v = 0u; v < VECS; v++) {
			let d = x[at[v] + k * columns] - moments[v].mean;
			squares[v] = fma(d, d, squares[v]);
		}
	}
	for (var v = 0u; v < VECS; v++) {
		moments[v].rstd = 1.0 / sqrt(squares[v] / width + EPSILON);
		if ((row < KEEPERS) & (column + v * stride < columns)) { keep(run, row, column + v * stride, moments[v]); }
	}
	return moments;
}

// KEEPERS invocations divide the inputs of a column among them.
fn keep(run: u32, keeper: u32, column: u32, moments: Moments) {
	let columns = sizes.tokens / 4u;
	let first = run * (sizes.x_run / 4u) + column;
	let normed_first = run * (sizes.normed_run / 4u) + column;
	for (var k = keeper; k < sizes.inputs; k += KEEPERS) {
		normed[normed_first + k * columns] = StoredNormed(input_of(x[first + k * columns], moments, gain_of(run, k)));
	}
	if (keeper == 0u) {
		let at = run * (sizes.stats_run / 4u) + column;
		stats[at] = moments.mean;
		stats[at + columns] = moments.rstd;
	}
}

// gamma and beta of an input
fn gain_of(run: u32, k: u32) -> vec2f { return vec2f(gamma[run * sizes.gamma_run + k], beta_of(run, k)); }

// A normed input as the backward pass will read it.
fn input_of(value: vec4f, moments: Moments, gain: vec2f) -> vec4f {
	return as_stored(fma((value - moments.mean) * moments.rstd, vec4f(gain.x), vec4f(gain.y)));
}
