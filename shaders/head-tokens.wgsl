// The kernels of head.wgsl whose invocations own tokens: `own` is x, `other` is w, group.y is the split of the vocabulary.
// The reference of a token's exponentials follows the largest z lazily: it moves only when a z exceeds it by more than SLACK,
// which is rare, so that tiles of exponentials hardly ever need rescaling.

const SLACK = 16.0;

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

// Goes through a split of the vocabulary; leaves dx_parts.
fn softmax_and_mean(group: vec3u, id: u32) -> Softmax {
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
	return s;
}

@compute @workgroup_size(LANES)
fn forward_backward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let id = group.x * LANES + lane;
	write_parts(group, id, softmax_and_mean(group, id));
}
