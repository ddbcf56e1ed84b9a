// linear.wgsl by subgroups. An invocation owns VECS columns (of four tokens, or four outputs of dw) of ROWS features. Each of
// SUBGROUP invocations reads a part of what they all need of the other matrix, four entries at a time, and broadcasts it: one
// load serves 4·VECS·SUBGROUP multiplications in each of them. Subgroups may be larger; what their further members read is
// not used.
//
// Every invocation must take part: past the end the last entry is read instead, and nothing is written.
// The header gives ROW_QUADS = ROWS / 4; LOADS and TURNS = ROW_QUADS / SUBGROUP and SUBGROUP / ROW_QUADS, at least 1; SHARES =
// ROWS / SUBGROUP, at least 1; DEPTH, by which forward's loop is unrolled, and ROUNDS = 4, by which the others are;
// read_weights and put_gradients, for four weights side by side.

const KEEPERS = 1u;

// Weights n … n + 3 of input k; 0 past the last output.
fn weights_at(run: u32, k: u32, n: u32) -> vec4f {
	let at = run * sizes.w_run + min(k, sizes.inputs - 1u) * sizes.outputs + n;
	return read_weights(at, sizes.outputs - min(n, sizes.outputs));
}

// An invocation's first column; past the end if another invocation owns it.
fn first_column(place: u32) -> u32 { return select(sizes.tokens, place, place < column_stride()); }

// Addresses of an invocation's columns in a row of a matrix; columns past the end repeat the last one.
fn columns_from(first: u32, column: u32) -> array<u32, VECS> {
	var at: array<u32, VECS>;
	for (var v = 0u; v < VECS; v++) { at[v] = first + min(column + v * column_stride(), sizes.tokens / 4u - 1u); }
	return at;
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let column = first_column(group.x * WORKGROUP + lane);
	let member = subgroup_member();
	let run = group.z;
	let row = group.y * ROWS;
	let columns = sizes.tokens / 4u;
	let x_at = columns_from(run * (sizes.x_run / 4u), column);
	let quad = member % ROW_QUADS;
	let turn = member / ROW_QUADS % TURNS;
	let moments = prepare(run, row, column, column_stride());
	var sum: array<array<vec4f, VECS>, ROWS>;
	for (var first = 0u; first < sizes.inputs; first += DEPTH * TURNS) {
		for (var deep = 0u; deep < DEPTH; deep++) {
			let k = first + deep * TURNS;
			let exists = k + turn < sizes.inputs;
			var a: array<vec4f, LOADS>;
			for (var l = 0u; l < LOADS; l++) {
				a[l] = select(vec4f(), weights_at(run, k + turn, row + 4u * quad + 4u * l * SUBGROUP), exists);
			}
			for (var t = 0u; t < TURNS; t++) {
				let input = min(k + t, sizes.inputs - 1u);
				let gain = gain_of(run, input);
				var b: array<vec4f, VECS>;
				for (var v = 0u; v < VECS; v++) { b[v] = input_of(vec4f(x[x_at[v] + input * columns]), moments[v], gain); }
				for (var i = 0u; i < ROWS; i++) {
					let weight = broadcast_from(a[i / 4u / SUBGROUP][i % 4u], t * ROW_QUADS + i / 4u % SUBGROUP);
					for (var v = 0u; v < VECS; v++) { sum[i][v] = fma(vec4f(weight), b[v], sum[i][v]); }
				}
			}
		}
	}
	for (var i = 0u; i < ROWS; i++) {
		for (var v = 0u; v < VECS; v++) { put_y(run, row + i, column + v * column_stride(), sum[i][v]); }
	}
}

// Workgroups of one row of the grid own ROWS inputs: the first compute dx of tokens, the others dw of outputs.
@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let member = subgroup_member();
	let first = select(0u, (column_stride() + WORKGROUP - 1u) / WORKGROUP, INPUT_GRADIENT);
	if (group.x < first) {
		backward_input(group.z, group.y * ROWS, first_column(group.x * WORKGROUP + lane), member);
	} else {
		backward_weight(group.z, group.y * ROWS, group.x - first, lane, member);
	}
}

