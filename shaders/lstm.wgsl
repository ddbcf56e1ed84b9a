// The recurrence of an LSTM layer of a pack, after x_t·W_x + b was computed for all tokens (Hochreiter & Schmidhuber 1997, Gers
// et al. 2000), with σ the logistic function and both states zero before a sequence's first token:
//   forward   i, f, g, o = gates[t] + h[t−1]·w,  c[t] = σ(f) c[t−1] + σ(i) tanh(g),  h[t] = σ(o) tanh(c[t])
//             gates[t] becomes σ(i), σ(f), tanh(g), σ(o), which i, f, g and o stand for from here on
//   backward  d = dh[t] + w·dgates[t+1],  dc = d o (1 − tanh²(c[t])) + carry[t+1],  carry[t] = dc f
//             dgates[t] = dc g i(1 − i), dc c[t−1] f(1 − f), dc i (1 − g²), d tanh(c[t]) o(1 − o)
//             before[t] = h[t−1], so that dw = Σ before·dgates is a linear layer's
//
// gates, dgates [run, 4·width, tokens']  c, h, dh, carry, before [run, width, tokens']  w [run, width, 4·width], gates in the order
// i, f, g, o. dh is the gradient of h by way of all but the next token. Sequences follow one another along the tokens;
// padding is never written.
//
// A workgroup owns four sequences and goes through the tokens from `begin` to before `end`, one after another; its invocations
// share the features, LANES apart, and exchange h or dgates of one token. Past the last sequence the last one is repeated: the same
// invocation writes the same values. Past the last feature the last one is computed again, and not written, as loops that all
// invocations take are faster. The text of activations.wgsl precedes; the header gives LANES; DEPTH, by which forward's sum is
// unrolled and which divides the width; and how what is exchanged is kept, recalled and waited for: in workgroup memory or, of
// wide layers, in storage.

struct Sizes {
	width: u32, across: u32, context: u32, sequences: u32, begin: u32, end: u32,
	w_run: u32, quads_run: u32, gates_run: u32, c_run: u32, h_run: u32,
	dh_run: u32, dgates_run: u32, carry_run: u32, before_run: u32,
	origin_x: u32, origin_y: u32, origin_z: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> gates: array<f32>;
@group(0) @binding(3) var<storage, read_write> c: array<f32>;
@group(0) @binding(4) var<storage, read_write> h: array<f32>;
@group(0) @binding(5) var<storage, read> dh: array<f32>;
@group(0) @binding(6) var<storage, read_write> dgates: array<f32>;
@group(0) @binding(7) var<storage, read_write> carry: array<f32>;
@group(0) @binding(8) var<storage, read_write> before: array<f32>;
// w, four entries of a row at a time.
@group(0) @binding(9) var<storage, read> quads: array<vec4f>;

const FOUR = 4u;

// The first workgroup of this piece of the dispatch: see src/gpu/pieces.ts.
fn origin() -> vec3u { return vec3u(sizes.origin_x, sizes.origin_y, sizes.origin_z); }

// The first tokens of a workgroup's sequences.
fn first_tokens(group: u32) -> vec4u {
	return min(4u * group + vec4u(0u, 1u, 2u, 3u), vec4u(sizes.sequences - 1u)) * sizes.context;
}

fn gates_at(at: vec4u) -> vec4f { return vec4f(gates[at.x], gates[at.y], gates[at.z], gates[at.w]); }
fn c_at(at: vec4u) -> vec4f { return vec4f(c[at.x], c[at.y], c[at.z], c[at.w]); }
fn h_at(at: vec4u) -> vec4f { return vec4f(h[at.x], h[at.y], h[at.z], h[at.w]); }
fn dh_at(at: vec4u) -> vec4f { return vec4f(dh[at.x], dh[at.y], dh[at.z], dh[at.w]); }
fn dgates_at(at: vec4u) -> vec4f { return vec4f(dgates[at.x], dgates[at.y], dgates[at.z], dgates[at.w]); }
fn carry_at(at: vec4u) -> vec4f { return vec4f(carry[at.x], carry[at.y], carry[at.z], carry[at.w]); }

fn put_gates(at: vec4u, value: vec4f) {
	for (var s = 0u; s < FOUR; s++) { gates[at[s]] = value[s]; }
}
fn put_c(at: vec4u, value: vec4f) {
	for (var s = 0u; s < FOUR; s++) { c[at[s]] = value[s]; }
}
fn put_h(at: vec4u, value: vec4f) {
	for (var s = 0u; s < FOUR; s++) { h[at[s]] = value[s]; }
}
fn put_dgates(at: vec4u, value: vec4f) {
	for (var s = 0u; s < FOUR; s++) { dgates[at[s]] = value[s]; }
}
fn put_carry(at: vec4u, value: vec4f) {
	for (var s = 0u; s < FOUR; s++) { carry[at[s]] = value[s]; }
}
fn put_before(at: vec4u, value: vec4f) {
	for (var s = 0u; s < FOUR; s++) { before[at[s]] = value[s]; }
}

// group: sequences, –, run.
@compute @workgroup_size(LANES)
fn forward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let first = first_tokens(group.x);
	let h_first = group.z * sizes.h_run + first;
	let c_first = group.z * sizes.c_run + first;
	let gates_first = group.z * sizes.gates_run + first;
	let w_first = group.z * sizes.w_run;
	let gate = sizes.width * sizes.across;
	for (var t = sizes.begin; t < sizes.end; t += 1u) {
		if (t > 0u) {
			wait();
			for (var unit = lane; unit < sizes.width; unit += LANES) { keep(unit, h_at(h_first + unit * sizes.across + t - 1u)); }
			wait();
		}
		for (var base = 0u; base < sizes.width; base += LANES) {
			let unit = min(base + lane, sizes.width - 1u);
			let exists = base + lane < sizes.width;
			let own = unit * sizes.across + t;
			let at = gates_first + own;
			var i = gates_at(at);
			var f = gates_at(at + gate);
			var g = gates_at(at + 2u * gate);
			var o = gates_at(at + 3u * gate);
			var kept = vec4f();
			var w_k = w_first + unit;
			let terms = select(0u, sizes.width, t > 0u);
			for (var k = 0u; k < terms; k += DEPTH) {
				for (var d = 0u; d < DEPTH; d++) {
					let state = recall_h(k + d, h_first + (k + d) * sizes.across + t - 1u);
					i = fma(vec4f(w[w_k]), state, i);
					f = fma(vec4f(w[w_k + sizes.width]), state, f);
					g = fma(vec4f(w[w_k + 2u * sizes.width]), state, g);
					o = fma(vec4f(w[w_k + 3u * sizes.width]), state, o);
					w_k += 4u * sizes.width;
				}
			}
			if (t > 0u) { kept = c_at(c_first + own - 1u); }
			i = logistic(i);
			f = logistic(f);
			g = bounded_tanh(g);
			o = logistic(o);
			let cell = f * kept + i * g;
			if (exists) {
				put_gates(at, i);
				put_gates(at + gate, f);
				put_gates(at + 2u * gate, g);
				put_gates(at + 3u * gate, o);
				put_c(c_first + own, cell);
				put_h(h_first + own, o * bounded_tanh(cell));
			}
		}
	}
}

