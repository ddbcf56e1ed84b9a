// linear.wgsl by the tiles of tiles.wgsl. y and dx have tiles of ROW_QUADS × COLUMN_QUADS quads, features by tokens; dw of
// DW_ROW_QUADS × DW_COLUMN_QUADS, inputs by outputs. An invocation reads ROW_LOADS quads of weights and COLUMN_LOADS of x or dy for a
// slice, or, where the terms lie along memory, 4 × 4 entries that it turns. Past the end the last entry is read instead, as 0
// where it would get into a sum, and nothing is written. No barrier is inside a branch that invocations of a workgroup take
// differently.

const KEEPERS = WORKGROUP / COLUMN_QUADS;

// Weights n … n + 3 of input k; 0 past the last output.
fn weights_at(run: u32, k: u32, n: u32) -> vec4f {
	let at = run * sizes.w_run + min(k, sizes.inputs - 1u) * sizes.outputs + n;
	return select(vec4f(), read_weights(at, sizes.outputs - min(n, sizes.outputs)), n < sizes.outputs);
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let run = group.z;
	let row = group.y * BLOCK;
	let columns = sizes.tokens / 4u;
	let place = place_in(lane, ROW_QUADS, COLUMN_QUADS);
	let own_quad = group.x * COLUMN_QUADS + lane % COLUMN_QUADS;
	let x_at = run * (sizes.x_run / 4u) + min(own_quad, columns - 1u);
	let moments = prepare(run, row + lane / COLUMN_QUADS, own_quad, 0u)[0];
	var sums = Sums();
	var half = 0u;
	for (var first = 0u; ; first += DEPTH) {
		let a = forward_weights(run, row, first, lane);
		let b = inputs_from(x_at, first, lane);
		if (first > 0u) { add_slice(&sums, place, ROW_QUADS, COLUMN_QUADS, half); }
		if (first >= sizes.inputs) { break; }
		half = next_half(half);
		if (lane < DEPTH * ROW_QUADS) {
			for (var l = 0u; l < ROW_LOADS; l++) { row_tile[half * ROW_MEMORY + lane + l * WORKGROUP] = a[l]; }
		}
		for (var l = 0u; l < COLUMN_LOADS; l++) {
			let k = min(first + (lane + l * WORKGROUP) / COLUMN_QUADS, sizes.inputs - 1u);
			column_tile[half * COLUMN_MEMORY + lane + l * WORKGROUP] = input_of(b[l], moments, gain_of(run, k));
		}
		workgroupBarrier();
	}
	add_shares(&sums, lane, ROW_QUADS, COLUMN_QUADS);
	if (place.share > 0u) { return; }
	for (var i = 0u; i < SUM_ROWS; i++) {
		for (var j = 0u; j < PAIR; j++) {
			let column = group.x * COLUMN_QUADS + quad_in(place, COLUMN_QUADS, j);
			put_y(run, row + row_in(place, ROW_QUADS, i), column, sums[i][j]);
		}
	}
}

fn forward_weights(run: u32, row: u32, first: u32, lane: u32) -> Quads {
	var a = Quads();
	if (lane < DEPTH * ROW_QUADS) {
		for (var l = 0u; l < ROW_LOADS; l++) {
			let e = lane + l * WORKGROUP;
			let k = first + e / ROW_QUADS;
			a[l] = select(vec4f(), weights_at(run, k, row + 4u * (e % ROW_QUADS)), k < sizes.inputs);
		}
	}
	return a;
}

fn inputs_from(x_at: u32, first: u32, lane: u32) -> Quads {
	var b = Quads();
	for (var l = 0u; l < COLUMN_LOADS; l++) {
		let k = min(first + (lane + l * WORKGROUP) / COLUMN_QUADS, sizes.inputs - 1u);
		b[l] = vec4f(x[x_at + k * (sizes.tokens / 4u)]);
	}
	return b;
}

// Workgroups of one row of the grid own BLOCK inputs: the first compute dx of tokens, the others dw of outputs.
@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let first = select(0u, (sizes.tokens / 4u + COLUMN_QUADS - 1u) / COLUMN_QUADS, INPUT_GRADIENT);
	if (group.x < first) {
		backward_input(group.z, group.y * BLOCK, group.x * COLUMN_QUADS, lane);
	} else {
		let tile = group.x - first;
		let parts = ROW_QUADS / DW_ROW_QUADS;
		backward_weight(group.z, group.y * BLOCK + tile % parts * 4u * DW_ROW_QUADS, tile / parts, lane);
	}
}

fn backward_input(run: u32, row: u32, column: u32, lane: u32) {
	let columns = sizes.tokens / 4u;
	let place = place_in(lane, ROW_QUADS, COLUMN_QUADS);
	let dy_at = run * (sizes.dy_run / 4u) + min(column + lane % COLUMN_QUADS, columns - 1u);
	let row_quad = lane % ROW_QUADS;
	let term = lane / ROW_QUADS * 4u;
	var sums = Sums();
	var half = 0u;
	for (var first = 0u; ; first += DEPTH) {
		let a = backward_weights(run, row + 4u * row_quad, first + term);
		let b = gradients_from(dy_at, first, lane);
		if (first > 0u) { add_slice(&sums, place, ROW_QUADS, COLUMN_QUADS, half); }
		if (first >= sizes.outputs) { break; }
		half = next_half(half);
		if (term < DEPTH) {
			for (var c = 0u; c < FOUR; c++) { row_tile[half * ROW_MEMORY + (term + c) * ROW_QUADS + row_quad] = turned(a, c); }
		}
		for (var l = 0u; l < COLUMN_LOADS; l++) { column_tile[half * COLUMN_MEMORY + lane + l * WORKGROUP] = b[l]; }
		workgroupBarrier();
	}
	add_shares(&sums, lane, ROW_QUADS, COLUMN_QUADS);
	if (place.share > 0u) { return; }
	for (var i = 0u; i < SUM_ROWS; i++) {
		for (var j = 0u; j < PAIR; j++) {
			put_dx(run, row + row_in(place, ROW_QUADS, i), column + quad_in(place, COLUMN_QUADS, j), sums[i][j]);
		}
	}
}

