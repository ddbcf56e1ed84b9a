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
