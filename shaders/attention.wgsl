// Causal attention of a pack with grouped queries (Ainslie et al. 2023); the scores are never stored (Dao et al. 2022).
//   forward         s[i,j] = scale q[i]·k[j] for j ≤ i,  lse[i] = ln Σ_j exp s[i,j],  o[i] = Σ_j exp(s[i,j] − lse[i]) v[j]
//   backward_query  delta[i] = do[i]·o[i],  ds[i,j] = p[i,j] (do[i]·v[j] − delta[i]),  dq[i] = scale Σ_j ds[i,j] k[j]
//   backward_key    dk[j] = scale Σ_i ds[i,j] q[i],  dv[j] = Σ_i p[i,j] do[i],  with p[i,j] = exp(s[i,j] − lse[i]),
//                   over all heads of queries that share the key
//
// qkv, dqkv [run, (heads + 2·key_heads)·head_size, tokens'] (q, k and v one after the other)  o, do [run, heads·head_size, tokens']
// lse, delta [run, heads, tokens']. Tokens are sequences one after the other; those of the padding are never written.
//
// An invocation owns four neighbouring positions of a sequence (queries, or keys in backward_key) and goes through BLOCK
// of the other kind at a time, whose addresses the whole workgroup shares; sums over blocks stand in the result itself.
// The header gives SHARED (queries that share a key), LANES (invocations of a workgroup), turn_back (for rotary
// positions), and how four positions are read and written: at once where the context is a multiple of 4 (addresses count
// quads: UNIT = 4 entries, a quad is STEP = 1), else one by one (UNIT = 1, STEP = 4).

