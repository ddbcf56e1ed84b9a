// Matrix products by tiles in workgroup memory, for GPUs: a workgroup owns a tile of sums, an invocation 8 × 8 of them. The
// tile's two operands come in slices of DEPTH terms, [term, rows] and [term, columns], and an invocation reads 4 × 16 bytes of
// them for 64 multiplications. Where a tile has fewer sums than 64 for each invocation, shares of the workgroup take different
// terms of each slice, and their sums are added in order at the end: a split along the sum without a second pass.
//
// Registers: 64 sums, 16 for the terms at hand, 32 for the slice that is read ahead, and addresses: about 130 of NVIDIA's 255 (and
// of AMD's 256), so that seven workgroups of 64 fit into a multiprocessor and hide each other's waits. Twice as many sums would
// leave half as many, and collapse Apple's M1; so tiles grow by invocations instead. Sums are only indexed by constants once
// loops are unrolled; otherwise they would lie in memory.
//
// An invocation's rows are 4r … 4r + 3 and the same half a tile further, its columns likewise: neighbors read neighboring 16
// bytes, which conflict in no bank. The next slice is read from global memory before the current one is multiplied. With HALVES = 2
// it is written to the other half of workgroup memory, so that one barrier per slice is enough; that needs twice the memory,
// at most 16 KiB (WebGPU's default limit).
//
// The header gives WORKGROUP, DEPTH, HALVES; ROW_MEMORY and COLUMN_MEMORY, the quads in each half; SHARED_ROWS, and SHARED_ROUNDS =
// SUM_ROWS / SHARED_ROWS. Sizes of tiles are in quads: four rows or columns.

const FOUR = 4u;
const PAIR = 2u;
const SUM_ROWS = 8u;
alias Quads = array<vec4f, FOUR>;
alias Sums = array<array<vec4f, PAIR>, SUM_ROWS>;

var<workgroup> row_tile: array<vec4f, ROW_MEMORY * HALVES>;
var<workgroup> column_tile: array<vec4f, COLUMN_MEMORY * HALVES>;

// An invocation's first quad of rows and of columns in a tile, and its share of the terms.
struct Place { row: u32, column: u32, share: u32 }

// Invocations of a share.
fn share_size(row_quads: u32, column_quads: u32) -> u32 { return row_quads / 2u * (column_quads / 2u); }

fn place_in(lane: u32, row_quads: u32, column_quads: u32) -> Place {
	let across = column_quads / 2u;
	let each = share_size(row_quads, column_quads);
	return Place(lane % each / across, lane % across, lane / each);
}

// Row i of an invocation's sums, in its tile; and its quad of columns j.
fn row_in(place: Place, row_quads: u32, i: u32) -> u32 { return 4u * (place.row + i / 4u * (row_quads / 2u)) + i % 4u; }
fn quad_in(place: Place, column_quads: u32, j: u32) -> u32 { return place.column + j * (column_quads / 2u); }

fn turned(quads: Quads, c: u32) -> vec4f { return vec4f(quads[0][c], quads[1][c], quads[2][c], quads[3][c]); }

// Adds the products of the slice in a half of workgroup memory.
fn add_slice(sums: ptr<function, Sums>, place: Place, row_quads: u32, column_quads: u32, half: u32) {
	let terms = DEPTH * share_size(row_quads, column_quads) / WORKGROUP;
	var row_at = half * ROW_MEMORY + place.share * terms * row_quads + place.row;
	var column_at = half * COLUMN_MEMORY + place.share * terms * column_quads + place.column;
	for (var term = 0u; term < terms; term += 1u) {
		let a0 = row_tile[row_at];
		let a1 = row_tile[row_at + row_quads / 2u];
		let b0 = column_tile[column_at];
		let b1 = column_tile[column_at + column_quads / 2u];
		for (var i = 0u; i < FOUR; i++) {
			(*sums)[i][0] = fma(vec4f(a0[i]), b0, (*sums)[i][0]);
			(*sums)[i][1] = fma(vec4f(a0[i]), b1, (*sums)[i][1]);
			(*sums)[i + 4u][0] = fma(vec4f(a1[i]), b0, (*sums)[i + 4u][0]);
			(*sums)[i + 4u][1] = fma(vec4f(a1[i]), b1, (*sums)[i + 4u][1]);
		}
		row_at += row_quads;
		column_at += column_quads;
	}
}

// Ends the use of a slice; returns the half of workgroup memory for the next one. Who writes there has passed the barrier
// before this slice, and so has every other invocation: none reads the half's earlier slice any more.
fn next_half(half: u32) -> u32 {
	if (HALVES == 1u) { workgroupBarrier(); }
	return HALVES - 1u - half;
}

// Adds up the shares' sums, in order, SHARED_ROWS rows at a time: those of the first share become the totals.
fn add_shares(sums: ptr<function, Sums>, lane: u32, row_quads: u32, column_quads: u32) {
	let each = share_size(row_quads, column_quads);
	if (each == WORKGROUP) { return; }
	for (var round = 0u; round < SHARED_ROUNDS; round++) {
		workgroupBarrier();
		for (var i = 0u; i < SHARED_ROWS; i++) {
			row_tile[i * WORKGROUP + lane] = (*sums)[round * SHARED_ROWS + i][0];
			column_tile[i * WORKGROUP + lane] = (*sums)[round * SHARED_ROWS + i][1];
		}
		workgroupBarrier();
		var totals = array<array<vec4f, PAIR>, SHARED_ROWS>();
		for (var at = lane % each; at < WORKGROUP; at += each) {
			for (var i = 0u; i < SHARED_ROWS; i++) {
				totals[i][0] += row_tile[i * WORKGROUP + at];
				totals[i][1] += column_tile[i * WORKGROUP + at];
			}
		}
		for (var i = 0u; i < SHARED_ROWS; i++) { (*sums)[round * SHARED_ROWS + i] = totals[i]; }
	}
}
