// The kernels of attention.wgsl by tiles in workgroup memory, for GPUs: a workgroup owns COLUMNS neighboring positions of a
// sequence (queries, or keys in backward_key) and goes through the others ROWS at a time. Unmeasured on hardware:
// what follows is reasoning.
//
// Scores. The operands come in slices of DEPTH entries of the head, [entry, rows] and [entry, columns], as they lie in memory. An
// invocation owns a quad of rows and one of columns: 16 scores, and 2 × 16 bytes from workgroup memory for 16 multiplications.
// The weights that follow from them, [rows, columns], stay in workgroup memory as an operand of the second product.
//
// Sums over the rows. An invocation owns the same quad of columns, and of the head's entries a quad of the first half with its
// counterpart in the second: 8 × 4 results, which are the pairs that rotary positions turn, so that they are turned in registers.
// They stay in registers over all blocks of rows. Heads of fewer than 8 · ROW_QUADS entries leave fewer results than the
// invocations could own; then SHARES of the workgroup take different rows of each block, and add up in order at the end. Larger
// heads take PARTS workgroups, each of which computes the scores anew: half as much arithmetic again for twice the entries, but no
// result goes to memory and back with each block.
//
// Registers: forward 16 scores, 32 results, 8 for the softmax; backward_key 32 scores and 64 results. With operands and addresses
// about 90 and 150 of NVIDIA's 255, so that five and three workgroups of 128 fit into a multiprocessor. 64 scores an invocation, as
// in tiles.wgsl, would halve the reads from workgroup memory, but leave a quarter of the invocations, and studies have few tiles:
// sequences × heads × context / COLUMNS.
//
// Workgroup memory: 32 × 64 weights are 8 KiB, two slices of 16 entries 6 KiB, and a quad of each invocation 2 KiB: WebGPU's default
// limit, 16 KiB, and 9 KiB with 32 columns. 64 × 64 weights alone would take all of it. The smaller tile has twice as many
// workgroups, and masks less of the diagonal; the larger one reads the rows half as often.
//
// Barriers, for each block of rows and heads of at most 16 entries: forward 4, backward_query 6, backward_key 8. All are met by
// every invocation: bounds of loops around them depend on the workgroup alone. Maxima and sums over rows are taken in the order of
// rows by every invocation that owns the column. Past the end of a sequence its last quad is read instead; such rows have weight 0,
// such columns are not written.
//
// The header gives ROW_QUADS, COLUMN_QUADS; DEPTH, ROW_LOADS and COLUMN_LOADS, the quads of a slice that an invocation reads;
// DIM_QUADS, the quads of each half of a head that a workgroup owns; PARTS; TERMS, the rows whose entries are in workgroup memory
// at a time for the second product, and ROUNDS = ROWS / TERMS; turned_back (for rotary positions).

const FOUR = 4u;
const EIGHT = 8u;
const ROWS = 4u * ROW_QUADS;
const COLUMNS = 4u * COLUMN_QUADS;
const WORKGROUP = ROW_QUADS * COLUMN_QUADS;
const SHARES = ROW_QUADS / DIM_QUADS;
const ROW_SLICE = DEPTH * ROW_QUADS;
// Invocations that read for the second product.
const READERS = TERMS / 4u * (2u * DIM_QUADS);
alias Quads = array<vec4f, FOUR>;
alias Results = array<vec4f, EIGHT>;
alias RowLoads = array<vec4f, ROW_LOADS>;
alias ColumnLoads = array<vec4f, COLUMN_LOADS>;

// Of the entries by rows, then by columns; later of rows by entries.
var<workgroup> slices: array<vec4f, ROW_SLICE + DEPTH * COLUMN_QUADS>;
var<workgroup> weights: array<vec4f, ROWS * COLUMN_QUADS>;
// What an invocation found over its own rows.
var<workgroup> by_row: array<vec4f, WORKGROUP>;

// `sequence` is the address of its first position in a row, `begin` the first position that the workgroup owns.
struct Tile { run: u32, head: u32, part: u32, sequence: u32, begin: u32 }