struct Sizes {
	context: u32, heads: u32, key_heads: u32, head_size: u32, scale: f32,
	// tokens' and context in units
	across: u32, sequence: u32,
	qkv_run: u32, o_run: u32, lse_run: u32, d_o_run: u32, dqkv_run: u32, delta_run: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> qkv: array<Entry>;
@group(0) @binding(2) var<storage, read_write> o: array<Entry>;
@group(0) @binding(3) var<storage, read_write> lse: array<Entry>;
@group(0) @binding(4) var<storage, read> d_o: array<Entry>;
@group(0) @binding(5) var<storage, read_write> delta: array<Entry>;
@group(0) @binding(6) var<storage, read_write> dqkv: array<Entry>;

const BLOCK = 8u;
const QUADS = 2u;
const FOUR = 4u;
const NEVER = -3.0e38;

// `first` and `own` are addresses in a row: of the sequence and of the positions that an invocation owns; `group_first` is
// the first position of its workgroup.
struct Place { run: u32, head: u32, first: u32, group_first: u32, own: u32 }

fn place(group: vec3u, lane: u32) -> Place {
	let chunks = (sizes.context + LANES * 4u - 1u) / (LANES * 4u);
	let chunk = group.x % chunks;
	let sequence = group.x / chunks;
	let own = sequence * sizes.sequence + (chunk * LANES + lane) * STEP;
	return Place(group.z, group.y, sequence * sizes.sequence, chunk * LANES * 4u, own);
}

// The row of a query, key or value head's first entry, of o's, and of lse's.
fn row_q(run: u32, head: u32) -> u32 { return run * (sizes.qkv_run / UNIT) + head * sizes.head_size * sizes.across; }
fn row_k(run: u32, head: u32) -> u32 { return row_q(run, sizes.heads + head); }
fn row_v(run: u32, head: u32) -> u32 { return row_q(run, sizes.heads + sizes.key_heads + head); }
fn row_o(run: u32, head: u32) -> u32 { return run * (sizes.o_run / UNIT) + head * sizes.head_size * sizes.across; }
fn row_d_o(run: u32, head: u32) -> u32 { return run * (sizes.d_o_run / UNIT) + head * sizes.head_size * sizes.across; }
fn row_lse(run: u32, head: u32) -> u32 { return run * (sizes.lse_run / UNIT) + head * sizes.across; }
fn row_delta(run: u32, head: u32) -> u32 { return run * (sizes.delta_run / UNIT) + head * sizes.across; }
fn row_dqkv(run: u32, head: u32) -> u32 { return run * (sizes.dqkv_run / UNIT) + head * sizes.head_size * sizes.across; }

// group: positions and sequence, head, run.
@compute @workgroup_size(LANES)
fn forward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let p = place(group, lane);
	let i = p.group_first + lane * 4u;
	if (i >= sizes.context) { return; }
	let positions = vec4u(i, i + 1u, i + 2u, i + 3u);
	let count = sizes.context - i;
	let q_at = row_q(p.run, p.head) + p.own;
	let o_at = row_o(p.run, p.head) + p.own;
	let k_at = row_k(p.run, p.head / SHARED) + p.first;
	let v_at = row_v(p.run, p.head / SHARED) + p.first;
	var largest = vec4f(NEVER);
	var sum = vec4f();
	let end = min(sizes.context, p.group_first + LANES * 4u);
	for (var j = 0u; j < end; j += BLOCK) {
		let at = j / 4u * STEP;
		var s = array<vec4f, BLOCK>();
		for (var d = 0u; d < sizes.head_size; d++) {
			let q = load_qkv(q_at + d * sizes.across);
			for (var n = 0u; n < QUADS; n++) {
				let k = load_qkv(k_at + d * sizes.across + at + n * STEP);
				for (var l = 0u; l < FOUR; l++) { s[n * FOUR + l] = fma(vec4f(k[l]), q, s[n * FOUR + l]); }
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
			for (var n = 0u; n < QUADS; n++) {
				let v = load_qkv(v_at + d * sizes.across + at + n * STEP);
				for (var l = 0u; l < FOUR; l++) { value = fma(vec4f(v[l]), s[n * FOUR + l], value); }
			}
			store_o(o_at + d * sizes.across, value, count);
		}
	}
	for (var d = 0u; d < sizes.head_size; d++) {
		store_o(o_at + d * sizes.across, load_o(o_at + d * sizes.across) / sum, count);
	}
	store_lse(row_lse(p.run, p.head) + p.own, largest + log(sum), count);
}

// group: positions and sequence, head, run.
@compute @workgroup_size(LANES)
fn backward_query(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let p = place(group, lane);
	let i = p.group_first + lane * 4u;
	if (i >= sizes.context) { return; }
	let positions = vec4u(i, i + 1u, i + 2u, i + 3u);
	let count = sizes.context - i;
	let q_at = row_q(p.run, p.head) + p.own;
	let o_at = row_o(p.run, p.head) + p.own;
	let d_o_at = row_d_o(p.run, p.head) + p.own;
	let dq_at = row_dqkv(p.run, p.head) + p.own;
	let k_at = row_k(p.run, p.head / SHARED) + p.first;
	let v_at = row_v(p.run, p.head / SHARED) + p.first;
	var products = vec4f();
	for (var d = 0u; d < sizes.head_size; d++) {
		products = fma(load_d_o(d_o_at + d * sizes.across), load_o(o_at + d * sizes.across), products);
	}
	store_delta(row_delta(p.run, p.head) + p.own, products, count);
	let own_lse = load_lse(row_lse(p.run, p.head) + p.own);
	let end = min(sizes.context, p.group_first + LANES * 4u);
	for (var j = 0u; j < end; j += BLOCK) {
		let at = j / 4u * STEP;
		var s = array<vec4f, BLOCK>();
		var dp = array<vec4f, BLOCK>();
		for (var d = 0u; d < sizes.head_size; d++) {
			let q = load_qkv(q_at + d * sizes.across);
			let grad = load_d_o(d_o_at + d * sizes.across);
			for (var n = 0u; n < QUADS; n++) {
				let k = load_qkv(k_at + d * sizes.across + at + n * STEP);
				let v = load_qkv(v_at + d * sizes.across + at + n * STEP);
				for (var l = 0u; l < FOUR; l++) {
					s[n * FOUR + l] = fma(vec4f(k[l]), q, s[n * FOUR + l]);
					dp[n * FOUR + l] = fma(vec4f(v[l]), grad, dp[n * FOUR + l]);
				}
			}
		}
		for (var n = 0u; n < BLOCK; n++) {
			let ds = exp(s[n] * sizes.scale - own_lse) * (dp[n] - products) * sizes.scale;
			s[n] = select(vec4f(), ds, positions >= vec4u(j + n));
		}
		for (var d = 0u; d < sizes.head_size; d++) {
			var value = vec4f();
			if (j > 0u) { value = load_dqkv(dq_at + d * sizes.across); }
			for (var n = 0u; n < QUADS; n++) {
				let k = load_qkv(k_at + d * sizes.across + at + n * STEP);
				for (var l = 0u; l < FOUR; l++) { value = fma(vec4f(k[l]), s[n * FOUR + l], value); }
			}
			store_dqkv(dq_at + d * sizes.across, value, count);
		}
	}
	turn_back(dq_at, p.own, count);
}

// group: positions and sequence, head of keys, run.
@compute @workgroup_size(LANES)
fn backward_key(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let p = place(group, lane);
	let j = p.group_first + lane * 4u;
	if (j >= sizes.context) { return; }
	let positions = vec4u(j, j + 1u, j + 2u, j + 3u);
	let count = sizes.context - j;
	let k_at = row_k(p.run, p.head) + p.own;
	let v_at = row_v(p.run, p.head) + p.own;
	let dk_at = row_dqkv(p.run, sizes.heads + p.head) + p.own;
	let dv_at = row_dqkv(p.run, sizes.heads + sizes.key_heads + p.head) + p.own;
	for (var member = 0u; member < SHARED; member += 1u) {
		let head = p.head * SHARED + member;
		for (var i = p.group_first; i < sizes.context; i += BLOCK) {
			let at = p.first + i / 4u * STEP;
			let q_at = row_q(p.run, head) + at;
			let d_o_at = row_d_o(p.run, head) + at;
			var s = array<vec4f, BLOCK>();
			var dp = array<vec4f, BLOCK>();
			for (var d = 0u; d < sizes.head_size; d++) {
				let k = load_qkv(k_at + d * sizes.across);
				let v = load_qkv(v_at + d * sizes.across);
				for (var n = 0u; n < QUADS; n++) {
					let q = load_qkv(q_at + d * sizes.across + n * STEP);
					let grad = load_d_o(d_o_at + d * sizes.across + n * STEP);
					for (var l = 0u; l < FOUR; l++) {
						s[n * FOUR + l] = fma(vec4f(q[l]), k, s[n * FOUR + l]);
						dp[n * FOUR + l] = fma(vec4f(grad[l]), v, dp[n * FOUR + l]);
					}
				}
			}
			for (var n = 0u; n < QUADS; n++) {
				let query_lse = load_lse(row_lse(p.run, head) + at + n * STEP);
				let query_delta = load_delta(row_delta(p.run, head) + at + n * STEP);
				for (var l = 0u; l < FOUR; l++) {
					let query = i + n * FOUR + l;
					let seen = (positions <= vec4u(query)) & vec4<bool>(query < sizes.context);
					let weight = exp(s[n * FOUR + l] * sizes.scale - query_lse[l]);
					let ds = weight * (dp[n * FOUR + l] - query_delta[l]) * sizes.scale;
					s[n * FOUR + l] = select(vec4f(), weight, seen);
					dp[n * FOUR + l] = select(vec4f(), ds, seen);
				}
			}
			let before = member > 0u || i > p.group_first;
			for (var d = 0u; d < sizes.head_size; d++) {
				var dk = vec4f();
				var dv = vec4f();
				if (before) {
					dk = load_dqkv(dk_at + d * sizes.across);
					dv = load_dqkv(dv_at + d * sizes.across);
				}
				for (var n = 0u; n < QUADS; n++) {
					let q = load_qkv(q_at + d * sizes.across + n * STEP);
					let grad = load_d_o(d_o_at + d * sizes.across + n * STEP);
					for (var l = 0u; l < FOUR; l++) {
						dk = fma(vec4f(q[l]), dp[n * FOUR + l], dk);
						dv = fma(vec4f(grad[l]), s[n * FOUR + l], dv);
					}
				}
				store_dqkv(dk_at + d * sizes.across, dk, count);
				store_dqkv(dv_at + d * sizes.across, dv, count);
			}
		}
	}
	turn_back(dk_at, p.own, count);
}