// group: sequences, –, run.
@compute @workgroup_size(LANES)
fn backward(@builtin(workgroup_id) in_piece: vec3u, @builtin(local_invocation_index) lane: u32) {
	let group = in_piece + origin();
	let first = first_tokens(group.x);
	let gates_first = group.z * sizes.gates_run + first;
	let dgates_first = group.z * sizes.dgates_run + first;
	let c_first = group.z * sizes.c_run + first;
	let h_first = group.z * sizes.h_run + first;
	let dh_first = group.z * sizes.dh_run + first;
	let carry_first = group.z * sizes.carry_run + first;
	let before_first = group.z * sizes.before_run + first;
	let gate = sizes.width * sizes.across;
	for (var t = sizes.end; t > sizes.begin; t -= 1u) {
		let next = dgates_first + t;
		if (t < sizes.context) {
			wait();
			for (var unit = lane; unit < sizes.width; unit += LANES) {
				for (var j = 0u; j < FOUR; j++) {
					let row = j * sizes.width + unit;
					keep(row, dgates_at(next + row * sizes.across));
				}
			}
			wait();
		}
		for (var base = 0u; base < sizes.width; base += LANES) {
			let unit = min(base + lane, sizes.width - 1u);
			let exists = base + lane < sizes.width;
			let own = unit * sizes.across + t - 1u;
			var d = dh_at(dh_first + own);
			var dc = vec4f();
			let row = group.z * (sizes.quads_run / 4u) + unit * sizes.width;
			let terms = select(0u, sizes.width, t < sizes.context);
			for (var n = 0u; n < terms; n++) {
				let weights = quads[row + n];
				for (var j = 0u; j < FOUR; j++) {
					d = fma(vec4f(weights[j]), recall_dgates(4u * n + j, next + (4u * n + j) * sizes.across), d);
				}
			}
			if (t < sizes.context) { dc = carry_at(carry_first + own + 1u); }
			let at = gates_first + own;
			let i = gates_at(at);
			let f = gates_at(at + gate);
			let g = gates_at(at + 2u * gate);
			let o = gates_at(at + 3u * gate);
			var kept = vec4f();
			var state = vec4f();
			if (t > 1u) {
				kept = c_at(c_first + own - 1u);
				state = h_at(h_first + own - 1u);
			}
			let squashed = bounded_tanh(c_at(c_first + own));
			dc += d * o * (1.0 - squashed * squashed);
			let to = dgates_first + own;
			if (exists) {
				put_dgates(to, dc * g * i * (1.0 - i));
				put_dgates(to + gate, dc * kept * f * (1.0 - f));
				put_dgates(to + 2u * gate, dc * i * (1.0 - g * g));
				put_dgates(to + 3u * gate, d * squashed * o * (1.0 - o));
				put_carry(carry_first + own, dc * f);
				put_before(before_first + own, state);
			}
		}
	}
}
