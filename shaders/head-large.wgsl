// The large kernels of head.wgsl by the tiles of tiles.wgsl: a workgroup owns COLUMN_QUADS quads of columns, and goes through the
// columns of `other` ROW_QUADS quads at a time. The invocations that own the same columns, ROW_QUADS / 2 of them, agree on the
// reference of their exponentials through workgroup memory. A workgroup's scratch memory has the exponentials as [columns of
// `other`, own columns]; all of its invocations read them, hence the storage barriers. Sums are never kept from chunk to chunk
// (HELD): beside a tile of products that would be 128 of them, which no longer fit into the registers of some GPUs.

const SLACK = 16.0;
alias Pair = array<vec4f, PAIR>;

// An invocation's quad of columns j, and its address in a row of `own`; past the end that of the last.
fn own_quad(group: vec3u, place: Place, j: u32) -> u32 { return group.x * COLUMN_QUADS + quad_in(place, COLUMN_QUADS, j); }
fn own_at(group: vec3u, place: Place, j: u32) -> u32 { return min(own_quad(group, place, j), sizes.own_quads - 1u); }

// z[column + r, own columns] for ROW_QUADS quads of columns of `other`; values past the end of either are meaningless.
fn products(group: vec3u, column: u32, lane: u32) -> Sums {
	let place = place_in(lane, ROW_QUADS, COLUMN_QUADS);
	let own_first = group.z * (sizes.own_run / 4u) + min(group.x * COLUMN_QUADS + lane % COLUMN_QUADS, sizes.own_quads - 1u);
	let other_quad = min(column / 4u + lane % ROW_QUADS, sizes.other_quads - 1u);
	let other_first = group.z * (sizes.other_run / 4u) + other_quad;
	var sums = Sums();
	var half = 0u;
	for (var first = 0u; ; first += DEPTH) {
		var a: array<vec4f, ROW_LOADS>;
		for (var l = 0u; l < ROW_LOADS; l++) {
			let k = first + (lane + l * WORKGROUP) / ROW_QUADS;
			let value = other[other_first + min(k, sizes.width - 1u) * sizes.other_quads];
			a[l] = select(vec4f(), value, k < sizes.width);
		}
		var b: array<vec4f, COLUMN_LOADS>;
		for (var l = 0u; l < COLUMN_LOADS; l++) {
			let k = min(first + (lane + l * WORKGROUP) / COLUMN_QUADS, sizes.width - 1u);
			b[l] = own[own_first + k * sizes.own_quads];
		}
		if (first > 0u) { add_slice(&sums, place, ROW_QUADS, COLUMN_QUADS, half); }
		if (first >= sizes.width) { break; }
		half = next_half(half);
		for (var l = 0u; l < ROW_LOADS; l++) { row_tile[half * ROW_MEMORY + lane + l * WORKGROUP] = a[l]; }
		for (var l = 0u; l < COLUMN_LOADS; l++) { column_tile[half * COLUMN_MEMORY + lane + l * WORKGROUP] = b[l]; }
		workgroupBarrier();
	}
	for (var i = 0u; i < SUM_ROWS; i++) { for (var j = 0u; j < PAIR; j++) { sums[i][j] *= sizes.multiplier; } }
	return sums;
}

// Adds Σ_n other[k + r, column + n] scratch[n] over `count` rows of the scratch memory, 0 from there to a multiple of DEPTH.
fn add_combined(sums: ptr<function, Sums>, group: vec3u, k: u32, column: u32, count: u32, lane: u32) {
	let place = place_in(lane, ROW_QUADS, COLUMN_QUADS);
	let row_quad = lane % ROW_QUADS;
	let term = lane / ROW_QUADS;
	let scratch_first = stripe_at(group) + lane;
	var half = 0u;
	for (var first = 0u; ; first += DEPTH) {
		var a = Quads();
		if (term < DEPTH / 4u) {
			let quad = min((column + first) / 4u + term, sizes.other_quads - 1u);
			for (var i = 0u; i < FOUR; i++) {
				let row = min(k + 4u * row_quad + i, sizes.width - 1u);
				a[i] = other[group.z * (sizes.other_run / 4u) + row * sizes.other_quads + quad];
			}
		}
		var b: array<vec4f, COLUMN_LOADS>;
		if (first < count) {
			for (var l = 0u; l < COLUMN_LOADS; l++) { b[l] = scratch[scratch_first + first * COLUMN_QUADS + l * WORKGROUP]; }
		}
		if (first > 0u) { add_slice(sums, place, ROW_QUADS, COLUMN_QUADS, half); }
		if (first >= count) { break; }
		half = next_half(half);
		if (term < DEPTH / 4u) {
			for (var c = 0u; c < FOUR; c++) { row_tile[half * ROW_MEMORY + (4u * term + c) * ROW_QUADS + row_quad] = turned(a, c); }
		}
		for (var l = 0u; l < COLUMN_LOADS; l++) { column_tile[half * COLUMN_MEMORY + lane + l * WORKGROUP] = b[l]; }
		workgroupBarrier();
	}
}

