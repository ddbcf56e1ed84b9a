// The kernels of attention.wgsl whose invocations read for themselves, or share what each reads within a subgroup.
//
// An invocation owns four neighboring positions of a sequence (queries, or keys in backward_key) and goes through the others
// BLOCK at a time. It reads them itself (SUBGROUP = 1), or SUBGROUP invocations each read a part and broadcast it, in subgroups
// of that size or larger; then every invocation must take part, and those past the end write nothing. Sums over blocks are
// kept in the result itself, which is why o has 32 bits.
// The header gives LANES (invocations of a workgroup), SEQUENCES (sequences that a workgroup covers: several if they are
// short, and then each invocation reads for itself), BLOCK, SUBGROUP, LOADS = BLOCK / 4 / SUBGROUP (at least 1),
// subgroup_member and broadcast_from; turn_back (for rotary positions).

const BLOCK_QUADS = BLOCK / 4u;

// `first` and `own` are addresses in a row: of the sequence, and of the positions that an invocation owns. `part` is the
// offset, within a block, of what it reads. `position` is the first position that it owns; `count` positions exist from there
// on, which may be more than the four it owns.
struct Place { run: u32, head: u32, first: u32, own: u32, part: u32, position: u32, count: u32 }

fn chunks() -> u32 { return (sizes.context + LANES * 4u - 1u) / (LANES * 4u); }

// The first position of a workgroup.
fn first_of(group: vec3u) -> u32 { return group.x % chunks() * LANES * 4u; }

fn place(group: vec3u, lane: u32) -> Place {
	let lanes = LANES / SEQUENCES;
	let sequence = group.x / chunks() * SEQUENCES + lane / lanes;
	let first = min(sequence, sizes.sequences - 1u) * sizes.sequence;
	let position = first_of(group) + lane % lanes * 4u;
	let count = select(0u, sizes.context - min(position, sizes.context), sequence < sizes.sequences);
	let own = first + select(0u, position / 4u * STEP, count > 0u);
	return Place(group.z, group.y, first, own, subgroup_member() % min(BLOCK_QUADS, SUBGROUP) * STEP, position, count);
}

// group: positions and sequence, head, run.
@compute @workgroup_size(LANES)
fn forward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let p = place(group, lane);
	let positions = p.position + vec4u(0u, 1u, 2u, 3u);
	let q_at = row_q(p.run, p.head) + p.own;
	let o_at = row_o(p.run, p.head) + p.own;
	let k_first = row_k(p.run, p.head / SHARED) + p.first + p.part;
	let v_first = row_v(p.run, p.head / SHARED) + p.first + p.part;
	var largest = vec4f(NEVER);
	var sum = vec4f();
	let end = min(sizes.context, first_of(group) + LANES * 4u);
	for (var j = 0u; j < end; j += BLOCK) {
		let k_at = k_first + j / 4u * STEP;
		let v_at = v_first + j / 4u * STEP;
		var s = array<vec4f, BLOCK>();
		for (var d = 0u; d < sizes.head_size; d++) {
			let q = load_qkv(q_at + d * sizes.across);
			var k: array<vec4f, LOADS>;
			for (var l = 0u; l < LOADS; l++) { k[l] = load_qkv(k_at + d * sizes.across + l * SUBGROUP * STEP); }
			for (var n = 0u; n < BLOCK; n++) {
				s[n] = fma(vec4f(broadcast_from(k[n / 4u / SUBGROUP][n % 4u], n / 4u % SUBGROUP)), q, s[n]);
			}
		}
		var top = largest;
		for (var n = 0u; n < BLOCK; n++) {
			s[n] = select(vec4f(NEVER), s[n] * sizes.scale, positions >= vec4u(j + n));
			top = max(top, s[n]);
		}
		let keep = exp(largest - top);
		largest = top;
		sum *= keep;
		for (var n = 0u; n < BLOCK; n++) {
			s[n] = exp(s[n] - top);
			sum += s[n];
		}
		for (var d = 0u; d < sizes.head_size; d++) {
			var value = vec4f();
			if (j > 0u) { value = load_o(o_at + d * sizes.across) * keep; }
			var v: array<vec4f, LOADS>;
			for (var l = 0u; l < LOADS; l++) { v[l] = load_qkv(v_at + d * sizes.across + l * SUBGROUP * STEP); }
			for (var n = 0u; n < BLOCK; n++) {
				value = fma(vec4f(broadcast_from(v[n / 4u / SUBGROUP][n % 4u], n / 4u % SUBGROUP)), s[n], value);
			}
			store_o(o_at + d * sizes.across, value, p.count);
		}
	}
	for (var d = 0u; d < sizes.head_size; d++) {
		store_o(o_at + d * sizes.across, load_o(o_at + d * sizes.across) / sum, p.count);
	}
	store_lse(row_lse(p.run, p.head) + p.own, largest + log(sum), p.count);
}

