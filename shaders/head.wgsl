// Head of a pack: linear layer and softmax cross-entropy in one; the logits z[m,v] = c Σ_k x[k,m] w[k,v] are never stored
// but in tiles. c is the multiplier.
//   forward           for each split of the vocabulary: a reference r[m] and Σ_v exp(z[m,v] − r[m])
//   forward_backward  also Σ_v exp(z[m,v] − r[m]) w[k,v]
//   sum_loss          lse[m] = ln Σ_v exp z[m,v],  loss (+)= scale Σ_m (lse[m] − z[m,target[m]])
//   combine           lse, the tokens' losses, dx[k,m] = c scale (Σ_v exp(z[m,v] − lse[m]) w[k,v] − w[k,target[m]])
//   backward_weight   their sum, dw[k,v] (+)= c Σ_m dz[m,v] x[k,m],  dz[m,v] = scale (exp(z[m,v] − lse[m]) − [v = target[m]])
// Flash attention with words for keys (Dao et al. 2022), with a reference that follows the largest z lazily: it moves
// when a z exceeds it by more than SLACK, which is hardly ever, so that tiles of exponentials rarely need rescaling.
//
// x, dx [run, width, tokens']  w, dw [run, width, vocabulary'], dw for each range of the tokens
// ids [run or 1, sequences, context + 1], targets one place on  parts [run, splits, 2, tokens']: reference, sum
// dx_parts [run, splits, width, tokens']  lse [run, 2, tokens']: lse, loss  loss [run]. A prime: padded to a multiple of 4.
//
// The two large kernels are alike. An invocation owns 4·QUADS columns of one matrix (`own`: its tokens, or its words), at
// addresses that neighbors continue, and goes through those of the other at addresses that the whole workgroup shares:
// a chunk at a time it puts exponentials into its part of `scratch`, then multiplies them with `other`. The products stand
// in head-direct.wgsl and head-broadcast.wgsl, of which one follows this file. All invocations take part in them; those
// that own nothing read at the last place there is, and write nothing but their own scratch memory.
// Where ROWS hold the whole width (HELD), sums over chunks stay with the invocation, else in dx_parts and dw.
// Conditions in loops that are written out are joined by &: SwiftShader's compiler takes twice as long for every branch that
// && would add.
// The header gives HELD, ROWS, ROW_QUADS = ROWS / 4, QUADS, LANES and FOUR = 4; COMBINE_LANES and FEATURES for `combine`.