// The first row of a workgroup's scratch memory.
fn stripe_at(group: vec3u) -> u32 {
	let stripe = group.y * ((sizes.own_quads + COLUMN_QUADS - 1u) / COLUMN_QUADS) + group.x;
	return group.z * (sizes.scratch_run / 4u) + stripe * sizes.chunk * COLUMN_QUADS;
}

// Puts a value for an invocation's columns into workgroup memory, where the others that own them find it.
fn share(place: Place, value: Pair) {
	workgroupBarrier();
	for (var j = 0u; j < PAIR; j++) { column_tile[place.row * COLUMN_QUADS + quad_in(place, COLUMN_QUADS, j)] = value[j]; }
	workgroupBarrier();
}

fn shared_by(row: u32, place: Place, j: u32) -> vec4f { return column_tile[row * COLUMN_QUADS + quad_in(place, COLUMN_QUADS, j)]; }

// The largest z of each of an invocation's columns in the tile; of those past `end`, NEVER is kept instead.
fn mask_and_find_tops(z: ptr<function, Sums>, place: Place, column: u32, end: u32) -> Pair {
	var top = Pair(vec4f(NEVER), vec4f(NEVER));
	for (var i = 0u; i < SUM_ROWS; i++) {
		for (var j = 0u; j < PAIR; j++) {
			(*z)[i][j] = select((*z)[i][j], vec4f(NEVER), column + row_in(place, ROW_QUADS, i) >= end);
			top[j] = max(top[j], (*z)[i][j]);
		}
	}
	share(place, top);
	for (var row = 0u; row < ROW_QUADS / 2u; row += 1u) {
		for (var j = 0u; j < PAIR; j++) { top[j] = max(top[j], shared_by(row, place, j)); }
	}
	return top;
}

fn write_parts(group: vec3u, place: Place, reference: Pair, sum: Pair) {
	share(place, sum);
	if (place.row > 0u) { return; }
	let at = group.z * (sizes.parts_run / 4u) + group.y * 2u * sizes.own_quads;
	for (var j = 0u; j < PAIR; j++) {
		var total = vec4f();
		for (var row = 0u; row < ROW_QUADS / 2u; row += 1u) { total += shared_by(row, place, j); }
		if (own_quad(group, place, j) < sizes.own_quads) {
			parts[at + own_quad(group, place, j)] = reference[j];
			parts[at + own_quad(group, place, j) + sizes.own_quads] = total;
		}
	}
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let place = place_in(lane, ROW_QUADS, COLUMN_QUADS);
	var reference = Pair(vec4f(NEVER), vec4f(NEVER));
	var sum = Pair();
	let end = min((group.y + 1u) * sizes.part, sizes.others);
	for (var column = group.y * sizes.part; column < end; column += 4u * ROW_QUADS) {
		var z = products(group, column, lane);
		let top = mask_and_find_tops(&z, place, column, end);
		for (var j = 0u; j < PAIR; j++) {
			let next = select(reference[j], top[j], top[j] > reference[j] + SLACK);
			sum[j] *= exp(reference[j] - next);
			reference[j] = next;
			for (var i = 0u; i < SUM_ROWS; i++) { sum[j] += exp(z[i][j] - next); }
		}
	}
	write_parts(group, place, reference, sum);
}

