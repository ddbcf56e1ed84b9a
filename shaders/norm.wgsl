// Norm over the features of each token, for a pack: layer norm (Ba et al. 2016) or RMS norm (Zhang & Sennrich 2019).
//   forward   rstd = 1/√(Σ (x − mean)² / width + ε),  n = (x − mean) rstd,  y = n gamma + beta;  an RMS norm has mean 0
//   backward  g = dy gamma,  dx (+)= rstd (g − mean(g) − n mean(g n)), without mean(g) in an RMS norm
//             dgamma (+)= Σ dy n,  dbeta (+)= Σ dy over the tokens
//   add       dx += dy: the backward pass where there is no norm
//
// x, y, dy, dx [run, width, tokens']  gamma, beta, dgamma, dbeta [run, width]  stats [run, 2, tokens']: mean, rstd
// Invocations run along tokens, four at a time. dy of padding is 0, so it adds nothing to the sums.
// The header gives WORKGROUP (invocations), FEW_TOKENS (whether a single one sums over all tokens), CENTERED (layer
// norm or not), StoredY (the type that y is stored as) and, for biases, beta_of and add_dbeta.

struct Sizes {
	width: u32, columns: u32, token_groups: u32, residual: u32, accumulate: u32,
	x_run: u32, y_run: u32, dx_run: u32, gamma_run: u32, beta_run: u32, stats_run: u32, dgamma_run: u32, dbeta_run: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> gamma: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<StoredY>;
@group(0) @binding(4) var<storage, read_write> stats: array<vec4f>;
@group(0) @binding(5) var<storage, read> dy: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> dgamma: array<f32>;

const EPSILON = 1e-5;

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
	let columns = sizes.columns;
	if (id.x >= columns) { return; }
	let first = group.z * (sizes.x_run / 4u) + id.x;
	let y_first = group.z * (sizes.y_run / 4u) + id.x;
	let width = f32(sizes.width);
	var mean = vec4f();
	if (CENTERED) {
		for (var k = 0u; k < sizes.width; k++) { mean += x[first + k * columns]; }
		mean /= width;
	}
	var squares = vec4f();
	for (var k = 0u; k < sizes.width; k++) {
		let d = x[first + k * columns] - mean;
		squares = fma(d, d, squares);
	}
	let rstd = 1.0 / sqrt(squares / width + EPSILON);
	for (var k = 0u; k < sizes.width; k++) {
		let n = (x[first + k * columns] - mean) * rstd;
		let value = fma(n, vec4f(gamma[group.z * sizes.gamma_run + k]), vec4f(beta_of(group.z, k)));
		y[y_first + k * columns] = StoredY(value);
	}
	let row = group.z * (sizes.stats_run / 4u) + id.x;
	stats[row] = mean;
	stats[row + columns] = rstd;
}

// The first workgroups of the grid compute dx of tokens. Each of the others computes dgamma and dbeta of one feature, or, with
// FEW_TOKENS, each of their invocations does.
@compute @workgroup_size(WORKGROUP)
fn backward(
	@builtin(global_invocation_id) id: vec3u,
	@builtin(workgroup_id) group: vec3u,
	@builtin(local_invocation_index) lane: u32,
) {
	if (group.x < sizes.token_groups) {
		if (id.x < sizes.columns) { backward_input(group.z, id.x); }
	} else if (FEW_TOKENS) {
		let feature = id.x - sizes.token_groups * WORKGROUP;
		if (feature < sizes.width) { put_weight(group.z, feature, sum_weight(group.z, feature, 0u, 1u)); }
	} else {
		backward_weight(group.z, group.x - sizes.token_groups, lane);
	}
}

fn backward_input(run: u32, column: u32) {
	let columns = sizes.columns;
	let first = run * (sizes.x_run / 4u) + column;
	let width = f32(sizes.width);
	let row = run * (sizes.stats_run / 4u) + column;
	let mean = stats[row];
	let rstd = stats[row + columns];
	var mean_g = vec4f();
	var mean_gn = vec4f();
	for (var k = 0u; k < sizes.width; k++) {
		let g = dy[first + k * columns] * gamma[run * sizes.gamma_run + k];
		if (CENTERED) { mean_g += g; }
		mean_gn = fma(g, (x[first + k * columns] - mean) * rstd, mean_gn);
	}
	mean_g /= width;
	mean_gn /= width;
	for (var k = 0u; k < sizes.width; k++) {
		let at = first + k * columns;
		let n = (x[at] - mean) * rstd;
		var value = rstd * (dy[at] * gamma[run * sizes.gamma_run + k] - mean_g - n * mean_gn);
		if (sizes.residual != 0u) { value += dx[at]; }
		dx[at] = value;
	}
}

// A feature's dgamma and dbeta from every `step`th column from `begin` on.
fn sum_weight(run: u32, feature: u32, begin: u32, step: u32) -> vec2f {
	let columns = sizes.columns;
	let at = run * (sizes.x_run / 4u) + feature * columns;
	let row = run * (sizes.stats_run / 4u);
	var sum_gamma = vec4f();
	var sum_beta = vec4f();
	for (var first = 0u; first < columns; first += step) {
		let m = first + begin;
		if (m < columns) {
			let d = dy[at + m];
			sum_gamma = fma(d, (x[at + m] - stats[row + m]) * stats[row + columns + m], sum_gamma);
			sum_beta += d;
		}
	}
	return vec2f(dot(sum_gamma, vec4f(1.0)), dot(sum_beta, vec4f(1.0)));
}

fn put_weight(run: u32, feature: u32, sum: vec2f) {
	let place = run * sizes.dgamma_run + feature;
	dgamma[place] = select(0.0, dgamma[place], sizes.accumulate != 0u) + sum.x;
	add_dbeta(run * sizes.dbeta_run + feature, sum.y);
}

// Each invocation sums over its own tokens; then the first adds up all the sums in order.
var<workgroup> sums: array<vec2f, WORKGROUP>;

fn backward_weight(run: u32, feature: u32, lane: u32) {
	sums[lane] = sum_weight(run, feature, lane, WORKGROUP);
	workgroupBarrier();
	if (lane != 0u) { return; }
	var sum = vec2f();
	for (var other = 0u; other < WORKGROUP; other += 1u) { sum += sums[other]; }
	put_weight(run, feature, sum);
}

// id.y is the feature.
@compute @workgroup_size(WORKGROUP)
fn add(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
	if (id.x >= sizes.columns) { return; }
	let at = group.z * (sizes.dx_run / 4u) + group.y * sizes.columns + id.x;
	dx[at] += dy[at];
}