// Weights n … n + 3 of four inputs.
fn backward_weights(run: u32, k: u32, n: u32) -> Quads {
	var a = Quads();
	for (var i = 0u; i < FOUR; i++) { a[i] = weights_at(run, k + i, n); }
	return a;
}

fn gradients_from(dy_at: u32, first: u32, lane: u32) -> Quads {
	var b = Quads();
	for (var l = 0u; l < COLUMN_LOADS; l++) {
		let n = min(first + (lane + l * WORKGROUP) / COLUMN_QUADS, sizes.outputs - 1u);
		b[l] = dy[dy_at + n * (sizes.tokens / 4u)];
	}
	return b;
}

fn backward_weight(run: u32, row: u32, tile: u32, lane: u32) {
	let across = (sizes.outputs + 4u * DW_COLUMN_QUADS - 1u) / (4u * DW_COLUMN_QUADS);
	let output = tile % across * 4u * DW_COLUMN_QUADS;
	let range = tile / across;
	let quads = quads_of(range);
	let place = place_in(lane, DW_ROW_QUADS, DW_COLUMN_QUADS);
	let row_quad = lane % DW_ROW_QUADS;
	let row_term = lane / DW_ROW_QUADS;
	let column_quad = lane % DW_COLUMN_QUADS;
	let column_term = lane / DW_COLUMN_QUADS;
	var sums = Sums();
	var bias_sum = vec4f();
	var half = 0u;
	for (var first = quads.x; ; first += DEPTH / 4u) {
		let a = inputs_along(run, row + 4u * row_quad, first, row_term, quads.y);
		let b = gradients_along(run, output + 4u * column_quad, first, column_term, quads.y);
		if (first > quads.x) {
			if (BIASED && row == 0u && lane < DW_COLUMN_QUADS) {
				for (var term = 0u; term < DEPTH; term += 1u) {
					bias_sum += column_tile[half * COLUMN_MEMORY + term * DW_COLUMN_QUADS + lane];
				}
			}
			add_slice(&sums, place, DW_ROW_QUADS, DW_COLUMN_QUADS, half);
		}
		if (first >= quads.y) { break; }
		half = next_half(half);
		if (row_term < DEPTH / 4u) {
			let at = half * ROW_MEMORY + 4u * row_term * DW_ROW_QUADS + row_quad;
			for (var c = 0u; c < FOUR; c++) { row_tile[at + c * DW_ROW_QUADS] = turned(a, c); }
		}
		if (column_term < DEPTH / 4u) {
			let at = half * COLUMN_MEMORY + 4u * column_term * DW_COLUMN_QUADS + column_quad;
			for (var c = 0u; c < FOUR; c++) { column_tile[at + c * DW_COLUMN_QUADS] = turned(b, c); }
		}
		workgroupBarrier();
	}
	if (BIASED && row == 0u && lane < DW_COLUMN_QUADS) {
		for (var j = 0u; j < FOUR; j++) {
			let n = output + 4u * lane + j;
			if (n < sizes.outputs) { add_dbias(run * sizes.dbias_run + range * sizes.outputs + n, bias_sum[j]); }
		}
	}
	add_shares(&sums, lane, DW_ROW_QUADS, DW_COLUMN_QUADS);
	if (place.share > 0u) { return; }
	for (var i = 0u; i < SUM_ROWS; i++) {
		let input = row + row_in(place, DW_ROW_QUADS, i);
		for (var j = 0u; j < PAIR; j++) {
			let n = output + 4u * quad_in(place, DW_COLUMN_QUADS, j);
			if ((input < sizes.inputs) & (n < sizes.outputs)) {
				let first = run * sizes.dw_run + (range * sizes.inputs + input) * sizes.outputs;
				put_gradients(first + n, sizes.outputs - n, sums[i][j]);
			}
		}
	}
}

// Tokens of four inputs: quad `term` from quad `first` on, 0 from quad `end` on. An invocation beyond the slice reads nothing.
fn inputs_along(run: u32, k: u32, first: u32, term: u32, end: u32) -> Quads {
	let columns = sizes.tokens / 4u;
	let at = run * (sizes.x_run / 4u) + min(first + term, columns - 1u);
	var a = Quads();
	if (term < DEPTH / 4u) {
		for (var i = 0u; i < FOUR; i++) {
			a[i] = select(vec4f(), vec4f(x[at + min(k + i, sizes.inputs - 1u) * columns]), first + term < end);
		}
	}
	return a;
}

// The same of dy.
fn gradients_along(run: u32, n: u32, first: u32, term: u32, end: u32) -> Quads {
	let columns = sizes.tokens / 4u;
	let at = run * (sizes.dy_run / 4u) + min(first + term, columns - 1u);
	var b = Quads();
	if (term < DEPTH / 4u) {
		for (var i = 0u; i < FOUR; i++) {
			b[i] = select(vec4f(), dy[at + min(n + i, sizes.outputs - 1u) * columns], first + term < end);
		}
	}
	return b;
}
