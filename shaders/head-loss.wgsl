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

// Feature k of four vocabulary entries.
fn weights_of(run: u32, k: u32, token_ids: vec4u) -> vec4f {
	let at = run * sizes.other_entries_run + k * 4u * sizes.other_quads + token_ids;
	return vec4f(other_entries[at.x], other_entries[at.y], other_entries[at.z], other_entries[at.w]);
}

fn losses_of(run: u32, quad: u32, softmax: Sums) -> vec4f {
	let targets = targets_of(run, quad);
	var z = vec4f();
	for (var k = 0u; k < sizes.width; k++) {
		z = fma(own[run * (sizes.own_run / 4u) + k * sizes.own_quads + quad], weights_of(run, k, targets), z);
	}
	return select(vec4f(), softmax.largest + log(softmax.sum) - z * sizes.multiplier, is_token(quad));
}

fn write_losses(run: u32, quad: u32, softmax: Sums) {
	let at = run * (sizes.token_lse_run / 4u) + quad;
	token_lse[at] = softmax.largest + log(softmax.sum);
	token_lse[at + sizes.own_quads] = losses_of(run, quad, softmax);
}

// Feature k of dx, from the mean of w under the softmax; 0 in the padding.
fn gradient_of_input(run: u32, quad: u32, k: u32, targets: vec4u, mean: vec4f) -> vec4f {
	let value = sizes.scale * sizes.multiplier * (mean - weights_of(run, k, targets));
	return select(vec4f(), value, is_token(quad));
}
