// The kernel of head.wgsl whose invocations own vocabulary entries: `own` is w, `other` is x, group.y is the range of the
// tokens.

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

// One invocation more than the vocabulary has columns to own.
@compute @workgroup_size(LANES)
fn backward_weight(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let id = group.x * LANES + lane;
	if (group.x * LANES < own_stride()) { gradient_of_weight(group, id); }
	if (id == own_stride() && group.y == 0u) { sum_token_losses(group.z); }
}