fn chunks() -> u32 { return (sizes.context + COLUMNS - 1u) / COLUMNS; }

fn tile_of(group: vec3u, chunk: u32) -> Tile {
	return Tile(group.z, group.y / PARTS, group.y % PARTS, group.x / chunks() * sizes.sequence, chunk * COLUMNS);
}

// The tile of a workgroup that owns queries: the last ones have the most keys, and come first.
fn query_tile(group: vec3u) -> Tile { return tile_of(group, chunks() - 1u - group.x % chunks()); }

// The address in a row of four positions.
fn quad_at(sequence: u32, position: u32) -> u32 { return sequence + min(position, sizes.context - 1u) / 4u * STEP; }

// How many positions there are from this one on.
fn count_from(position: u32) -> u32 { return sizes.context - min(position, sizes.context); }

fn half_head() -> u32 { return (sizes.head_size + 1u) / 2u; }

// An entry in the first half of the head, for i from 0 to 3; there may be fewer.
fn dim_in(part: u32, quad: u32, i: u32) -> u32 { return 4u * (part * DIM_QUADS + quad) + i; }

// The offset of an entry of the head; past the end, of the last.
fn dim_at(d: u32) -> u32 { return min(d, sizes.head_size - 1u) * sizes.across; }

// What an invocation reads of a slice of rows: `at` is the address of the quad of rows that it reads.
fn qkv_rows(at: u32, first: u32, lane: u32) -> RowLoads {
	var a: RowLoads;
	for (var l = 0u; l < ROW_LOADS; l++) { a[l] = load_qkv(at + dim_at(first + (lane + l * WORKGROUP) / ROW_QUADS)); }
	return a;
}

fn d_o_rows(at: u32, first: u32, lane: u32) -> RowLoads {
	var a: RowLoads;
	for (var l = 0u; l < ROW_LOADS; l++) { a[l] = load_d_o(at + dim_at(first + (lane + l * WORKGROUP) / ROW_QUADS)); }
	return a;
}

// The same of columns.
fn qkv_columns(at: u32, first: u32, lane: u32) -> ColumnLoads {
	var b: ColumnLoads;
	for (var l = 0u; l < COLUMN_LOADS; l++) { b[l] = load_qkv(at + dim_at(first + (lane + l * WORKGROUP) / COLUMN_QUADS)); }
	return b;
}

fn d_o_columns(at: u32, first: u32, lane: u32) -> ColumnLoads {
	var b: ColumnLoads;
	for (var l = 0u; l < COLUMN_LOADS; l++) { b[l] = load_d_o(at + dim_at(first + (lane + l * WORKGROUP) / COLUMN_QUADS)); }
	return b;
}

// Adds the products of a slice that begins with entry `first`.
fn add_slice(sums: ptr<function, Quads>, a: RowLoads, b: ColumnLoads, first: u32, lane: u32) {
	workgroupBarrier();
	for (var l = 0u; l < ROW_LOADS; l++) { slices[lane + l * WORKGROUP] = a[l]; }
	for (var l = 0u; l < COLUMN_LOADS; l++) { slices[ROW_SLICE + lane + l * WORKGROUP] = b[l]; }
	workgroupBarrier();
	var row_at = lane / COLUMN_QUADS;
	var column_at = ROW_SLICE + lane % COLUMN_QUADS;
	let terms = min(DEPTH, sizes.head_size - first);
	for (var term = 0u; term < terms; term += 1u) {
		let row = slices[row_at];
		let column = slices[column_at];
		for (var i = 0u; i < FOUR; i++) { (*sums)[i] = fma(vec4f(row[i]), column, (*sums)[i]); }
		row_at += ROW_QUADS;
		column_at += COLUMN_QUADS;
	}
}