@compute @workgroup_size(WORKGROUP)
fn forward_backward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let place = place_in(lane, ROW_QUADS, COLUMN_QUADS);
	let scratch_first = stripe_at(group) + 4u * place.row * COLUMN_QUADS;
	let dx_first = group.z * (sizes.dx_parts_run / 4u) + group.y * sizes.width * sizes.own_quads;
	var reference = Pair(vec4f(NEVER), vec4f(NEVER));
	var sum = Pair();
	let begin = group.y * sizes.part;
	let end = min(begin + sizes.part, sizes.others);
	for (var first = begin; first < end; first += sizes.chunk) {
		var rescale = Pair(vec4f(1.0), vec4f(1.0));
		let chunk_end = min(first + sizes.chunk, end);
		for (var column = first; column < chunk_end; column += 4u * ROW_QUADS) {
			var z = products(group, column, lane);
			let top = mask_and_find_tops(&z, place, column, end);
			for (var j = 0u; j < PAIR; j++) {
				let at = scratch_first + quad_in(place, COLUMN_QUADS, j);
				if (any(top[j] > reference[j] + SLACK)) {
					let next = select(reference[j], top[j], top[j] > reference[j] + SLACK);
					let factor = exp(reference[j] - next);
					reference[j] = next;
					sum[j] *= factor;
					rescale[j] *= factor;
					// An invocation has written four rows of each half tile.
					for (var row = 0u; row < column - first; row += 2u * ROW_QUADS) {
						for (var i = 0u; i < 4u; i += 1u) { scratch[at + (row + i) * COLUMN_QUADS] *= factor; }
					}
				}
				for (var i = 0u; i < SUM_ROWS; i++) {
					let p = exp(z[i][j] - reference[j]);
					sum[j] += p;
					scratch[at + (column - first + row_in(Place(), ROW_QUADS, i)) * COLUMN_QUADS] = p;
				}
			}
		}
		storageBarrier();
		for (var k = 0u; k < sizes.width; k += 4u * ROW_QUADS) {
			var sums = Sums();
			if (first > begin) {
				for (var i = 0u; i < SUM_ROWS; i++) {
					let row = min(k + row_in(place, ROW_QUADS, i), sizes.width - 1u);
					for (var j = 0u; j < PAIR; j++) {
						sums[i][j] = rescale[j] * dx_parts[dx_first + row * sizes.own_quads + own_at(group, place, j)];
					}
				}
			}
			add_combined(&sums, group, k, first, chunk_end - first, lane);
			for (var i = 0u; i < SUM_ROWS; i++) {
				let row = k + row_in(place, ROW_QUADS, i);
				for (var j = 0u; j < PAIR; j++) {
					if ((row < sizes.width) & (own_quad(group, place, j) < sizes.own_quads)) {
						dx_parts[dx_first + row * sizes.own_quads + own_quad(group, place, j)] = sums[i][j];
					}
				}
			}
		}
		storageBarrier();
	}
	write_parts(group, place, reference, sum);
}

fn gradient_of_weight(group: vec3u, lane: u32) {
	let place = place_in(lane, ROW_QUADS, COLUMN_QUADS);
	let scratch_first = stripe_at(group);
	let dw_first = group.z * (sizes.dw_run / 4u) + group.y * sizes.width * sizes.own_quads;
	let lse_first = group.z * (sizes.lse_run / 4u);
	let factor = sizes.scale * sizes.multiplier;
	let begin = group.y * sizes.part;
	let end = min(begin + sizes.part, sizes.others);
	for (var first = begin; first < end; first += sizes.chunk) {
		let chunk_end = min(first + sizes.chunk, end);
		for (var column = first; column < chunk_end; column += 4u * ROW_QUADS) {
			let z = products(group, column, lane);
			for (var i = 0u; i < SUM_ROWS; i++) {
				let row = row_in(place, ROW_QUADS, i);
				// Padding has a target outside the vocabulary, and its gradient is 0.
				let is_token = column + row < end;
				let token = min(column + row, end - 1u);
				let lse_of_token = lse[lse_first + token / 4u][token % 4u];
				let target_id = select(sizes.vocabulary, target_of(group.z, token), is_token);
				for (var j = 0u; j < PAIR; j++) {
					let own_ids = vec4u(0u, 1u, 2u, 3u) + 4u * own_quad(group, place, j);
					let error = exp(z[i][j] - lse_of_token) - select(vec4f(), vec4f(1.0), own_ids == vec4u(target_id));
					let used = (own_ids < vec4u(sizes.vocabulary)) & vec4<bool>(is_token);
					let at = (column - first + row) * COLUMN_QUADS + quad_in(place, COLUMN_QUADS, j);
					scratch[scratch_first + at] = select(vec4f(), factor * error, used);
				}
			}
		}
		storageBarrier();
		for (var k = 0u; k < sizes.width; k += 4u * ROW_QUADS) {
			var sums = Sums();
			if (first > begin || sizes.accumulate != 0u) {
				for (var i = 0u; i < SUM_ROWS; i++) {
					let row = min(k + row_in(place, ROW_QUADS, i), sizes.width - 1u);
					for (var j = 0u; j < PAIR; j++) { sums[i][j] = dw[dw_first + row * sizes.own_quads + own_at(group, place, j)]; }
				}
			}
			add_combined(&sums, group, k, first, chunk_end - first, lane);
			for (var i = 0u; i < SUM_ROWS; i++) {
				let row = k + row_in(place, ROW_QUADS, i);
				for (var j = 0u; j < PAIR; j++) {
					if ((row < sizes.width) & (own_quad(group, place, j) < sizes.own_quads)) {
						dw[dw_first + row * sizes.own_quads + own_quad(group, place, j)] = sums[i][j];
					}
				}
			}
		}
		storageBarrier();
	}
}

// As many workgroups as own one quad more than the vocabulary has.
@compute @workgroup_size(WORKGROUP)
fn backward_weight(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	if (group.x * COLUMN_QUADS < sizes.own_quads) { gradient_of_weight(group, lane); }
	if ((lane < COLUMN_QUADS) & (group.x * COLUMN_QUADS + lane == sizes.own_quads) & (group.y == 0u)) { sum_token_losses(group.z); }
}
