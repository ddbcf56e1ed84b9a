// Linear layer of a pack. Weights are stored [inputs, outputs], as GPT-2's are.
//   forward              y[m,n]  = Σ_k x[m,k] w[k,n] + bias[n]
//   forward_residual     y[m,n]  = Σ_k x[m,k] w[k,n] + bias[n] + residual[m,n]
//   forward_gelu         u[m,n]  = Σ_k x[m,k] w[k,n] + bias[n],  y = gelu(u)
//   backward_input       dx[m,k] = Σ_n dy[m,n] w[k,n]
//   backward_input_gelu  dx[m,k] = gelu'(u[m,k]) Σ_n dy[m,n] w[k,n]
//   backward_weight      dw[k,n] (+)= Σ_m x[m,k] dy[m,n],  dbias[n] (+)= Σ_m dy[m,n], for each range of rows m
// gelu(u) = u/2 (1 + tanh(√(2/π) (u + 0.044715 u³))) (Hendrycks & Gimpel 2016)
//
// x [run, rows, inputs]  w [run, inputs, outputs]  bias [run, outputs]  y, u, residual, dy [run, rows, outputs]
// dx, gelu_input (= u) [run, rows, inputs]  dw [run, ranges, inputs, outputs]  dbias [run, ranges, outputs]
// An invocation owns TILE rows × TILE columns in registers. The header gives Vec, LANES, TILE and COLS = TILE / LANES.

