// The small kernels of head.wgsl, which put the splits of the vocabulary together. Neither needs the large kernels' products.

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
