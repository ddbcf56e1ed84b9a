// Rotary positions (Su et al. 2021) as in Llama: the entries d and d + head_size/2 of a head are a pair, turned at position
// t by the angle t·10,000^(−2d/head_size):  (a, b) → (a cos − b sin, b cos + a sin). Gradients are turned back.
// turns [head_size, tokens']: for every token the cosines of its angles, then their sines.
// This text precedes a kernel that turns back what it wrote into dqkv.

fn turn_back(dqkv_at: u32, token: u32, count: u32) {
	let half = sizes.head_size / 2u;
	for (var d = 0u; d < half; d++) {
		let cosine = load_turns(d * sizes.across + token);
		let sine = load_turns((d + half) * sizes.across + token);
		let a = load_dqkv(dqkv_at + d * sizes.across);
		let b = load_dqkv(dqkv_at + (d + half) * sizes.across);
		store_dqkv(dqkv_at + d * sizes.across, a * cosine + b * sine, count);
		store_dqkv(dqkv_at + (d + half) * sizes.across, b * cosine - a * sine, count);
	}
}