struct Sizes {
	width: u32, context: u32, tokens: u32, vocabulary: u32, own_quads: u32, other_quads: u32,
	// columns of `other`, of them for one split or range, and for one chunk of that
	others: u32, part: u32, chunk: u32, splits: u32,
	accumulate: u32, scale: f32, multiplier: f32,
	own_run: u32, other_run: u32, ids_run: u32, scratch_run: u32, parts_run: u32, dx_parts_run: u32,
	x_run: u32, w_run: u32, all_parts_run: u32, all_dx_parts_run: u32, lse_run: u32, token_lse_run: u32, loss_run: u32, dx_run: u32, dw_run: u32, cleared_run: u32,
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
@group(0) @binding(11) var<storage, read> x: array<vec4f>;
@group(0) @binding(12) var<storage, read> w: array<f32>;
@group(0) @binding(13) var<storage, read> all_parts: array<vec4f>;
@group(0) @binding(14) var<storage, read> all_dx_parts: array<vec4f>;
@group(0) @binding(15) var<storage, read_write> token_lse: array<vec4f>;
@group(0) @binding(16) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(17) var<storage, read_write> loss: array<f32>;

// The first workgroup of this piece of the dispatch: see src/gpu/pieces.ts.
fn origin() -> vec3u { return vec3u(sizes.origin_x, sizes.origin_y, sizes.origin_z); }

alias Tile = array<array<vec4f, QUADS>, ROWS>;
alias Columns = array<vec4f, QUADS>;
const NEVER = -3.0e38;
const SLACK = 16.0;

// Distance between an invocation's columns, in quads: neighbors own neighboring quads.
fn own_stride() -> u32 { return (sizes.own_quads + QUADS - 1u) / QUADS; }

// The first row of an invocation's scratch memory. Sums with id: addresses known to be neighbors'.
fn scratch_at(group: vec3u, quad: u32) -> u32 {
	let stripe = (group.y * ((own_stride() + LANES - 1u) / LANES) + group.x) * sizes.chunk;
	return group.z * (sizes.scratch_run / 4u) + stripe * (QUADS * LANES) - group.x * LANES + quad;
}

// The softmax of the tokens that an invocation owns, as far as it got.
struct Softmax {
	reference: Columns,
	sum: Columns,
	// exp(reference before − reference) since the chunk began
	rescale: Columns,
}

fn new_softmax() -> Softmax {
	var s: Softmax;
	for (var c = 0u; c < QUADS; c++) { s.reference[c] = vec4f(NEVER); s.rescale[c] = vec4f(1.0); }
	return s;
}

fn masked(z: Tile, column: u32, end: u32) -> Tile {
	var out = z;
	for (var i = 0u; i < ROWS; i++) {
		for (var c = 0u; c < QUADS; c++) { out[i][c] = select(z[i][c], vec4f(NEVER), column + i >= end); }
	}
	return out;
}

fn largest(z: Tile, c: u32) -> vec4f {
	var top = vec4f(NEVER);
	for (var i = 0u; i < ROWS; i++) { top = max(top, z[i][c]); }
	return top;
}

fn write_parts(group: vec3u, quad: u32, s: Softmax) {
	let stride = own_stride();
	let at = group.z * (sizes.parts_run / 4u) + group.y * 2u * sizes.own_quads + quad;
	for (var c = 0u; c < QUADS; c++) {
		if ((quad < stride) & (quad + c * stride < sizes.own_quads)) {
			parts[at + c * stride] = s.reference[c];
			parts[at + c * stride + sizes.own_quads] = s.sum[c];
		}
	}
}

// own: x. other: w. group.y is the split of the vocabulary.
@compute @workgroup_size(LANES)
fn forward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let id = group.x * LANES + lane;
	let member = subgroup_member();
	let quad = min(id, own_stride() - 1u);
	var s = new_softmax();
	let end = min((group.y + 1u) * sizes.part, sizes.others);
	for (var column = group.y * sizes.part; column < end; column += ROWS) {
		var z = products(group.z, quad, column, member);
		if (column + ROWS > end) { z = masked(z, column, end); }
		for (var c = 0u; c < QUADS; c++) {
			let top = largest(z, c);
			let next = select(s.reference[c], top, top > s.reference[c] + SLACK);
			s.sum[c] *= exp(s.reference[c] - next);
			s.reference[c] = next;
			for (var i = 0u; i < ROWS; i++) { s.sum[c] += exp(z[i][c] - next); }
		}
	}
	write_parts(group, id, s);
}

// own: x. other: w. group.y is the split of the vocabulary.
@compute @workgroup_size(LANES)
fn forward_backward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let id = group.x * LANES + lane;
	let member = subgroup_member();
	let stride = own_stride();
	let quad = min(id, stride - 1u);
	let scratch_first = scratch_at(group, id);
	let dx_first = group.z * (sizes.dx_parts_run / 4u) + group.y * sizes.width * sizes.own_quads + quad;
	var s = new_softmax();
	var sum = Tile();
	let begin = group.y * sizes.part;
	let end = min(begin + sizes.part, sizes.others);
	for (var first = begin; first < end; first += sizes.chunk) {
		for (var c = 0u; c < QUADS; c++) { s.rescale[c] = vec4f(1.0); }
		let chunk_end = min(first + sizes.chunk, end);
		for (var column = first; column < chunk_end; column += ROWS) {
			var z = products(group.z, quad, column, member);
			if (column + ROWS > end) { z = masked(z, column, end); }
			let at = scratch_first + (column - first) * (QUADS * LANES);
			for (var c = 0u; c < QUADS; c++) {
				let top = largest(z, c);
				if (any(top > s.reference[c] + SLACK)) {
					let next = select(s.reference[c], top, top > s.reference[c] + SLACK);
					let factor = exp(s.reference[c] - next);
					s.reference[c] = next;
					s.sum[c] *= factor;
					s.rescale[c] *= factor;
					for (var i = scratch_first + c * LANES; i < at; i += QUADS * LANES) { scratch[i] *= factor; }
				}
				for (var i = 0u; i < ROWS; i++) {
					let p = exp(z[i][c] - s.reference[c]);
					s.sum[c] += p;
					scratch[at + (i * QUADS + c) * LANES] = p;
				}
			}
		}
		for (var k = 0u; k < sizes.width; k += ROWS) {
			if (!HELD) { sum = Tile(); }
			if (first > begin) {
				for (var i = 0u; i < ROWS; i++) {
					for (var c = 0u; c < QUADS; c++) {
						if (!HELD) { sum[i][c] = dx_parts[dx_first + min(k + i, sizes.width - 1u) * sizes.own_quads + c * stride]; }
						sum[i][c] *= s.rescale[c];
					}
				}
			}
			sum = combined(sum, group.z, k, first, scratch_first, chunk_end - first, member);
			if (!HELD || chunk_end == end) {
				for (var i = 0u; i < ROWS; i++) {
					for (var c = 0u; c < QUADS; c++) {
						if ((k + i < sizes.width) & (id < stride) & (quad + c * stride < sizes.own_quads)) {
							dx_parts[dx_first + (k + i) * sizes.own_quads + c * stride] = sum[i][c];
						}
					}
				}
			}
		}
	}
	write_parts(group, id, s);
}

