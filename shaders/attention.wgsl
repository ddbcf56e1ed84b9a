// Causal multi-head attention of a pack; the matrix of scores is never stored (Dao et al. 2022).
//   forward         s[i,j] = q[i]·k[j]/√HEAD for j ≤ i,  lse[i] = ln Σ_j exp s[i,j],  o[i] = Σ_j exp(s[i,j] − lse[i]) v[j]
//   backward_query  delta[i] = do[i]·o[i],  ds[i,j] = p[i,j] (do[i]·v[j] − delta[i]),  dq[i] = Σ_j ds[i,j] k[j]/√HEAD
//   backward_key    dk[j] = Σ_i ds[i,j] q[i]/√HEAD,  dv[j] = Σ_i p[i,j] do[i],  with p[i,j] = exp(s[i,j] − lse[i])
//
// qkv, dqkv [run, sequences, context, 3·width] (q, k and v side by side)  o, do [run, sequences, context, width]
// lse, delta [run, sequences, heads, context]. One invocation per sequence, head and position.
// The header gives Vec, LANES, HEAD (the head's size) and HEAD_VECS = HEAD / LANES.

struct Sizes {
	sequences: u32, context: u32, heads: u32,
	qkv_run: u32, o_run: u32, lse_run: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> qkv: array<Vec>;
@group(0) @binding(2) var<storage, read_write> o: array<Vec>;
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;
@group(0) @binding(4) var<storage, read> d_o: array<Vec>;
@group(0) @binding(5) var<storage, read_write> delta: array<f32>;
@group(0) @binding(6) var<storage, read_write> dqkv: array<Vec>;

alias Head = array<Vec, HEAD_VECS>;

struct Place { position: u32, qkv: u32, qkv_row: u32, o: u32, o_row: u32, lse: u32, inside: bool }

// qkv, o and lse point at position 0 of this invocation's sequence and head; rows are `…_row` apart.
fn place(id: vec3u) -> Place {
	let position = id.x % sizes.context;
	let head = id.x / sizes.context % sizes.heads;
	let sequence = id.x / sizes.context / sizes.heads;
	let width = sizes.heads * HEAD_VECS;
	return Place(
		position,
		id.z * (sizes.qkv_run / LANES) + sequence * sizes.context * 3u * width + head * HEAD_VECS, 3u * width,
		id.z * (sizes.o_run / LANES) + sequence * sizes.context * width + head * HEAD_VECS, width,
		id.z * sizes.lse_run + (sequence * sizes.heads + head) * sizes.context,
		sequence < sizes.sequences,
	);
}

fn product(a: Head, b: Head) -> f32 {
	var sum = Vec();
	for (var c = 0u; c < HEAD_VECS; c++) { sum = fma(a[c], b[c], sum); }
	return total(sum);
}

fn load_qkv(at_head: u32) -> Head {
	var head: Head;
	for (var c = 0u; c < HEAD_VECS; c++) { head[c] = qkv[at_head + c]; }
	return head;
}

fn load_d_o(at_head: u32) -> Head {
	var head: Head;
	for (var c = 0u; c < HEAD_VECS; c++) { head[c] = d_o[at_head + c]; }
	return head;
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u) {
	let p = place(id);
	if (!p.inside) { return; }
	let width = p.o_row;
	let scale = 1.0 / sqrt(f32(HEAD));
	let q = load_qkv(p.qkv + p.position * p.qkv_row);
	var largest = -3.0e38;
	var sum = 0.0;
	var out: Head;
	for (var j = 0u; j <= p.position; j++) {
		let row = p.qkv + j * p.qkv_row;
		let s = product(q, load_qkv(row + width)) * scale;
		let top = max(largest, s);
		let keep = exp(largest - top);
		let weight = exp(s - top);
		sum = sum * keep + weight;
		for (var c = 0u; c < HEAD_VECS; c++) { out[c] = fma(qkv[row + 2u * width + c], Vec(weight), out[c] * keep); }
		largest = top;
	}
	for (var c = 0u; c < HEAD_VECS; c++) { o[p.o + p.position * p.o_row + c] = out[c] / sum; }
	lse[p.lse + p.position] = largest + log(sum);
}

@compute @workgroup_size(64)
fn backward_query(@builtin(global_invocation_id) id: vec3u) {
	let p = place(id);
	if (!p.inside) { return; }
	let width = p.o_row;
	let scale = 1.0 / sqrt(f32(HEAD));
	let row_q = p.qkv + p.position * p.qkv_row;
	let q = load_qkv(row_q);
	let at_o = p.o + p.position * p.o_row;
	let grad = load_d_o(at_o);
	var products = Vec();
	for (var c = 0u; c < HEAD_VECS; c++) { products = fma(grad[c], o[at_o + c], products); }
	let row_delta = total(products);
	let row_lse = lse[p.lse + p.position];
	var dq: Head;
	for (var j = 0u; j <= p.position; j++) {
		let row = p.qkv + j * p.qkv_row;
		let k = load_qkv(row + width);
		let weight = exp(product(q, k) * scale - row_lse);
		let ds = weight * (product(grad, load_qkv(row + 2u * width)) - row_delta) * scale;
		for (var c = 0u; c < HEAD_VECS; c++) { dq[c] = fma(k[c], Vec(ds), dq[c]); }
	}
	for (var c = 0u; c < HEAD_VECS; c++) { dqkv[row_q + c] = dq[c]; }
	delta[p.lse + p.position] = row_delta;
}

@compute @workgroup_size(64)
fn backward_key(@builtin(global_invocation_id) id: vec3u) {
	let p = place(id);
	if (!p.inside) { return; }
	let width = p.o_row;
	let scale = 1.0 / sqrt(f32(HEAD));
	let row_k = p.qkv + p.position * p.qkv_row + width;
	let k = load_qkv(row_k);
	let v = load_qkv(row_k + width);
	var dk: Head;
	var dv: Head;
	for (var i = p.position; i < sizes.context; i++) {
		let q = load_qkv(p.qkv + i * p.qkv_row);
		let grad = load_d_o(p.o + i * p.o_row);
		let weight = exp(product(q, k) * scale - lse[p.lse + i]);
		let ds = weight * (product(grad, v) - delta[p.lse + i]) * scale;
		for (var c = 0u; c < HEAD_VECS; c++) {
			dk[c] = fma(q[c], Vec(ds), dk[c]);
			dv[c] = fma(grad[c], Vec(weight), dv[c]);
		}
	}
	for (var c = 0u; c < HEAD_VECS; c++) {
		dqkv[row_k + c] = dk[c];
		dqkv[row_k + width + c] = dv[c];
	}
}
