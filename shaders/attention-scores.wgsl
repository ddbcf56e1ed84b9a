// Tiles of attention-large.wgsl, and their first product: the scores of rows and columns.

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
