// What the kernels of head.wgsl make of a softmax over the whole vocabulary, for four tokens: `own` is x, `other_entries` is w.

// Of four tokens: the largest reference, and Σ_v exp(z[v] − it).
struct Sums { largest: vec4f, sum: vec4f }

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

// Feature k of four tokens, and of four vocabulary entries.
fn input_of(run: u32, quad: u32, k: u32) -> vec4f { return own[run * (sizes.own_run / 4u) + k * sizes.own_quads + quad]; }

fn weights_of(run: u32, k: u32, token_ids: vec4u) -> vec4f {
	let at = run * sizes.other_entries_run + k * 4u * sizes.other_quads + token_ids;
	return vec4f(other_entries[at.x], other_entries[at.y], other_entries[at.z], other_entries[at.w]);
}

// z of the targets, without the multiplier.
fn target_products(run: u32, quad: u32, targets: vec4u) -> vec4f {
	var z = vec4f();
	for (var k = 0u; k < sizes.width; k++) { z = fma(input_of(run, quad, k), weights_of(run, k, targets), z); }
	return z;
}

fn losses_of(quad: u32, softmax: Sums, z: vec4f) -> vec4f {
	return select(vec4f(), softmax.largest + log(softmax.sum) - z * sizes.multiplier, is_token(quad));
}

fn write_losses(run: u32, quad: u32, softmax: Sums, z: vec4f) {
	let at = run * (sizes.token_lse_run / 4u) + quad;
	token_lse[at] = softmax.largest + log(softmax.sum);
	token_lse[at + sizes.own_quads] = losses_of(quad, softmax, z);
}

// A feature of dx, from those of the targets' w and of the mean of w under the softmax; 0 in the padding.
fn gradient_of_input(quad: u32, weights: vec4f, mean: vec4f) -> vec4f {
	return select(vec4f(), sizes.scale * sizes.multiplier * (mean - weights), is_token(quad));
}