fn backward_input(run: u32, row: u32, column: u32, member: u32) {
	let columns = sizes.tokens / 4u;
	let dy_at = columns_from(run * (sizes.dy_run / 4u), column);
	var sum: array<array<vec4f, VECS>, ROWS>;
	for (var n = 0u; n < sizes.outputs; n += 4u) {
		var a: array<vec4f, SHARES>;
		for (var s = 0u; s < SHARES; s++) { a[s] = weights_at(run, row + member % ROWS + s * SUBGROUP, n); }
		for (var c = 0u; c < ROUNDS; c++) {
			let b_row = min(n + c, sizes.outputs - 1u) * columns;
			var b: array<vec4f, VECS>;
			for (var v = 0u; v < VECS; v++) { b[v] = dy[dy_at[v] + b_row]; }
			for (var i = 0u; i < ROWS; i++) {
				let weight = broadcast_from(a[i / SUBGROUP].x, i % SUBGROUP);
				for (var v = 0u; v < VECS; v++) { sum[i][v] = fma(vec4f(weight), b[v], sum[i][v]); }
			}
			for (var s = 0u; s < SHARES; s++) { a[s] = a[s].yzwx; }
		}
	}
	for (var i = 0u; i < ROWS; i++) {
		for (var v = 0u; v < VECS; v++) { put_dx(run, row + i, column + v * column_stride(), sum[i][v]); }
	}
}

// An invocation owns ROWS × VECS × 4 weights, and the outputs' biases.
fn backward_weight(run: u32, row: u32, tile: u32, lane: u32, member: u32) {
	let columns = sizes.tokens / 4u;
	let across = (sizes.outputs + 4u * VECS * WORKGROUP - 1u) / (4u * VECS * WORKGROUP);
	let first_output = 4u * (tile % across * VECS * WORKGROUP + lane);
	let range = tile / across;
	let quads = quads_of(range);
	var x_at: array<u32, SHARES>;
	for (var s = 0u; s < SHARES; s++) {
		x_at[s] = run * (sizes.x_run / 4u) + min(row + member % ROWS + s * SUBGROUP, sizes.inputs - 1u) * columns;
	}
	var dy_at: array<array<u32, FOUR>, VECS>;
	for (var v = 0u; v < VECS; v++) {
		for (var j = 0u; j < FOUR; j++) {
			let output = first_output + 4u * v * WORKGROUP + j;
			dy_at[v][j] = run * (sizes.dy_run / 4u) + min(output, sizes.outputs - 1u) * columns;
		}
	}
	var sum: array<array<vec4f, VECS>, ROWS>;
	var bias_sum: array<vec4f, VECS>;
	for (var m = quads.x; m < quads.y; m++) {
		var a: array<vec4f, SHARES>;
		for (var s = 0u; s < SHARES; s++) { a[s] = vec4f(x[x_at[s] + m]); }
		var b: array<array<vec4f, FOUR>, VECS>;
		for (var v = 0u; v < VECS; v++) {
			for (var j = 0u; j < FOUR; j++) { b[v][j] = dy[dy_at[v][j] + m]; }
		}
		for (var c = 0u; c < ROUNDS; c++) {
			var token: array<vec4f, VECS>;
			for (var v = 0u; v < VECS; v++) {
				token[v] = vec4f(b[v][0].x, b[v][1].x, b[v][2].x, b[v][3].x);
				bias_sum[v] += token[v];
			}
			for (var i = 0u; i < ROWS; i++) {
				let input = broadcast_from(a[i / SUBGROUP].x, i % SUBGROUP);
				for (var v = 0u; v < VECS; v++) { sum[i][v] = fma(vec4f(input), token[v], sum[i][v]); }
			}
			for (var s = 0u; s < SHARES; s++) { a[s] = a[s].yzwx; }
			for (var v = 0u; v < VECS; v++) {
				for (var j = 0u; j < FOUR; j++) { b[v][j] = b[v][j].yzwx; }
			}
		}
	}
	for (var v = 0u; v < VECS; v++) {
		let output = first_output + 4u * v * WORKGROUP;
		let count = sizes.outputs - min(output, sizes.outputs);
		for (var i = 0u; i < ROWS; i++) {
			if ((row + i < sizes.inputs) & (count > 0u)) {
				let first = run * sizes.dw_run + (range * sizes.inputs + row + i) * sizes.outputs;
				put_gradients(first + output, count, sum[i][v]);
			}
		}
		if (BIASED && row == 0u) {
			for (var j = 0u; j < min(4u, count); j += 1u) {
				add_dbias(run * sizes.dbias_run + range * sizes.outputs + output + j, bias_sum[v][j]);
			}
		}
	}
}
