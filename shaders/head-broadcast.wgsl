// Products of head.wgsl by subgroups: each of SUBGROUP invocations reads a part of the columns of `other`, four entries at a
// time, and hands it to the others (see linear-broadcast.wgsl). For that every invocation must take part.
// The header gives SUBGROUP, LOADS, TURNS and SHARES as linear-broadcast.wgsl says; QUADS is 1.

// z[column + i, own columns] for ROWS columns of `other`; what lies past the end of either is not a number to use.
fn products(run: u32, quad: u32, column: u32, member: u32) -> Tile {
	let own_first = run * (sizes.own_run / 4u) + quad;
	let other_first = run * (sizes.other_run / 4u) + column / 4u + member % ROW_QUADS;
	let turn = member / ROW_QUADS % TURNS;
	var z: Tile;
	for (var k = 0u; k < sizes.width; k += TURNS) {
		let there = k + turn < sizes.width;
		let other_at = other_first + min(k + turn, sizes.width - 1u) * sizes.other_quads;
		var a: array<vec4f, LOADS>;
		for (var l = 0u; l < LOADS; l++) { a[l] = select(vec4f(), other[other_at + l * SUBGROUP], there); }
		for (var t = 0u; t < TURNS; t++) {
			let b = own[own_first + min(k + t, sizes.width - 1u) * sizes.own_quads];
			for (var i = 0u; i < ROWS; i++) {
				let value = hand(a[i / 4u / SUBGROUP][i % 4u], t * ROW_QUADS + i / 4u % SUBGROUP);
				z[i][0] = fma(vec4f(value), b, z[i][0]);
			}
		}
	}
	for (var i = 0u; i < ROWS; i++) { z[i][0] *= sizes.multiplier; }
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
		// Not written out, but turned, as in linear-broadcast.wgsl.
		for (var c = 0u; c < ROUNDS; c++) {
			let p = scratch[at];
			for (var i = 0u; i < ROWS; i++) {
				sum[i][0] = fma(vec4f(hand(a[i / SUBGROUP].x, i % SUBGROUP)), p, sum[i][0]);
			}
			for (var s = 0u; s < SHARES; s++) { a[s] = a[s].yzwx; }
			at += LANES;
		}
	}
	return sum;
}
