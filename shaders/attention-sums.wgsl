// The second product of attention-large.wgsl: sums over rows, weighted by what the scores say, and how they are written.

// Puts an invocation's weights where all find them.
fn put_weights(values: Quads, lane: u32) {
	let at = lane / COLUMN_QUADS * 4u * COLUMN_QUADS + lane % COLUMN_QUADS;
	for (var i = 0u; i < FOUR; i++) { weights[at + i * COLUMN_QUADS] = values[i]; }
}

// For the second product an invocation reads a quad of rows, of four entries of the head, and turns it. Quads of both halves of
// the head lie side by side.
fn entry_of(part: u32, lane: u32) -> u32 {
	let quad = lane % (2u * DIM_QUADS);
	return dim_in(part, quad % DIM_QUADS, 0u) + quad / DIM_QUADS * half_head();
}

fn position_of(row: u32, round: u32, lane: u32) -> u32 { return row + round * TERMS + lane / (2u * DIM_QUADS) * 4u; }

// Adds Σ_r x[d, r] weights[r, column] over the rows of a round. In the first one every invocation has passed a barrier since it
// used the slices; with the barrier in here it also finds the weights.
fn add_round(results: ptr<function, Results>, x: Quads, round: u32, lane: u32) {
	if (round > 0u) { workgroupBarrier(); }
	if (lane < READERS) {
		let at = lane / (2u * DIM_QUADS) * 8u * DIM_QUADS + lane % (2u * DIM_QUADS);
		for (var c = 0u; c < FOUR; c++) { slices[at + c * 2u * DIM_QUADS] = vec4f(x[0][c], x[1][c], x[2][c], x[3][c]); }
	}
	workgroupBarrier();
	let row = lane / COLUMN_QUADS;
	let first = row / DIM_QUADS * (TERMS / SHARES);
	var entry_at = first * 2u * DIM_QUADS + row % DIM_QUADS;
	var weight_at = (round * TERMS + first) * COLUMN_QUADS + lane % COLUMN_QUADS;
	for (var term = 0u; term < TERMS / SHARES; term += 1u) {
		let a = slices[entry_at];
		let b = slices[entry_at + DIM_QUADS];
		let weight = weights[weight_at];
		for (var i = 0u; i < FOUR; i++) {
			(*results)[i] = fma(vec4f(a[i]), weight, (*results)[i]);
			(*results)[i + 4u] = fma(vec4f(b[i]), weight, (*results)[i + 4u]);
		}
		entry_at += 2u * DIM_QUADS;
		weight_at += COLUMN_QUADS;
	}
}

// Adds the weighted sum over a block that begins with position `row`, of the rows of qkv from `x` on.
fn add_weighted(results: ptr<function, Results>, x: u32, tile: Tile, row: u32, lane: u32) {
	let d = entry_of(tile.part, lane);
	for (var round = 0u; round < ROUNDS; round += 1u) {
		let at = x + quad_at(tile.sequence, position_of(row, round, lane));
		var quads = Quads();
		if (lane < READERS) {
			for (var i = 0u; i < FOUR; i++) { quads[i] = load_qkv(at + dim_at(d + i)); }
		}
		add_round(results, quads, round, lane);
	}
}

// The same of d_o.
fn add_weighted_gradients(results: ptr<function, Results>, x: u32, tile: Tile, row: u32, lane: u32) {
	let d = entry_of(tile.part, lane);
	for (var round = 0u; round < ROUNDS; round += 1u) {
		let at = x + quad_at(tile.sequence, position_of(row, round, lane));
		var quads = Quads();
		if (lane < READERS) {
			for (var i = 0u; i < FOUR; i++) { quads[i] = load_d_o(at + dim_at(d + i)); }
		}
		add_round(results, quads, round, lane);
	}
}

// Adds up the shares' results, in order: those of the first share become the totals. Half of them at a time; the halves change
// places twice.
fn add_shares(results: ptr<function, Results>, lane: u32) {
	if (SHARES == 1u) { return; }
	let each = DIM_QUADS * COLUMN_QUADS;
	for (var half = 0u; half < 2u; half += 1u) {
		workgroupBarrier();
		for (var i = 0u; i < FOUR; i++) { weights[i * WORKGROUP + lane] = (*results)[i]; }
		workgroupBarrier();
		for (var i = 0u; i < FOUR; i++) {
			(*results)[i] = (*results)[i + 4u];
			(*results)[i + 4u] = vec4f();
		}
		for (var at = lane % each; at < WORKGROUP; at += each) {
			for (var i = 0u; i < FOUR; i++) { (*results)[i + 4u] += weights[i * WORKGROUP + at]; }
		}
	}
}

// The sum over all rows of what each invocation of a column has.
fn total_by_row(value: vec4f, lane: u32) -> vec4f {
	by_row[lane] = value;
	workgroupBarrier();
	var total = vec4f();
	for (var row = 0u; row < ROW_QUADS; row += 1u) { total += by_row[row * COLUMN_QUADS + lane % COLUMN_QUADS]; }
	return total;
}

// Positions that an invocation writes of entry d of the first half, and of its counterpart: none if there is no such entry, or
// if another share has the totals.
fn written(d: u32, position: u32, lane: u32) -> vec2u {
	let count = select(0u, count_from(position), (lane < DIM_QUADS * COLUMN_QUADS) & (d < half_head()));
	return vec2u(count, select(0u, count, d + half_head() < sizes.head_size));
}

// Positions that an invocation writes of what each column has once.
fn written_once(tile: Tile, position: u32, lane: u32) -> u32 {
	return select(0u, count_from(position), (lane < COLUMN_QUADS) & (tile.part == 0u));
}

fn put_dqkv(results: Results, row: u32, tile: Tile, position: u32, lane: u32) {
	let at = row + quad_at(tile.sequence, position);
	for (var i = 0u; i < FOUR; i++) {
		let d = dim_in(tile.part, lane / COLUMN_QUADS % DIM_QUADS, i);
		let counts = written(d, position, lane);
		store_dqkv(at + dim_at(d), results[i], counts.x);
		store_dqkv(at + dim_at(d + half_head()), results[i + 4u], counts.y);
	}
}

fn turn_results(results: Results, tile: Tile, position: u32, lane: u32) -> Results {
	var turned: Results;
	for (var i = 0u; i < FOUR; i++) {
		let d = min(dim_in(tile.part, lane / COLUMN_QUADS % DIM_QUADS, i), half_head() - 1u);
		let pair = turned_back(results[i], results[i + 4u], d, quad_at(tile.sequence, position));
		turned[i] = pair[0];
		turned[i + 4u] = pair[1];
	}
	return turned;
}
