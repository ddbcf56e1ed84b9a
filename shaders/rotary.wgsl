// Rotary positions (Su et al. 2021) as in Llama: the entries d and d + head_size/2 of a head are a pair, turned at position
// t by the angle t·10,000^(−2d/head_size):  (a, b) → (a cos − b sin, b cos + a sin). Gradients are turned back.
// turns [head_size, tokens']: for every token the cosines of its angles, then their sines.
// This text precedes a kernel that turns back what it writes into dqkv.

// A pair's gradients, of entries d and d + head_size/2.
fn turned_back(a: vec4f, b: vec4f, d: u32, token: u32) -> Turned {
	let cosine = load_turns(d * sizes.across + token);
	let sine = load_turns((d + sizes.head_size / 2u) * sizes.across + token);
	return Turned(a * cosine + b * sine, b * cosine - a * sine);
}

fn turn_back(dqkv_at: u32, token: u32, count: u32) {
	let half = sizes.head_size / 2u;
	for (var d = 0u; d < half; d++) {
		let a_at = dqkv_at + d * sizes.across;
		let b_at = dqkv_at + (d + half) * sizes.across;
		let turned = turned_back(load_dqkv(a_at), load_dqkv(b_at), d, token);
		store_dqkv(a_at, turned[0], count);
		store_dqkv(b_at, turned[1], count);
	}
}
