// Products of head.wgsl that read the columns of `other` at addresses shared by the whole workgroup.

fn subgroup_member() -> u32 { return 0u; }

// z[column + i, own columns] for ROWS columns of `other`; values past the end of either are meaningless.
fn products(run: u32, quad: u32, column: u32, member: u32) -> Tile {
	let stride = own_stride();
	var own_at = run * (sizes.own_run / 4u) + quad;
	var other_at = run * (sizes.other_run / 4u) + column / 4u;
	var z: Tile;
	for (var k = 0u; k < sizes.width; k++) {
		var a: Columns;
		for (var c = 0u; c < QUADS; c++) { a[c] = own[own_at + c * stride]; }
		for (var q = 0u; q < ROW_QUADS; q++) {
			let b = other[other_at + q];
			for (var i = 0u; i < FOUR; i++) {
				for (var c = 0u; c < QUADS; c++) { z[q * FOUR + i][c] = fma(vec4f(b[i]), a[c], z[q * FOUR + i][c]); }
			}
		}
		own_at += sizes.own_quads;
		other_at += sizes.other_quads;
	}
	for (var i = 0u; i < ROWS; i++) { for (var c = 0u; c < QUADS; c++) { z[i][c] *= sizes.multiplier; } }
	return z;
}

// sum[i] + Σ_n other[k + i, column + n] scratch[n] over `count` rows of the scratch memory.
fn combined(sums: Tile, run: u32, k: u32, column: u32, scratch_first: u32, count: u32, member: u32) -> Tile {
	var sum = sums;
	var other_at: array<u32, ROWS>;
	for (var i = 0u; i < ROWS; i++) {
		other_at[i] = run * sizes.other_run + min(k + i, sizes.width - 1u) * 4u * sizes.other_quads + column;
	}
	var at = scratch_first;
	// One row in a turn: with four, read as vec4, lavapipe took two to three times as long.
	for (var n = 0u; n < count; n++) {
		var p: Columns;
		for (var c = 0u; c < QUADS; c++) { p[c] = scratch[at + c * LANES]; }
		for (var i = 0u; i < ROWS; i++) {
			let b = other_entries[other_at[i] + n];
			for (var c = 0u; c < QUADS; c++) { sum[i][c] = fma(vec4f(b), p[c], sum[i][c]); }
		}
		at += QUADS * LANES;
	}
	return sum;
}
