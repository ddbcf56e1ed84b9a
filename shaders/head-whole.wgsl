// `forward_backward` and `combine` of head.wgsl in one, for a vocabulary that is not split: `own` is x, `other` and `other_entries`
// are w, dx_parts is dx.

fn forward_backward_combine(group: vec3u, id: u32) {
	let s = softmax_and_mean(group, id);
	for (var c = 0u; c < QUADS; c++) {
		let quad = id + c * own_stride();
		if ((id < own_stride()) & (quad < sizes.own_quads)) {
			let targets = targets_of(group.z, quad);
			let share = 1.0 / s.sum[c];
			var z = vec4f();
			for (var k = 0u; k < sizes.width; k++) {
				let weights = weights_of(group.z, k, targets);
				z = fma(input_of(group.z, quad, k), weights, z);
				let at = group.z * (sizes.dx_parts_run / 4u) + k * sizes.own_quads + quad;
				dx_parts[at] = gradient_of_input(quad, weights, share * dx_parts[at]);
			}
			write_losses(group.z, quad, Sums(s.reference[c], s.sum[c]), z);
		}
	}
}

@compute @workgroup_size(LANES)
fn whole(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	forward_backward_combine(group, group.x * LANES + lane);
}

// The same, and `cleared`, of w's shape, becomes 0.
@compute @workgroup_size(LANES)
fn whole_and_clear(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let id = group.x * LANES + lane;
	let across = (own_stride() + LANES - 1u) / LANES * LANES;
	for (var e = id; e < sizes.width * sizes.other_quads; e += across) {
		cleared[group.z * (sizes.cleared_run / 4u) + e] = vec4f();
	}
	forward_backward_combine(group, id);
}