// group: positions and sequence, head, run.
@compute @workgroup_size(LANES)
fn backward_query(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let p = place(group, lane);
	let positions = p.position + vec4u(0u, 1u, 2u, 3u);
	let q_at = row_q(p.run, p.head) + p.own;
	let o_at = row_o(p.run, p.head) + p.own;
	let d_o_at = row_d_o(p.run, p.head) + p.own;
	let dq_at = row_dqkv(p.run, p.head) + p.own;
	let k_first = row_k(p.run, p.head / SHARED) + p.first + p.part;
	let v_first = row_v(p.run, p.head / SHARED) + p.first + p.part;
	var products = vec4f();
	for (var d = 0u; d < sizes.head_size; d++) {
		products = fma(load_d_o(d_o_at + d * sizes.across), load_o(o_at + d * sizes.across), products);
	}
	store_delta(row_delta(p.run, p.head) + p.own, products, p.count);
	let own_lse = load_lse(row_lse(p.run, p.head) + p.own);
	let end = min(sizes.context, first_of(group) + LANES * 4u);
	for (var j = 0u; j < end; j += BLOCK) {
		let k_at = k_first + j / 4u * STEP;
		let v_at = v_first + j / 4u * STEP;
		var s = array<vec4f, BLOCK>();
		var dp = array<vec4f, BLOCK>();
		for (var d = 0u; d < sizes.head_size; d++) {
			let q = load_qkv(q_at + d * sizes.across);
			let grad = load_d_o(d_o_at + d * sizes.across);
			var k: array<vec4f, LOADS>;
			var v: array<vec4f, LOADS>;
			for (var l = 0u; l < LOADS; l++) {
				k[l] = load_qkv(k_at + d * sizes.across + l * SUBGROUP * STEP);
				v[l] = load_qkv(v_at + d * sizes.across + l * SUBGROUP * STEP);
			}
			for (var n = 0u; n < BLOCK; n++) {
				s[n] = fma(vec4f(broadcast_from(k[n / 4u / SUBGROUP][n % 4u], n / 4u % SUBGROUP)), q, s[n]);
				dp[n] = fma(vec4f(broadcast_from(v[n / 4u / SUBGROUP][n % 4u], n / 4u % SUBGROUP)), grad, dp[n]);
			}
		}
		for (var n = 0u; n < BLOCK; n++) {
			let ds = exp(s[n] * sizes.scale - own_lse) * (dp[n] - products) * sizes.scale;
			s[n] = select(vec4f(), ds, positions >= vec4u(j + n));
		}
		for (var d = 0u; d < sizes.head_size; d++) {
			var value = vec4f();
			if (j > 0u) { value = load_dqkv(dq_at + d * sizes.across); }
			var k: array<vec4f, LOADS>;
			for (var l = 0u; l < LOADS; l++) { k[l] = load_qkv(k_at + d * sizes.across + l * SUBGROUP * STEP); }
			for (var n = 0u; n < BLOCK; n++) {
				value = fma(vec4f(broadcast_from(k[n / 4u / SUBGROUP][n % 4u], n / 4u % SUBGROUP)), s[n], value);
			}
			store_dqkv(dq_at + d * sizes.across, value, p.count);
		}
	}
	turn_back(dq_at, p.own, p.count);
}