// Σ_d other[d, row] own[d, column] for an invocation's rows and columns. `rows` and `columns` are the addresses of what it reads.
fn scores(rows: u32, columns: u32, lane: u32) -> Quads {
	var sums = Quads();
	for (var first = 0u; first < sizes.head_size; first += DEPTH) {
		add_slice(&sums, qkv_rows(rows, first, lane), qkv_columns(columns, first, lane), first, lane);
	}
	return sums;
}

// The same of values and own gradients.
fn products_of_own_gradients(rows: u32, columns: u32, lane: u32) -> Quads {
	var sums = Quads();
	for (var first = 0u; first < sizes.head_size; first += DEPTH) {
		add_slice(&sums, qkv_rows(rows, first, lane), d_o_columns(columns, first, lane), first, lane);
	}
	return sums;
}

// The same of gradients and own values.
fn products_of_gradients(rows: u32, columns: u32, lane: u32) -> Quads {
	var sums = Quads();
	for (var first = 0u; first < sizes.head_size; first += DEPTH) {
		add_slice(&sums, d_o_rows(rows, first, lane), qkv_columns(columns, first, lane), first, lane);
	}
	return sums;
}

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

// group: queries and sequence, head and part, run.
@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let tile = query_tile(in_piece + origin());
	let positions = tile.begin + 4u * (lane % COLUMN_QUADS) + vec4u(0u, 1u, 2u, 3u);
	let q_at = row_q(tile.run, tile.head) + quad_at(tile.sequence, positions.x);
	let k = row_k(tile.run, tile.head / SHARED);
	let v = row_v(tile.run, tile.head / SHARED);
	var largest = vec4f(NEVER);
	var sum = vec4f();
	var results = Results();
	let end = min(sizes.context, tile.begin + COLUMNS);
	for (var j = 0u; j < end; j += ROWS) {
		var s = scores(k + quad_at(tile.sequence, j + 4u * (lane % ROW_QUADS)), q_at, lane);
		var top = largest;
		for (var i = 0u; i < FOUR; i++) {
			s[i] = select(vec4f(NEVER), s[i] * sizes.scale, positions >= vec4u(j + 4u * (lane / COLUMN_QUADS) + i));
			top = max(top, s[i]);
		}
		by_row[lane] = top;
		workgroupBarrier();
		for (var row = 0u; row < ROW_QUADS; row += 1u) { top = max(top, by_row[row * COLUMN_QUADS + lane % COLUMN_QUADS]); }
		let keep = exp(largest - top);
		largest = top;
		sum *= keep;
		for (var i = 0u; i < EIGHT; i++) { results[i] *= keep; }
		for (var i = 0u; i < FOUR; i++) {
			s[i] = exp(s[i] - top);
			sum += s[i];
		}
		put_weights(s, lane);
		add_weighted(&results, v, tile, j, lane);
	}
	let total = total_by_row(sum, lane);
	add_shares(&results, lane);
	let o_at = row_o(tile.run, tile.head) + quad_at(tile.sequence, positions.x);
	for (var i = 0u; i < FOUR; i++) {
		let d = dim_in(tile.part, lane / COLUMN_QUADS % DIM_QUADS, i);
		let counts = written(d, positions.x, lane);
		store_o(o_at + dim_at(d), results[i] / total, counts.x);
		store_o(o_at + dim_at(d + half_head()), results[i + 4u] / total, counts.y);
	}
	let lse_at = row_lse(tile.run, tile.head) + quad_at(tile.sequence, positions.x);
	store_lse(lse_at, largest + log(total), written_once(tile, positions.x, lane));
}

