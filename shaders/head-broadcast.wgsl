// Products of head.wgsl by subgroups: each of SUBGROUP invocations reads a part of the columns of `other`, four entries at a
// time, and broadcasts it to the others (see linear-broadcast.wgsl). Every invocation must take part.
// The header gives SUBGROUP, LOADS, TURNS, SHARES, DEPTH and ROUNDS; linear-broadcast.wgsl says what they are.

// Addresses of an invocation's columns in a row of `own`; columns past the end repeat the last one.
fn own_columns(first: u32, quad: u32) -> array<u32, QUADS> {
	var at: array<u32, QUADS>;
	for (var c = 0u; c < QUADS; c++) { at[c] = first + min(quad + c * own_stride(), sizes.own_quads - 1u); }
	return at;
}

// z[column + i, own columns] for ROWS columns of `other`; values past the end of either are meaningless.
fn products(run: u32, quad: u32, column: u32, member: u32) -> Tile {
	let own_at = own_columns(run * (sizes.own_run / 4u), quad);
	let other_first = run * (sizes.other_run / 4u) + column / 4u + member % ROW_QUADS;
	let turn = member / ROW_QUADS % TURNS;
	var z: Tile;
	for (var first = 0u; first < sizes.width; first += DEPTH * TURNS) {
		for (var deep = 0u; deep < DEPTH; deep++) {
			let k = first + deep * TURNS;
			let exists = k + turn < sizes.width;
			let other_at = other_first + min(k + turn, sizes.width - 1u) * sizes.other_quads;
			var a: array<vec4f, LOADS>;
			for (var l = 0u; l < LOADS; l++) { a[l] = select(vec4f(), other[other_at + l * SUBGROUP], exists); }
			for (var t = 0u; t < TURNS; t++) {
				let own_row = min(k + t, sizes.width - 1u) * sizes.own_quads;
				var b: Columns;
				for (var c = 0u; c < QUADS; c++) { b[c] = own[own_at[c] + own_row]; }
				for (var i = 0u; i < ROWS; i++) {
					let value = broadcast_from(a[i / 4u / SUBGROUP][i % 4u], t * ROW_QUADS + i / 4u % SUBGROUP);
					for (var c = 0u; c < QUADS; c++) { z[i][c] = fma(vec4f(value), b[c], z[i][c]); }
				}
			}
		}
	}
	for (var i = 0u; i < ROWS; i++) { for (var c = 0u; c < QUADS; c++) { z[i][c] *= sizes.multiplier; } }
	return z;
}

// sum[i] + Σ_n other[k + i, column + n] scratch[n] over `count` rows of the scratch memory, 0 from there to a multiple of 4.
fn combined(sums: Tile, run: u32, k: u32, column: u32, scratch_first: u32, count: u32, member: u32) -> Tile {
	var sum = sums;
	var other_at: array<u32, SHARES>;
	for (var s = 0u; s < SHARES; s++) {
		let row = min(k + member % ROWS + s * SUBGROUP, sizes.width - 1u);
		other_at[s] = run * (sizes.other_run / 4u) + row * sizes.other_quads + column / 4u;
	}
	var at = scratch_first;
	for (var n = 0u; n < (count + 3u) / 4u; n++) {
		var a: array<vec4f, SHARES>;
		for (var s = 0u; s < SHARES; s++) { a[s] = other[other_at[s] + n]; }
		for (var r = 0u; r < ROUNDS; r++) {
			var p: Columns;
			for (var c = 0u; c < QUADS; c++) { p[c] = scratch[at + c * LANES]; }
			for (var i = 0u; i < ROWS; i++) {
				let value = broadcast_from(a[i / SUBGROUP].x, i % SUBGROUP);
				for (var c = 0u; c < QUADS; c++) { sum[i][c] = fma(vec4f(value), p[c], sum[i][c]); }
			}
			for (var s = 0u; s < SHARES; s++) { a[s] = a[s].yzwx; }
			at += QUADS * LANES;
		}
	}
	return sum;
}