struct Sizes {
	rows: u32, inputs: u32, outputs: u32, ranges: u32, accumulate: u32,
	x_run: u32, w_run: u32, bias_run: u32, y_run: u32, dy_run: u32, dx_run: u32, dw_run: u32, dbias_run: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<Vec>;
@group(0) @binding(2) var<storage, read> w: array<Vec>;
@group(0) @binding(3) var<storage, read> bias: array<Vec>;
@group(0) @binding(4) var<storage, read_write> y: array<Vec>;
@group(0) @binding(5) var<storage, read> residual: array<Vec>;
@group(0) @binding(6) var<storage, read_write> u: array<Vec>;
@group(0) @binding(7) var<storage, read> dy: array<Vec>;
@group(0) @binding(8) var<storage, read_write> dx: array<f32>;
@group(0) @binding(9) var<storage, read> gelu_input: array<f32>;
@group(0) @binding(10) var<storage, read_write> dw: array<Vec>;
@group(0) @binding(11) var<storage, read_write> dbias: array<Vec>;

alias Tile = array<array<Vec, COLS>, TILE>;

fn multiply(run: u32, row: u32, column: u32) -> Tile {
	let inputs = sizes.inputs / LANES;
	let outputs = sizes.outputs / LANES;
	var x_at: array<u32, TILE>;
	for (var i = 0u; i < TILE; i++) { x_at[i] = run * (sizes.x_run / LANES) + min(row + i, sizes.rows - 1u) * inputs; }
	var w_at: array<u32, COLS>;
	for (var j = 0u; j < COLS; j++) { w_at[j] = run * (sizes.w_run / LANES) + min(column + j, outputs - 1u); }
	var sum: Tile;
	for (var k = 0u; k < inputs; k++) {
		var a: array<Vec, TILE>;
		for (var i = 0u; i < TILE; i++) { a[i] = x[x_at[i] + k]; }
		for (var lane = 0u; lane < LANES; lane++) {
			for (var j = 0u; j < COLS; j++) {
				let b = w[w_at[j] + (k * LANES + lane) * outputs];
				for (var i = 0u; i < TILE; i++) { sum[i][j] = fma(Vec(at(a[i], lane)), b, sum[i][j]); }
			}
		}
	}
	return sum;
}

struct Place { row: u32, column: u32, inside: bool }

// Tiles in order of columns, then rows; columns in units of Vec.
fn place(id: u32, rows: u32, columns: u32) -> Place {
	let across = (columns + COLS - 1u) / COLS;
	let row = id / across * TILE;
	return Place(row, id % across * COLS, row < rows);
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u) {
	let outputs = sizes.outputs / LANES;
	let p = place(id.x, sizes.rows, outputs);
	if (!p.inside) { return; }
	let sum = multiply(id.z, p.row, p.column);
	for (var j = 0u; j < COLS; j++) {
		if (p.column + j < outputs) {
			let b = bias[id.z * (sizes.bias_run / LANES) + p.column + j];
			for (var i = 0u; i < TILE; i++) {
				if (p.row + i < sizes.rows) {
					y[id.z * (sizes.y_run / LANES) + (p.row + i) * outputs + p.column + j] = sum[i][j] + b;
				}
			}
		}
	}
}

@compute @workgroup_size(64)
fn forward_residual(@builtin(global_invocation_id) id: vec3u) {
	let outputs = sizes.outputs / LANES;
	let p = place(id.x, sizes.rows, outputs);
	if (!p.inside) { return; }
	let sum = multiply(id.z, p.row, p.column);
	for (var j = 0u; j < COLS; j++) {
		if (p.column + j < outputs) {
			let b = bias[id.z * (sizes.bias_run / LANES) + p.column + j];
			for (var i = 0u; i < TILE; i++) {
				if (p.row + i < sizes.rows) {
					let at_y = id.z * (sizes.y_run / LANES) + (p.row + i) * outputs + p.column + j;
					y[at_y] = sum[i][j] + b + residual[at_y];
				}
			}
		}
	}
}

@compute @workgroup_size(64)
fn forward_gelu(@builtin(global_invocation_id) id: vec3u) {
	let outputs = sizes.outputs / LANES;
	let p = place(id.x, sizes.rows, outputs);
	if (!p.inside) { return; }
	let sum = multiply(id.z, p.row, p.column);
	for (var j = 0u; j < COLS; j++) {
		if (p.column + j < outputs) {
			let b = bias[id.z * (sizes.bias_run / LANES) + p.column + j];
			for (var i = 0u; i < TILE; i++) {
				if (p.row + i < sizes.rows) {
					let at_y = id.z * (sizes.y_run / LANES) + (p.row + i) * outputs + p.column + j;
					let v = sum[i][j] + b;
					u[at_y] = v;
					y[at_y] = 0.5 * v * (1.0 + bounded_tanh(0.7978845608 * (v + 0.044715 * v * v * v)));
				}
			}
		}
	}
}

// tanh(±10) is ±1 in 32 bits; some drivers' tanh overflows far outside.
fn bounded_tanh(v: Vec) -> Vec { return tanh(clamp(v, Vec(-10.0), Vec(10.0))); }

struct Row { row: u32, column: u32, stride: u32, inside: bool }

// backward_input's columns are `stride` apart, so that neighbours write neighbouring entries.
fn place_strided(id: u32) -> Row {
	let stride = (sizes.inputs + TILE - 1u) / TILE;
	let row = id / stride * TILE;
	return Row(row, id % stride, stride, row < sizes.rows);
}

alias Dots = array<array<f32, TILE>, TILE>;

fn multiply_transposed(run: u32, r: Row) -> Dots {
	let outputs = sizes.outputs / LANES;
	var dy_at: array<u32, TILE>;
	var w_at: array<u32, TILE>;
	for (var i = 0u; i < TILE; i++) {
		dy_at[i] = run * (sizes.dy_run / LANES) + min(r.row + i, sizes.rows - 1u) * outputs;
		w_at[i] = run * (sizes.w_run / LANES) + min(r.column + i * r.stride, sizes.inputs - 1u) * outputs;
	}
	var sum: Dots;
	for (var n = 0u; n < outputs; n++) {
		var a: array<Vec, TILE>;
		for (var i = 0u; i < TILE; i++) { a[i] = dy[dy_at[i] + n]; }
		for (var j = 0u; j < TILE; j++) {
			let b = w[w_at[j] + n];
			for (var i = 0u; i < TILE; i++) { sum[i][j] = add_dot(a[i], b, sum[i][j]); }
		}
	}
	return sum;
}

@compute @workgroup_size(64)
fn backward_input(@builtin(global_invocation_id) id: vec3u) {
	let r = place_strided(id.x);
	if (!r.inside) { return; }
	let sum = multiply_transposed(id.z, r);
	for (var i = 0u; i < TILE; i++) {
		for (var j = 0u; j < TILE; j++) {
			let column = r.column + j * r.stride;
			if (r.row + i < sizes.rows && column < sizes.inputs) {
				dx[id.z * sizes.dx_run + (r.row + i) * sizes.inputs + column] = sum[i][j];
			}
		}
	}
}

@compute @workgroup_size(64)
fn backward_input_gelu(@builtin(global_invocation_id) id: vec3u) {
	let r = place_strided(id.x);
	if (!r.inside) { return; }
	let sum = multiply_transposed(id.z, r);
	for (var i = 0u; i < TILE; i++) {
		for (var j = 0u; j < TILE; j++) {
			let column = r.column + j * r.stride;
			if (r.row + i < sizes.rows && column < sizes.inputs) {
				let at_dx = id.z * sizes.dx_run + (r.row + i) * sizes.inputs + column;
				dx[at_dx] = sum[i][j] * gelu_slope(gelu_input[at_dx]);
			}
		}
	}
}

fn gelu_slope(v: f32) -> f32 {
	let t = tanh(clamp(0.7978845608 * (v + 0.044715 * v * v * v), -10.0, 10.0));
	return 0.5 * (1.0 + t) + 0.5 * v * (1.0 - t * t) * 0.7978845608 * (1.0 + 3.0 * 0.044715 * v * v);
}

// id.y is the range of rows.
@compute @workgroup_size(64)
fn backward_weight(@builtin(global_invocation_id) id: vec3u) {
	let inputs = sizes.inputs / LANES;
	let outputs = sizes.outputs / LANES;
	let p = place(id.x, sizes.inputs, outputs);
	if (!p.inside) { return; }
	let length = (sizes.rows + sizes.ranges - 1u) / sizes.ranges;
	let begin = id.y * length;
	let to = min(begin + length, sizes.rows);
	var x_at: array<u32, COLS>;
	var dy_at: array<u32, COLS>;
	for (var j = 0u; j < COLS; j++) {
		x_at[j] = id.z * (sizes.x_run / LANES) + min(p.row / LANES + j, inputs - 1u);
		dy_at[j] = id.z * (sizes.dy_run / LANES) + min(p.column + j, outputs - 1u);
	}
	var sum: Tile;
	var bias_sum: array<Vec, COLS>;
	for (var m = begin; m < to; m++) {
		var a: array<Vec, COLS>;
		for (var j = 0u; j < COLS; j++) { a[j] = x[x_at[j] + m * inputs]; }
		for (var j = 0u; j < COLS; j++) {
			let b = dy[dy_at[j] + m * outputs];
			bias_sum[j] += b;
			for (var i = 0u; i < COLS; i++) {
				for (var lane = 0u; lane < LANES; lane++) {
					sum[i * LANES + lane][j] = fma(Vec(at(a[i], lane)), b, sum[i * LANES + lane][j]);
				}
			}
		}
	}
	let dw_at = id.z * (sizes.dw_run / LANES) + id.y * sizes.inputs * outputs;
	let dbias_at = id.z * (sizes.dbias_run / LANES) + id.y * outputs;
	for (var j = 0u; j < COLS; j++) {
		if (p.column + j < outputs) {
			for (var i = 0u; i < TILE; i++) {
				if (p.row + i < sizes.inputs) {
					let e = dw_at + (p.row + i) * outputs + p.column + j;
					var value = sum[i][j];
					if (sizes.accumulate != 0u) { value += dw[e]; }
					dw[e] = value;
				}
			}
			if (p.row == 0u) {
				let e = dbias_at + p.column + j;
				var value = bias_sum[j];
				if (sizes.accumulate != 0u) { value += dbias[e]; }
				dbias[e] = value;
			}
		}
	}
}
