// Linear layer of a pack. Activations are feature-major, tokens fastest; weights are [inputs, outputs], as GPT-2's are.
//   forward   y[n,m]  = Σ_k w[k,n] x[k,m] + bias[n], then an epilogue: nothing, + residual[n,m], or an activation function;
//             x is read as it is, or normed: linear-normed.wgsl
//   backward  dx[k,m] = Σ_n w[k,n] dy[n,m], or from that du, where x is activation(u) or, of a gated unit (Shazeer 2020),
//             activation(u[k,m]) u[inputs + k,m]: du[k,m] = dx u[inputs + k,m] activation'(u[k,m]),
//             du[inputs + k,m] = dx activation(u[k,m])
//             dw[k,n] (+)= Σ_m x[k,m] dy[n,m],  dbias[n] (+)= Σ_m dy[n,m], for each range of tokens m
//
// x, dx, u [run, inputs, tokens]  w [run, inputs, outputs]  bias [run, outputs]  y, dy, residual [run, outputs, tokens]
// dw [run, ranges, inputs, outputs]  dbias [run, ranges, outputs]; tokens are a multiple of 4, and dy of padding is 0.
//
// This file has what all variants share. Either linear-broadcast.wgsl follows it, or tiles.wgsl with linear-large.wgsl, or
// linear-sums.wgsl (dw and the entry points) with linear-direct.wgsl or linear-tiled.wgsl (y and dx). The header gives WORKGROUP (invocations), VECS, ROWS and BLOCK
// (features that a workgroup owns), Weight and LANES (f32 and 1, or vec4f and 4), Gradient, ACCUMULATE, INPUT_GRADIENT (whether
// backward computes dx, or dw and dbias alone), the types StoredX, StoredY and StoredU that x, y and u are stored as, the epilogues
// bias_of, finish, finish_dx and add_dbias, and the prologues prepare (once, for the columns of tokens), gain_of (each input)
// and input_of (each x).

struct Sizes {
	tokens: u32, inputs: u32, outputs: u32, ranges: u32,
	x_run: u32, w_run: u32, bias_run: u32, y_run: u32, dy_run: u32, dx_run: u32, dw_run: u32, dbias_run: u32,
	u_run: u32, residual_run: u32, gamma_run: u32, beta_run: u32, normed_run: u32, stats_run: u32,
	origin_x: u32, origin_y: u32, origin_z: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<StoredX>;
@group(0) @binding(2) var<storage, read> w: array<Weight>;
@group(0) @binding(3) var<storage, read_write> y: array<StoredY>;
@group(0) @binding(4) var<storage, read> dy: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> dw: array<Gradient>;

// The first workgroup of this piece of the dispatch: see src/gpu/pieces.ts.
fn origin() -> vec3u { return vec3u(sizes.origin_x, sizes.origin_y, sizes.origin_z); }

// Columns are groups of 4 tokens. An invocation owns VECS of them, this far apart, so that neighbors own neighboring columns.
fn column_stride() -> u32 { return (sizes.tokens / 4u + VECS - 1u) / VECS; }

fn store_y(run: u32, at: u32, value: vec4f) { y[run * (sizes.y_run / 4u) + at] = StoredY(value); }

fn store_dx(run: u32, at: u32, value: vec4f) { dx[run * (sizes.dx_run / 4u) + at] = value; }

fn put_y(run: u32, output: u32, column: u32, value: vec4f) {
	let columns = sizes.tokens / 4u;
	if ((output < sizes.outputs) & (column < columns)) {
		finish(run, output * columns + column, value + bias_of(run, output));
	}
}

fn put_dx(run: u32, input: u32, column: u32, value: vec4f) {
	let columns = sizes.tokens / 4u;
	if ((input < sizes.inputs) & (column < columns)) { finish_dx(run, input * columns + column, value); }
}

// The tokens of a range, in quads: from .x to before .y.
fn quads_of(range: u32) -> vec2u {
	let columns = sizes.tokens / 4u;
	let length = (columns + sizes.ranges - 1u) / sizes.ranges;
	return vec2u(range * length, min((range + 1u) * length, columns));
}
