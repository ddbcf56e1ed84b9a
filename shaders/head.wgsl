// Head of a pack: linear layer and softmax cross-entropy in one. The logits z[m,v] = c Σ_k x[k,m] w[k,v] exist only as tiles;
// c is the multiplier.
//   forward           for each split of the vocabulary: a reference r[m] and Σ_v exp(z[m,v] − r[m])
//   forward_backward  also Σ_v exp(z[m,v] − r[m]) w[k,v]
//   sum_loss          lse[m] = ln Σ_v exp z[m,v],  loss (+)= scale Σ_m (lse[m] − z[m,target[m]])
//   combine           lse, the tokens' losses, dx[k,m] = c scale (Σ_v exp(z[m,v] − lse[m]) w[k,v] − w[k,target[m]])
//   whole             forward_backward and combine in one, where the vocabulary is not split
//   backward_weight   their sum, dw[k,v] (+)= c Σ_m dz[m,v] x[k,m],  dz[m,v] = scale (exp(z[m,v] − lse[m]) − [v = target[m]])
// This is flash attention with the vocabulary as keys (Dao et al. 2022).
//
// x, dx [run, width, tokens']  w, dw [run, width, vocabulary'], dw for each range of the tokens
// ids [run or 1, sequences, context + 1], targets one place on  parts [run, splits, 2, tokens']: reference, sum
// dx_parts [run, splits, width, tokens']  lse [run, 2, tokens']: lse, loss  loss [run]. A prime: padded to a multiple of 4.
//
// There are two large kernels, in head-tokens.wgsl and head-vocabulary.wgsl. An invocation owns 4·QUADS columns of one matrix
// (`own`: tokens of x, or vocabulary entries of w), at addresses next to its neighbors', and goes through the columns of the
// other matrix, at addresses that the whole workgroup shares. It takes a chunk of those at a time: it puts exponentials into
// its part of `scratch`, then multiplies them by `other`. The matrix products are in head-direct.wgsl or head-broadcast.wgsl.
// All invocations take part; those that own nothing read the last column instead, and write only to their own scratch memory.
// If ROWS cover the whole width (HELD), an invocation keeps its sums from chunk to chunk; otherwise dx_parts and dw hold them.
// head-large.wgsl has the same kernels by workgroups: there a workgroup owns the columns and has the scratch memory.
// The small kernels are in head-combine.wgsl, `whole` is in head-whole.wgsl.
// Conditions in unrolled loops are joined by &: with && SwiftShader's compiler takes twice as long for each further branch.
// The header gives HELD, ROWS, ROW_QUADS = ROWS / 4, QUADS, LANES and FOUR = 4; COMBINE_LANES and FEATURES for `combine`.

struct Sizes {
	width: u32, context: u32, tokens: u32, vocabulary: u32, own_quads: u32, other_quads: u32,
	// columns of `other`, of them for one split or range, and for one chunk of that
	others: u32, part: u32, chunk: u32, splits: u32,
	accumulate: u32, scale: f32, multiplier: f32,
	own_run: u32, other_run: u32, ids_run: u32, scratch_run: u32, parts_run: u32, dx_parts_run: u32,
	other_entries_run: u32, all_parts_run: u32, all_dx_parts_run: u32, lse_run: u32, token_lse_run: u32, loss_run: u32,
	dx_run: u32, dw_run: u32, cleared_run: u32,
	origin_x: u32, origin_y: u32, origin_z: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> own: array<vec4f>;
@group(0) @binding(2) var<storage, read> other: array<vec4f>;
@group(0) @binding(3) var<storage, read> other_entries: array<f32>;
@group(0) @binding(4) var<storage, read> ids: array<u32>;
@group(0) @binding(5) var<storage, read_write> scratch: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> parts: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> dx_parts: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> dw: array<vec4f>;
@group(0) @binding(9) var<storage, read_write> cleared: array<vec4f>;
@group(0) @binding(10) var<storage, read> lse: array<vec4f>;
@group(0) @binding(11) var<storage, read> all_parts: array<vec4f>;
@group(0) @binding(12) var<storage, read> all_dx_parts: array<vec4f>;
@group(0) @binding(13) var<storage, read_write> token_lse: array<vec4f>;
@group(0) @binding(14) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(15) var<storage, read_write> loss: array<f32>;

// The first workgroup of this piece of the dispatch: see src/gpu/pieces.ts.
fn origin() -> vec3u { return vec3u(sizes.origin_x, sizes.origin_y, sizes.origin_z); }

alias Tile = array<array<vec4f, QUADS>, ROWS>;
alias Columns = array<vec4f, QUADS>;
const NEVER = -3.0e38;

// Distance between an invocation's columns, in quads: neighbors own neighboring quads.
fn own_stride() -> u32 { return (sizes.own_quads + QUADS - 1u) / QUADS; }

// The first row of an invocation's scratch memory. Sums with id: addresses known to be neighbors'.
fn scratch_at(group: vec3u, quad: u32) -> u32 {
	let stripe = (group.y * ((own_stride() + LANES - 1u) / LANES) + group.x) * sizes.chunk;
	return group.z * (sizes.scratch_run / 4u) + stripe * (QUADS * LANES) - group.x * LANES + quad;
}

fn target_of(run: u32, token: u32) -> u32 {
	return ids[run * sizes.ids_run + token + token / sizes.context + 1u];
}

fn add_loss(run: u32, sum: f32) {
	let e = run * sizes.loss_run;
	loss[e] = select(0.0, loss[e], sizes.accumulate != 0u) + sizes.scale * sum;
}

// The tokens' losses, four at a time in four sums; by one invocation, so that the kernel needs no barrier.
fn sum_token_losses(run: u32) {
	let first = run * (sizes.lse_run / 4u) + sizes.other_quads;
	var sum: array<vec4f, FOUR>;
	for (var q = 0u; q < sizes.other_quads; q += FOUR) {
		for (var i = 0u; i < FOUR; i++) {
			if (q + i < sizes.other_quads) { sum[i] += lse[first + q + i]; }
		}
	}
	let total = (sum[0] + sum[1]) + (sum[2] + sum[3]);
	add_loss(run, (total.x + total.y) + (total.z + total.w));
}
