// Queries and keys of a pack before attention: QK-norm (an RMS norm of each head with a learned gain; Henry et al. 2020,
// in this form in Qwen3), then rotary positions (see rotary.wgsl), either or both. Values are copied.
//   forward   rstd = 1/√(Σ raw² / head_size + ε),  n = raw rstd gain,  qkv = n turned by the token's angles
//   backward  g = dqkv gain,  draw = rstd (g − raw rstd mean(g raw rstd)),  dgain (+)= Σ dqkv raw rstd over tokens and heads;
//             dqkv is the gradient of n: attention has already turned it back
//
// raw, qkv, dqkv, draw [run, (heads + 2·key_heads)·head_size, tokens']  rstd [run, heads + key_heads, tokens']
// q_gain, k_gain, dq_gain, dk_gain [run, head_size]  turns [head_size, tokens']. Invocations run along tokens, four at a
// time; group.y is the head. dqkv of padding is 0. The header gives WORKGROUP (invocations), NORMED, TURNED,
// StoredRaw (the type that raw and qkv are stored as), gain_of, keep_rstd and turns_of.

struct Sizes {
	heads: u32, key_heads: u32, head_size: u32, columns: u32, token_groups: u32, accumulate: u32,
	raw_run: u32, dqkv_run: u32, rstd_run: u32, q_gain_run: u32, dq_gain_run: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> raw: array<StoredRaw>;
@group(0) @binding(2) var<storage, read_write> qkv: array<StoredRaw>;
@group(0) @binding(3) var<storage, read_write> rstd: array<vec4f>;
@group(0) @binding(4) var<storage, read> q_gain: array<f32>;
@group(0) @binding(5) var<storage, read> k_gain: array<f32>;
@group(0) @binding(6) var<storage, read> dqkv: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> draw: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> dq_gain: array<f32>;
@group(0) @binding(9) var<storage, read_write> dk_gain: array<f32>;

const EPSILON = 1e-5;

// First entries of a head in raw and qkv, and in their gradients.
fn head_at(run: u32, head: u32) -> u32 {
	return run * (sizes.raw_run / 4u) + head * sizes.head_size * sizes.columns;
}
fn gradient_at(run: u32, head: u32) -> u32 {
	return run * (sizes.dqkv_run / 4u) + head * sizes.head_size * sizes.columns;
}

fn load_raw(at: u32) -> vec4f { return vec4f(raw[at]); }

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
	let columns = sizes.columns;
	if (id.x >= columns) { return; }
	let head = group.y;
	let at = head_at(group.z, head) + id.x;
	if (head >= sizes.heads + sizes.key_heads) {
		for (var d = 0u; d < sizes.head_size; d++) { qkv[at + d * columns] = raw[at + d * columns]; }
		return;
	}
	var factor = vec4f(1.0);
	if (NORMED) {
		var squares = vec4f();
		for (var d = 0u; d < sizes.head_size; d++) {
			let value = load_raw(at + d * columns);
			squares = fma(value, value, squares);
		}
		factor = 1.0 / sqrt(squares / f32(sizes.head_size) + EPSILON);
		keep_rstd(group.z, head, id.x, factor);
	}
	let half = sizes.head_size / 2u;
	if (TURNED) {
		for (var d = 0u; d < half; d++) {
			let a = load_raw(at + d * columns) * factor * gain_of(group.z, head, d);
			let b = load_raw(at + (d + half) * columns) * factor * gain_of(group.z, head, d + half);
			let cosine = turns_of(d * columns + id.x);
			let sine = turns_of((d + half) * columns + id.x);
			qkv[at + d * columns] = StoredRaw(a * cosine - b * sine);
			qkv[at + (d + half) * columns] = StoredRaw(b * cosine + a * sine);
		}
	} else {
		for (var d = 0u; d < sizes.head_size; d++) {
			qkv[at + d * columns] = StoredRaw(load_raw(at + d * columns) * factor * gain_of(group.z, head, d));
		}
	}
}

// The first workgroups of a row of the grid compute draw of a head; in the first two rows (queries, keys) each of the others
// computes the gradient of one entry of the gain.
@compute @workgroup_size(WORKGROUP)
fn backward(
	@builtin(global_invocation_id) id: vec3u,
	@builtin(workgroup_id) group: vec3u,
	@builtin(local_invocation_index) lane: u32,
) {
	if (group.x < sizes.token_groups) {
		if (id.x < sizes.columns) { backward_input(group.z, group.y, id.x); }
	} else if (group.y < 2u) {
		backward_gain(group.z, group.y, group.x - sizes.token_groups, lane);
	}
}

fn backward_input(run: u32, head: u32, column: u32) {
	let columns = sizes.columns;
	let raw_at = head_at(run, head) + column;
	let at = gradient_at(run, head) + column;
	if (head >= sizes.heads + sizes.key_heads) {
		for (var d = 0u; d < sizes.head_size; d++) { draw[at + d * columns] = dqkv[at + d * columns]; }
		return;
	}
	let factor = rstd[run * (sizes.rstd_run / 4u) + head * columns + column];
	var mean = vec4f();
	for (var d = 0u; d < sizes.head_size; d++) {
		mean = fma(dqkv[at + d * columns] * gain_of(run, head, d), load_raw(raw_at + d * columns) * factor, mean);
	}
	mean /= f32(sizes.head_size);
	for (var d = 0u; d < sizes.head_size; d++) {
		let g = dqkv[at + d * columns] * gain_of(run, head, d);
		draw[at + d * columns] = factor * (g - load_raw(raw_at + d * columns) * factor * mean);
	}
}

// Each invocation sums over its own tokens; then the first adds up all the sums in order.
var<workgroup> sums: array<f32, WORKGROUP>;

fn backward_gain(run: u32, of_keys: u32, d: u32, lane: u32) {
	let columns = sizes.columns;
	let first = select(0u, sizes.heads, of_keys == 1u);
	let last = select(sizes.heads, sizes.heads + sizes.key_heads, of_keys == 1u);
	var sum = vec4f();
	for (var head = first; head < last; head++) {
		let raw_at = head_at(run, head) + d * columns;
		let at = gradient_at(run, head) + d * columns;
		let factor_at = run * (sizes.rstd_run / 4u) + head * columns;
		for (var begin = 0u; begin < columns; begin += WORKGROUP) {
			let m = begin + lane;
			if (m < columns) { sum = fma(dqkv[at + m], load_raw(raw_at + m) * rstd[factor_at + m], sum); }
		}
	}
	sums[lane] = dot(sum, vec4f(1.0));
	workgroupBarrier();
	if (lane != 0u) { return; }
	var total = 0.0;
	for (var other = 0u; other < WORKGROUP; other += 1u) { total += sums[other]; }
	let place = run * sizes.dq_gain_run + d;
	if (of_keys == 1u) {
		if (sizes.accumulate != 0u) { total += dk_gain[place]; }
		dk_gain[place] = total;
	} else {
		if (sizes.accumulate != 0u) { total += dq_gain[place]; }
		dq_gain[place] = total;
	}
}
