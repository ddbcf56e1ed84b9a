// The direction in which Muon moves each hidden matrix W [rows, columns] of every run (Jordan et al. 2024):
//   prepare      m = β₁ m + (1−β₁) g;  u = β₁ m + (1−β₁) g  (Nesterov, g after clipping);  Y = u / (‖u‖ + 1e-7), Frobenius norm
//   five times (Newton–Schulz):
//   gram         A = Yᵀ Y
//   polynomial   P = 3.4445 + A (−4.7750 + 2.0315 A)
//   apply        Y ← Y P
//   direction    v = 0.2 √max(rows, columns) · Y  (Liu et al. 2025)
//   whole        all of these for one matrix in one workgroup
//
// Y has the longer side of W as its rows: it is Wᵀ where W has more columns than rows.
// gradients, m, v: as in optimizer.wgsl
// blocks: the matrices of all runs
// wide: for each matrix two copies of Y [long, short], sides rounded up to multiples of 4 with zeros; products go from one to the other
// square: for each matrix A and P [short, short]; in workgroup memory for `whole`
// hyper: [run]; of a frozen run nothing changes
// The header gives Hyper, the type of `square`, SIDE × SIDE invocations, and ITERATIONS. An invocation computes 4 × 4 entries.

struct Block {
	// first entry in gradients, m and v; entries from row to row there
	first: u32, stride: u32, rows: u32, columns: u32,
	// first vector in wide and in square
	run: u32, wide: u32, square: u32, factor: f32,
}
struct Sizes {
	// iterations done
	iteration: u32,
	// the first workgroup of this piece of the dispatch: see src/gpu/pieces.ts
	origin_x: u32, origin_y: u32, origin_z: u32,
}

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> blocks: array<Block>;
@group(0) @binding(2) var<storage, read> hyper: array<Hyper>;
@group(0) @binding(3) var<storage, read> gradients: array<f32>;
@group(0) @binding(4) var<storage, read_write> m: array<f32>;
@group(0) @binding(5) var<storage, read_write> v: array<f32>;
@group(0) @binding(6) var<storage, read_write> wide: array<vec4f>;

// A block with its sides in vectors of four, and the places of its copies of Y.
struct Matrix {
	given: Block,
	// sides in entries, then in vectors; entries of W from one row of Y to the next, and along it
	long: u32, short: u32, longs: u32, shorts: u32, down: u32, along: u32,
}

fn matrix(place: u32) -> Matrix {
	let given = blocks[place];
	let is_tall = given.rows >= given.columns;
	let long = max(given.rows, given.columns);
	let short = min(given.rows, given.columns);
	let down = select(1u, given.stride, is_tall);
	let along = select(given.stride, 1u, is_tall);
	return Matrix(given, long, short, (long + 3u) / 4u, (short + 3u) / 4u, down, along);
}

// The same without any entries if its run is frozen.
fn unfrozen(place: u32) -> Matrix {
	var result = matrix(place);
	if (hyper[result.given.run].frozen != 0.0) {
		result.long = 0u;
		result.short = 0u;
		result.longs = 0u;
		result.shorts = 0u;
	}
	return result;
}

// The first vector of the copy of Y that iteration `iteration` reads; the next one reads what it writes.
fn copy_of(w: Matrix, iteration: u32) -> u32 {
	return w.given.wide + (iteration % 2u) * 4u * w.longs * w.shorts;
}

fn entry_of(w: Matrix, row: u32, column: u32) -> u32 { return w.given.first + row * w.down + column * w.along; }

var<workgroup> shared_sum: array<f32, SIDE * SIDE>;

// Updates m, and stores Y in its first copy, as a workgroup.
fn prepare_whole(w: Matrix, lane: vec2u) {
	let h = hyper[w.given.run];
	let first = copy_of(w, 0u);
	var sum = 0.0;
	for (var row = lane.y; row < w.long; row += SIDE) {
		for (var x = lane.x; x < w.shorts; x += SIDE) {
			var y = vec4f();
			for (var j = 0u; j < 4u; j += 1u) {
				if (4u * x + j < w.short) {
					let at = entry_of(w, row, 4u * x + j);
					let g = (1.0 - h.beta1) * (gradients[at] * h.scale);
					let new_m = fma(h.beta1, m[at], g);
					m[at] = new_m;
					y[j] = fma(h.beta1, new_m, g);
				}
			}
			wide[first + row * w.shorts + x] = y;
			sum += dot(y, y);
		}
	}
	let index = lane.y * SIDE + lane.x;
	shared_sum[index] = sum;
	for (var half = SIDE * SIDE / 2u; half > 0u; half /= 2u) {
		workgroupBarrier();
		if (index < half) { shared_sum[index] += shared_sum[index + half]; }
	}
	workgroupBarrier();
	let scale = 1.0 / (sqrt(shared_sum[0]) + 1e-7);
	for (var row = lane.y; row < w.long; row += SIDE) {
		for (var x = lane.x; x < w.shorts; x += SIDE) { wide[first + row * w.shorts + x] *= scale; }
	}
}

// t + the outer product of four entries of a column and four of a row.
fn plus_outer(t: mat4x4f, column: vec4f, row: vec4f) -> mat4x4f {
	return mat4x4f(
		fma(vec4f(column.x), row, t[0]), fma(vec4f(column.y), row, t[1]),
		fma(vec4f(column.z), row, t[2]), fma(vec4f(column.w), row, t[3])
	);
}

// Stores rows 4 y … 4 y + 3, vector x of a matrix of `width` vectors in `square`.
fn store_square(first: u32, width: u32, x: u32, y: u32, t: mat4x4f) {
	let at = first + 4u * y * width + x;
	square[at] = t[0];
	square[at + width] = t[1];
	square[at + 2u * width] = t[2];
	square[at + 3u * width] = t[3];
}

