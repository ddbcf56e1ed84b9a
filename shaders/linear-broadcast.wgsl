// linear.wgsl by subgroups. An invocation owns a column (four tokens, or four outputs of dw) of ROWS features. What a subgroup
// needs of the other matrix, each of SUBGROUP invocations reads a part of, four entries at a time, and hands to the others:
// one load serves 4·SUBGROUP multiplications of each of them. Subgroups may be larger; what their others read is not used.
//
// Every invocation must take part: what lies past the end is read at the last place there is, and not written.
// The header gives ROW_QUADS = ROWS / 4; LOADS and TURNS = ROW_QUADS / SUBGROUP and SUBGROUP / ROW_QUADS, at least 1; SHARES =
// ROWS / SUBGROUP, at least 1; read_weights and put_gradients, for four weights side by side.

// Weights n … n + 3 of input k; 0 past the last output.
fn weights_at(run: u32, k: u32, n: u32) -> vec4f {
	let at = run * sizes.w_run + min(k, sizes.inputs - 1u) * sizes.outputs + n;
	return read_weights(at, sizes.outputs - min(n, sizes.outputs));
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let column = group.x * WORKGROUP + lane;
	let member = member_of();
	let run = group.z;
	let row = group.y * ROWS;
	let columns = sizes.tokens / 4u;
	let x_at = run * (sizes.x_run / 4u) + min(column, columns - 1u);
	let quad = member % ROW_QUADS;
	let turn = member / ROW_QUADS % TURNS;
	var sum: array<vec4f, ROWS>;
	for (var k = 0u; k < sizes.inputs; k += TURNS) {
		let own_k = k + turn;
		let there = own_k < sizes.inputs;
		var a: array<vec4f, LOADS>;
		for (var l = 0u; l < LOADS; l++) {
			a[l] = select(vec4f(), weights_at(run, own_k, row + 4u * quad + 4u * l * SUBGROUP), there);
		}
		for (var t = 0u; t < TURNS; t++) {
			let b = vec4f(x[x_at + min(k + t, sizes.inputs - 1u) * columns]);
			for (var i = 0u; i < ROWS; i++) {
				sum[i] = fma(vec4f(hand(a[i / 4u / SUBGROUP][i % 4u], t * ROW_QUADS + i / 4u % SUBGROUP)), b, sum[i]);
			}
		}
	}
	for (var i = 0u; i < ROWS; i++) { put_y(run, row + i, column, sum[i]); }
}

// Workgroups of one row of the grid own ROWS inputs: the first compute dx for tokens, the others dw for outputs.
@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let member = member_of();
	let first = (sizes.tokens / 4u + WORKGROUP - 1u) / WORKGROUP;
	if (group.x < first) {
		backward_input(group.z, group.y * ROWS, group.x * WORKGROUP + lane, member);
	} else {
		backward_weight(group.z, group.y * ROWS, group.x - first, lane, member);
	}
}

fn backward_input(run: u32, row: u32, column: u32, member: u32) {
	let columns = sizes.tokens / 4u;
	let dy_at = run * (sizes.dy_run / 4u) + min(column, columns - 1u);
	var sum: array<vec4f, ROWS>;
	for (var n = 0u; n < sizes.outputs; n += 4u) {
		var a: array<vec4f, SHARES>;
		for (var s = 0u; s < SHARES; s++) { a[s] = weights_at(run, row + member % ROWS + s * SUBGROUP, n); }
		// Not written out, but turned: four times as much code would not stay in a processor's cache.
		for (var c = 0u; c < ROUNDS; c++) {
			let b = dy[dy_at + min(n + c, sizes.outputs - 1u) * columns];
			for (var i = 0u; i < ROWS; i++) {
				sum[i] = fma(vec4f(hand(a[i / SUBGROUP].x, i % SUBGROUP)), b, sum[i]);
			}
			for (var s = 0u; s < SHARES; s++) { a[s] = a[s].yzwx; }
		}
	}
	for (var i = 0u; i < ROWS; i++) { put_dx(run, row + i, column, sum[i]); }
}

// An invocation owns ROWS × 4 weights, and the outputs' biases.
fn backward_weight(run: u32, row: u32, tile: u32, lane: u32, member: u32) {
	let columns = sizes.tokens / 4u;
	let across = (sizes.outputs + 4u * WORKGROUP - 1u) / (4u * WORKGROUP);
	let output = 4u * (tile % across * WORKGROUP + lane);
	let range = tile / across;
	let quads = quads_of(range);
	var x_at: array<u32, SHARES>;
	for (var s = 0u; s < SHARES; s++) {
		x_at[s] = run * (sizes.x_run / 4u) + min(row + member % ROWS + s * SUBGROUP, sizes.inputs - 1u) * columns;
	}
	var dy_at: array<u32, FOUR>;
	for (var j = 0u; j < FOUR; j++) {
		dy_at[j] = run * (sizes.dy_run / 4u) + min(output + j, sizes.outputs - 1u) * columns;
	}
	var sum: array<vec4f, ROWS>;
	var bias_sum = vec4f();
	for (var m = quads.x; m < quads.y; m++) {
		var a: array<vec4f, SHARES>;
		for (var s = 0u; s < SHARES; s++) { a[s] = vec4f(x[x_at[s] + m]); }
		var b: array<vec4f, FOUR>;
		for (var j = 0u; j < FOUR; j++) { b[j] = dy[dy_at[j] + m]; }
		for (var c = 0u; c < ROUNDS; c++) {
			let across = vec4f(b[0].x, b[1].x, b[2].x, b[3].x);
			bias_sum += across;
			for (var i = 0u; i < ROWS; i++) {
				sum[i] = fma(vec4f(hand(a[i / SUBGROUP].x, i % SUBGROUP)), across, sum[i]);
			}
			for (var s = 0u; s < SHARES; s++) { a[s] = a[s].yzwx; }
			for (var j = 0u; j < FOUR; j++) { b[j] = b[j].yzwx; }
		}
	}
	if (output >= sizes.outputs) { return; }
	for (var i = 0u; i < ROWS; i++) {
		if (row + i < sizes.inputs) {
			let first = run * sizes.dw_run + (range * sizes.inputs + row + i) * sizes.outputs;
			put_gradients(first + output, sizes.outputs - output, sum[i]);
		}
	}
	if (BIASED && row == 0u) {
		for (var j = 0u; j < min(4u, sizes.outputs - output); j += 1u) {
			add_dbias(run * sizes.dbias_run + range * sizes.outputs + output + j, bias_sum[j]);
		}
	}
}