// group: positions and sequence, head of keys, run.
@compute @workgroup_size(LANES)
fn backward_key(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let p = place(group, lane);
	let positions = p.position + vec4u(0u, 1u, 2u, 3u);
	let k_at = row_k(p.run, p.head) + p.own;
	let v_at = row_v(p.run, p.head) + p.own;
	let dk_at = row_dqkv(p.run, sizes.heads + p.head) + p.own;
	let dv_at = row_dqkv(p.run, sizes.heads + sizes.key_heads + p.head) + p.own;
	let begin = first_of(group);
	for (var sharer = 0u; sharer < SHARED; sharer += 1u) {
		let head = p.head * SHARED + sharer;
		for (var i = begin; i < sizes.context; i += BLOCK) {
			let at = p.first + i / 4u * STEP + p.part;
			let q_at = row_q(p.run, head) + at;
			let d_o_at = row_d_o(p.run, head) + at;
			var s = array<vec4f, BLOCK>();
			var dp = array<vec4f, BLOCK>();
			for (var d = 0u; d < sizes.head_size; d++) {
				let k = load_qkv(k_at + d * sizes.across);
				let v = load_qkv(v_at + d * sizes.across);
				var q: array<vec4f, LOADS>;
				var grad: array<vec4f, LOADS>;
				for (var l = 0u; l < LOADS; l++) {
					q[l] = load_qkv(q_at + d * sizes.across + l * SUBGROUP * STEP);
					grad[l] = load_d_o(d_o_at + d * sizes.across + l * SUBGROUP * STEP);
				}
				for (var n = 0u; n < BLOCK; n++) {
					s[n] = fma(vec4f(broadcast_from(q[n / 4u / SUBGROUP][n % 4u], n / 4u % SUBGROUP)), k, s[n]);
					dp[n] = fma(vec4f(broadcast_from(grad[n / 4u / SUBGROUP][n % 4u], n / 4u % SUBGROUP)), v, dp[n]);
				}
			}
			var lses: array<vec4f, LOADS>;
			var deltas: array<vec4f, LOADS>;
			for (var l = 0u; l < LOADS; l++) {
				lses[l] = load_lse(row_lse(p.run, head) + at + l * SUBGROUP * STEP);
				deltas[l] = load_delta(row_delta(p.run, head) + at + l * SUBGROUP * STEP);
			}
			for (var n = 0u; n < BLOCK; n++) {
				let seen = (positions <= vec4u(i + n)) & vec4<bool>(i + n < sizes.context);
				let weight = exp(s[n] * sizes.scale - broadcast_from(lses[n / 4u / SUBGROUP][n % 4u], n / 4u % SUBGROUP));
				let ds = weight * (dp[n] - broadcast_from(deltas[n / 4u / SUBGROUP][n % 4u], n / 4u % SUBGROUP)) * sizes.scale;
				s[n] = select(vec4f(), weight, seen);
				dp[n] = select(vec4f(), ds, seen);
			}
			let before = sharer > 0u || i > begin;
			for (var d = 0u; d < sizes.head_size; d++) {
				var dk = vec4f();
				var dv = vec4f();
				if (before) {
					dk = load_dqkv(dk_at + d * sizes.across);
					dv = load_dqkv(dv_at + d * sizes.across);
				}
				var q: array<vec4f, LOADS>;
				var grad: array<vec4f, LOADS>;
				for (var l = 0u; l < LOADS; l++) {
					q[l] = load_qkv(q_at + d * sizes.across + l * SUBGROUP * STEP);
					grad[l] = load_d_o(d_o_at + d * sizes.across + l * SUBGROUP * STEP);
				}
				for (var n = 0u; n < BLOCK; n++) {
					dk = fma(vec4f(broadcast_from(q[n / 4u / SUBGROUP][n % 4u], n / 4u % SUBGROUP)), dp[n], dk);
					dv = fma(vec4f(broadcast_from(grad[n / 4u / SUBGROUP][n % 4u], n / 4u % SUBGROUP)), s[n], dv);
				}
				store_dqkv(dk_at + d * sizes.across, dk, p.count);
				store_dqkv(dv_at + d * sizes.across, dv, p.count);
			}
		}
	}
	turn_back(dk_at, p.own, p.count);
}