fn target_of(run: u32, token: u32) -> u32 {
	return ids[run * sizes.ids_run + token + token / sizes.context + 1u];
}

// own: w. other: x. group.y is the range of the tokens.
fn gradient_of_weight(group: vec3u, id: u32) {
	let member = subgroup_member();
	let stride = own_stride();
	let quad = min(id, stride - 1u);
	let scratch_first = scratch_at(group, id);
	let dw_first = group.z * (sizes.dw_run / 4u) + group.y * sizes.width * sizes.own_quads + quad;
	let lse_first = group.z * (sizes.lse_run / 4u);
	let factor = sizes.scale * sizes.multiplier;
	var sum = Tile();
	let begin = group.y * sizes.part;
	let end = min(begin + sizes.part, sizes.others);
	for (var first = begin; first < end; first += sizes.chunk) {
		let chunk_end = min(first + sizes.chunk, end);
		for (var token = first; token < chunk_end; token += ROWS) {
			let z = products(group.z, quad, token, member);
			let at = scratch_first + (token - first) * (QUADS * LANES);
			for (var q = 0u; q < ROW_QUADS; q++) {
				let lses = lse[lse_first + token / 4u + q];
				for (var i = 0u; i < FOUR; i++) {
					// Padding has a target outside the vocabulary, and its gradient is 0.
					let is_token = token + q * FOUR + i < end;
					var target_id = sizes.vocabulary;
					if (is_token) { target_id = target_of(group.z, token + q * FOUR + i); }
					for (var c = 0u; c < QUADS; c++) {
						let own_ids = vec4u(0u, 1u, 2u, 3u) + 4u * (quad + c * stride);
						let share = exp(z[q * FOUR + i][c] - lses[i]) - select(vec4f(), vec4f(1.0), own_ids == vec4u(target_id));
						let used = (own_ids < vec4u(sizes.vocabulary)) & vec4<bool>(is_token);
						scratch[at + ((q * FOUR + i) * QUADS + c) * LANES] = select(vec4f(), factor * share, used);
					}
				}
			}
		}
		for (var k = 0u; k < sizes.width; k += ROWS) {
			if (!HELD || first == begin) {
				sum = Tile();
				if (first > begin || sizes.accumulate != 0u) {
					for (var i = 0u; i < ROWS; i++) {
						for (var c = 0u; c < QUADS; c++) {
							sum[i][c] = dw[dw_first + min(k + i, sizes.width - 1u) * sizes.own_quads + c * stride];
						}
					}
				}
			}
			sum = combined(sum, group.z, k, first, scratch_first, chunk_end - first, member);
			if (!HELD || chunk_end == end) {
				for (var i = 0u; i < ROWS; i++) {
					for (var c = 0u; c < QUADS; c++) {
						if ((k + i < sizes.width) & (id < stride) & (quad + c * stride < sizes.own_quads)) {
							dw[dw_first + (k + i) * sizes.own_quads + c * stride] = sum[i][c];
						}
					}
				}
			}
		}
	}
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

fn add_loss(run: u32, sum: f32) {
	let e = run * sizes.loss_run;
	loss[e] = select(0.0, loss[e], sizes.accumulate != 0u) + sizes.scale * sum;
}

// One invocation more than the vocabulary has columns to own.
@compute @workgroup_size(LANES)
fn backward_weight(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let id = group.x * LANES + lane;
	if (group.x * LANES < own_stride()) { gradient_of_weight(group, id); }
	if (id == own_stride() && group.y == 0u) { sum_token_losses(group.z); }
}

// Of four tokens: the largest reference, and Σ_v exp(z[v] − it).
struct Sums { largest: vec4f, sum: vec4f }

fn sum_of_parts(run: u32, quad: u32) -> Sums {
	var at = run * (sizes.all_parts_run / 4u) + quad;
	var largest = vec4f(NEVER);
	var sum = vec4f();
	for (var split = 0u; split < sizes.splits; split++) {
		let reference = all_parts[at];
		let top = max(largest, reference);
		sum = sum * exp(largest - top) + all_parts[at + sizes.own_quads] * exp(reference - top);
		largest = top;
		at += 2u * sizes.own_quads;
	}
	return Sums(largest, sum);
}

// Which of four tokens are not padding.
fn is_token(quad: u32) -> vec4<bool> { return 4u * quad + vec4u(0u, 1u, 2u, 3u) < vec4u(sizes.tokens); }

// The targets of four tokens; 0 for padding.
fn targets_of(run: u32, quad: u32) -> vec4u {
	var targets = vec4u();
	for (var i = 0u; i < FOUR; i++) {
		if (4u * quad + i < sizes.tokens) { targets[i] = target_of(run, 4u * quad + i); }
	}
	return targets;
}

// Feature k of four vocabulary entries.
fn weights_of(run: u32, k: u32, token_ids: vec4u) -> vec4f {
	let at = run * sizes.w_run + k * 4u * sizes.other_quads + token_ids;
	return vec4f(w[at.x], w[at.y], w[at.z], w[at.w]);
}

fn losses_of(run: u32, quad: u32, softmax: Sums) -> vec4f {
	let targets = targets_of(run, quad);
	var z = vec4f();
	for (var k = 0u; k < sizes.width; k++) {
		z = fma(x[run * (sizes.x_run / 4u) + k * sizes.own_quads + quad], weights_of(run, k, targets), z);
	}
	return select(vec4f(), softmax.largest + log(softmax.sum) - z * sizes.multiplier, is_token(quad));
}

var<workgroup> lane_loss: array<f32, COMBINE_LANES>;

// One workgroup for each run.
@compute @workgroup_size(COMBINE_LANES)
fn sum_loss(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	var total = vec4f();
	for (var quad = lane; quad < sizes.own_quads; quad += COMBINE_LANES) {
		total += losses_of(group.z, quad, sum_of_parts(group.z, quad));
	}
	lane_loss[lane] = (total.x + total.y) + (total.z + total.w);
	for (var half = COMBINE_LANES / 2u; half > 0u; half /= 2u) {
		workgroupBarrier();
		if (lane < half) { lane_loss[lane] += lane_loss[lane + half]; }
	}
	if (lane == 0u) { add_loss(group.z, lane_loss[0]); }
}

// Four tokens for each invocation, and FEATURES features.
fn combine_quad(run: u32, quad: u32, first: u32) {
	if (quad >= sizes.own_quads) { return; }
	let softmax = sum_of_parts(run, quad);
	var sum: array<vec4f, FEATURES>;
	for (var split = 0u; split < sizes.splits; split++) {
		let reference = all_parts[run * (sizes.all_parts_run / 4u) + 2u * split * sizes.own_quads + quad];
		let share = exp(reference - softmax.largest) / softmax.sum;
		let at = run * (sizes.all_dx_parts_run / 4u) + split * sizes.width * sizes.own_quads + quad;
		for (var i = 0u; i < FEATURES; i++) {
			sum[i] = fma(share, all_dx_parts[at + min(first + i, sizes.width - 1u) * sizes.own_quads], sum[i]);
		}
	}
	let targets = targets_of(run, quad);
	for (var i = 0u; i < FEATURES; i++) {
		if (first + i < sizes.width) {
			let value = sizes.scale * sizes.multiplier * (sum[i] - weights_of(run, first + i, targets));
			dx[run * (sizes.dx_run / 4u) + (first + i) * sizes.own_quads + quad] = select(vec4f(), value, is_token(quad));
		}
	}
	if (first == 0u) {
		let at = run * (sizes.token_lse_run / 4u) + quad;
		token_lse[at] = softmax.largest + log(softmax.sum);
		token_lse[at + sizes.own_quads] = losses_of(run, quad, softmax);
	}
}

@compute @workgroup_size(COMBINE_LANES)
fn combine(@builtin(workgroup_id) group: vec3u, @builtin(global_invocation_id) id: vec3u) {
	combine_quad(group.z, id.x, group.y * FEATURES);
}

// The same, and `cleared`, of w's shape, becomes 0.
@compute @workgroup_size(COMBINE_LANES)
fn combine_and_clear(
	@builtin(workgroup_id) group: vec3u,
	@builtin(num_workgroups) groups: vec3u,
	@builtin(global_invocation_id) id: vec3u,
) {
	let across = groups.x * COMBINE_LANES;
	for (var e = group.y * across + id.x; e < sizes.width * sizes.other_quads; e += groups.y * across) {
		cleared[group.z * (sizes.cleared_run / 4u) + e] = vec4f();
	}
	combine_quad(group.z, id.x, group.y * FEATURES);
}
