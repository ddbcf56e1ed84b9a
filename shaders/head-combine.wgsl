// The small kernels of head.wgsl, which put the splits of the vocabulary together: `own` is x, `other_entries` is w. Neither needs
// the large kernels' products.

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

var<workgroup> lane_loss: array<f32, COMBINE_LANES>;

// One workgroup for each run.
@compute @workgroup_size(COMBINE_LANES)
fn sum_loss(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	var total = vec4f();
	for (var quad = lane; quad < sizes.own_quads; quad += COMBINE_LANES) {
		let z = target_products(group.z, quad, targets_of(group.z, quad));
		total += losses_of(quad, sum_of_parts(group.z, quad), z);
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
			let at = run * (sizes.dx_run / 4u) + (first + i) * sizes.own_quads + quad;
			dx[at] = gradient_of_input(quad, weights_of(run, first + i, targets), sum[i]);
		}
	}
	if (first == 0u) { write_losses(run, quad, softmax, target_products(run, quad, targets)); }
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