fn gram_tile(w: Matrix, iteration: u32, x: u32, y: u32) {
	let first = copy_of(w, iteration);
	var t = mat4x4f();
	for (var row = 0u; row < w.long; row += 1u) {
		let begin = first + row * w.shorts;
		t = plus_outer(t, wide[begin + y], wide[begin + x]);
	}
	store_square(w.given.square, w.shorts, x, y, t);
}

fn polynomial_tile(w: Matrix, x: u32, y: u32) {
	let first = w.given.square;
	let width = w.shorts;
	var t = mat4x4f();
	for (var row = 0u; row < 4u * width; row += 1u) {
		let begin = first + row * width;
		t = plus_outer(t, square[begin + y], square[begin + x]);
	}
	let at = first + 4u * y * width + x;
	let a = mat4x4f(square[at], square[at + width], square[at + 2u * width], square[at + 3u * width]);
	let diagonal = select(0.0, 3.4445, x == y);
	let p = 2.0315 * t - 4.7750 * a + diagonal * IDENTITY;
	store_square(first + 4u * width * width, width, x, y, p);
}

const IDENTITY = mat4x4f(1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0);

fn apply_tile(w: Matrix, iteration: u32, x: u32, y: u32) {
	let width = w.shorts;
	let first = copy_of(w, iteration) + 4u * y * width;
	let p = w.given.square + 4u * width * width + x;
	var t = mat4x4f();
	for (var k = 0u; k < width; k += 1u) {
		let rows = mat4x4f(
			wide[first + k], wide[first + width + k], wide[first + 2u * width + k], wide[first + 3u * width + k]
		);
		let begin = p + 4u * k * width;
		let columns = transpose(rows);
		t = plus_outer(t, columns[0], square[begin]);
		t = plus_outer(t, columns[1], square[begin + width]);
		t = plus_outer(t, columns[2], square[begin + 2u * width]);
		t = plus_outer(t, columns[3], square[begin + 3u * width]);
	}
	let at = copy_of(w, iteration + 1u) + 4u * y * width + x;
	wide[at] = t[0];
	wide[at + width] = t[1];
	wide[at + 2u * width] = t[2];
	wide[at + 3u * width] = t[3];
}

fn store_direction(w: Matrix, x: u32, row: u32) {
	let y = w.given.factor * wide[copy_of(w, ITERATIONS) + row * w.shorts + x];
	for (var j = 0u; j < 4u; j += 1u) {
		if (4u * x + j < w.short) { v[entry_of(w, row, 4u * x + j)] = y[j]; }
	}
}

// One workgroup per matrix.
@compute @workgroup_size(SIDE, SIDE)
fn whole(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
	let w = unfrozen(group.x + sizes.origin_x);
	prepare_whole(w, lane.xy);
	for (var iteration = 0u; iteration < ITERATIONS; iteration += 1u) {
		storageBarrier();
		for (var y = lane.y; y < w.shorts; y += SIDE) {
			for (var x = lane.x; x < w.shorts; x += SIDE) { gram_tile(w, iteration, x, y); }
		}
		workgroupBarrier();
		for (var y = lane.y; y < w.shorts; y += SIDE) {
			for (var x = lane.x; x < w.shorts; x += SIDE) { polynomial_tile(w, x, y); }
		}
		workgroupBarrier();
		for (var y = lane.y; y < w.longs; y += SIDE) {
			for (var x = lane.x; x < w.shorts; x += SIDE) { apply_tile(w, iteration, x, y); }
		}
	}
	storageBarrier();
	for (var row = lane.y; row < w.long; row += SIDE) {
		for (var x = lane.x; x < w.shorts; x += SIDE) { store_direction(w, x, row); }
	}
}

@compute @workgroup_size(SIDE, SIDE)
fn prepare(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
	prepare_whole(unfrozen(group.x + sizes.origin_x), lane.xy);
}

fn origin() -> vec3u { return vec3u(sizes.origin_x, sizes.origin_y, sizes.origin_z); }

// The entry points from here on have a grid of [vectors, rows in fours or single, matrices], SIDE × SIDE invocations to a workgroup.
@compute @workgroup_size(SIDE, SIDE)
fn gram(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_id) lane: vec3u) {
	let group = in_piece + origin();
	let w = matrix(group.z);
	let at = SIDE * group.xy + lane.xy;
	if (all(at < vec2u(w.shorts))) { gram_tile(w, sizes.iteration, at.x, at.y); }
}

@compute @workgroup_size(SIDE, SIDE)
fn polynomial(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_id) lane: vec3u) {
	let group = in_piece + origin();
	let w = matrix(group.z);
	let at = SIDE * group.xy + lane.xy;
	if (all(at < vec2u(w.shorts))) { polynomial_tile(w, at.x, at.y); }
}

@compute @workgroup_size(SIDE, SIDE)
fn apply(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_id) lane: vec3u) {
	let group = in_piece + origin();
	let w = matrix(group.z);
	let at = SIDE * group.xy + lane.xy;
	if (all(at < vec2u(w.shorts, w.longs))) { apply_tile(w, sizes.iteration, at.x, at.y); }
}

@compute @workgroup_size(SIDE, SIDE)
fn direction(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_id) lane: vec3u) {
	let group = in_piece + origin();
	let w = unfrozen(group.z);
	let at = SIDE * group.xy + lane.xy;
	if (all(at < vec2u(w.shorts, w.long))) { store_direction(w, at.x, at.y); }
}
