// Layer norm over the width of each row (Ba et al. 2016), for a pack.
//   forward          mean = Σ x / width,  rstd = 1/√(Σ (x − mean)² / width + ε),  n = (x − mean) rstd,  y = n gamma + beta
//   backward_input   g = dy gamma,  dx (+)= rstd (g − mean(g) − n mean(g n))
//   backward_weight  dgamma (+)= Σ dy n,  dbeta (+)= Σ dy, for each range of rows
//
// x, y, dy, dx [run, rows, width]  gamma, beta [run, width]  stats [run, rows] of (mean, rstd)
// dgamma, dbeta [run, ranges, width]. The header gives Vec and LANES.

struct Sizes {
	rows: u32, width: u32, ranges: u32, accumulate: u32,
	x_run: u32, gamma_run: u32, stats_run: u32, dgamma_run: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<Vec>;
@group(0) @binding(2) var<storage, read> gamma: array<Vec>;
@group(0) @binding(3) var<storage, read> beta: array<Vec>;
@group(0) @binding(4) var<storage, read_write> y: array<Vec>;
@group(0) @binding(5) var<storage, read_write> stats: array<vec2f>;
@group(0) @binding(6) var<storage, read> dy: array<Vec>;
@group(0) @binding(7) var<storage, read_write> dx: array<Vec>;
@group(0) @binding(8) var<storage, read_write> dgamma: array<Vec>;
@group(0) @binding(9) var<storage, read_write> dbeta: array<Vec>;

const EPSILON = 1e-5;

// One invocation per row.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u) {
	if (id.x >= sizes.rows) { return; }
	let width = sizes.width / LANES;
	let row = id.z * (sizes.x_run / LANES) + id.x * width;
	let scale = id.z * (sizes.gamma_run / LANES);
	var sum = Vec();
	for (var k = 0u; k < width; k++) { sum += x[row + k]; }
	let mean = total(sum) / f32(sizes.width);
	var squares = Vec();
	for (var k = 0u; k < width; k++) {
		let d = x[row + k] - Vec(mean);
		squares = fma(d, d, squares);
	}
	let rstd = 1.0 / sqrt(total(squares) / f32(sizes.width) + EPSILON);
	for (var k = 0u; k < width; k++) {
		y[row + k] = fma((x[row + k] - Vec(mean)) * rstd, gamma[scale + k], beta[scale + k]);
	}
	stats[id.z * (sizes.stats_run / 2u) + id.x] = vec2f(mean, rstd);
}

// One invocation per row.
@compute @workgroup_size(64)
fn backward_input(@builtin(global_invocation_id) id: vec3u) {
	if (id.x >= sizes.rows) { return; }
	let width = sizes.width / LANES;
	let row = id.z * (sizes.x_run / LANES) + id.x * width;
	let scale = id.z * (sizes.gamma_run / LANES);
	let stat = stats[id.z * (sizes.stats_run / 2u) + id.x];
	var sum_g = Vec();
	var sum_gn = Vec();
	for (var k = 0u; k < width; k++) {
		let g = dy[row + k] * gamma[scale + k];
		sum_g += g;
		sum_gn = fma(g, (x[row + k] - Vec(stat.x)) * stat.y, sum_gn);
	}
	let mean_g = total(sum_g) / f32(sizes.width);
	let mean_gn = total(sum_gn) / f32(sizes.width);
	for (var k = 0u; k < width; k++) {
		let n = (x[row + k] - Vec(stat.x)) * stat.y;
		var value = stat.y * (dy[row + k] * gamma[scale + k] - Vec(mean_g) - n * mean_gn);
		if (sizes.accumulate != 0u) { value += dx[row + k]; }
		dx[row + k] = value;
	}
}

// id.x is the column, id.y the range of rows.
@compute @workgroup_size(64)
fn backward_weight(@builtin(global_invocation_id) id: vec3u) {
	let width = sizes.width / LANES;
	if (id.x >= width) { return; }
	let length = (sizes.rows + sizes.ranges - 1u) / sizes.ranges;
	let begin = id.y * length;
	var sum_gamma = Vec();
	var sum_beta = Vec();
	for (var m = begin; m < min(begin + length, sizes.rows); m++) {
		let e = id.z * (sizes.x_run / LANES) + m * width + id.x;
		let stat = stats[id.z * (sizes.stats_run / 2u) + m];
		sum_gamma = fma(dy[e], (x[e] - Vec(stat.x)) * stat.y, sum_gamma);
		sum_beta += dy[e];
	}
	let e = id.z * (sizes.dgamma_run / LANES) + id.y * width + id.x;
	if (sizes.accumulate != 0u) {
		sum_gamma += dgamma[e];
		sum_beta += dbeta[e];
	}
	dgamma[e] = sum_gamma;
	dbeta[e] = sum_beta;
}