// group: queries and sequence, head and part, run.
@compute @workgroup_size(WORKGROUP)
fn backward_query(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let tile = query_tile(in_piece + origin());
	let positions = tile.begin + 4u * (lane % COLUMN_QUADS) + vec4u(0u, 1u, 2u, 3u);
	let own = quad_at(tile.sequence, positions.x);
	let q_at = row_q(tile.run, tile.head) + own;
	let o_at = row_o(tile.run, tile.head) + own;
	let d_o_at = row_d_o(tile.run, tile.head) + own;
	let k = row_k(tile.run, tile.head / SHARED);
	let v = row_v(tile.run, tile.head / SHARED);
	var products = vec4f();
	for (var d = lane / COLUMN_QUADS; d < sizes.head_size; d += ROW_QUADS) {
		products = fma(load_d_o(d_o_at + d * sizes.across), load_o(o_at + d * sizes.across), products);
	}
	let own_delta = total_by_row(products, lane);
	store_delta(row_delta(tile.run, tile.head) + own, own_delta, written_once(tile, positions.x, lane));
	let own_lse = load_lse(row_lse(tile.run, tile.head) + own);
	var results = Results();
	let end = min(sizes.context, tile.begin + COLUMNS);
	for (var j = 0u; j < end; j += ROWS) {
		let rows = quad_at(tile.sequence, j + 4u * (lane % ROW_QUADS));
		var s = scores(k + rows, q_at, lane);
		let dp = products_of_own_gradients(v + rows, d_o_at, lane);
		for (var i = 0u; i < FOUR; i++) {
			let ds = exp(s[i] * sizes.scale - own_lse) * (dp[i] - own_delta) * sizes.scale;
			s[i] = select(vec4f(), ds, positions >= vec4u(j + 4u * (lane / COLUMN_QUADS) + i));
		}
		workgroupBarrier();
		put_weights(s, lane);
		add_weighted(&results, k, tile, j, lane);
	}
	add_shares(&results, lane);
	put_dqkv(turn_results(results, tile, positions.x, lane), row_dqkv(tile.run, tile.head), tile, positions.x, lane);
}

// group: keys and sequence, head of keys and part, run.
@compute @workgroup_size(WORKGROUP)
fn backward_key(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let tile = tile_of(group, group.x % chunks());
	let positions = tile.begin + 4u * (lane % COLUMN_QUADS) + vec4u(0u, 1u, 2u, 3u);
	let own = quad_at(tile.sequence, positions.x);
	let k_at = row_k(tile.run, tile.head) + own;
	let v_at = row_v(tile.run, tile.head) + own;
	var dk = Results();
	var dv = Results();
	for (var sharer = 0u; sharer < SHARED; sharer += 1u) {
		let head = tile.head * SHARED + sharer;
		let q = row_q(tile.run, head);
		let d_o_row = row_d_o(tile.run, head);
		for (var i = tile.begin; i < sizes.context; i += ROWS) {
			let rows = quad_at(tile.sequence, i + 4u * (lane % ROW_QUADS));
			var s = scores(q + rows, k_at, lane);
			var dp = products_of_gradients(d_o_row + rows, v_at, lane);
			let first = i + 4u * (lane / COLUMN_QUADS);
			let lses = load_lse(row_lse(tile.run, head) + quad_at(tile.sequence, first));
			let deltas = load_delta(row_delta(tile.run, head) + quad_at(tile.sequence, first));
			for (var n = 0u; n < FOUR; n++) {
				let seen = (positions <= vec4u(first + n)) & vec4<bool>(first + n < sizes.context);
				let weight = exp(s[n] * sizes.scale - lses[n]);
				let ds = weight * (dp[n] - deltas[n]) * sizes.scale;
				s[n] = select(vec4f(), weight, seen);
				dp[n] = select(vec4f(), ds, seen);
			}
			workgroupBarrier();
			put_weights(s, lane);
			add_weighted_gradients(&dv, d_o_row, tile, i, lane);
			workgroupBarrier();
			put_weights(dp, lane);
			add_weighted(&dk, q, tile, i, lane);
		}
	}
	add_shares(&dk, lane);
	add_shares(&dv, lane);
	let dk_row = row_dqkv(tile.run, sizes.heads + tile.head);
	put_dqkv(turn_results(dk, tile, positions.x, lane), dk_row, tile, positions.x, lane);
	put_dqkv(dv, row_dqkv(tile.run, sizes.heads + sizes.key_heads + tile.head), tile, positions.x, lane);
}
