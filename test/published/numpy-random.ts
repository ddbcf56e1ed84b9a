/**
 * NumPy's legacy `np.random.seed(seed)` and `np.random.choice(n, n)`: the Mersenne Twister (Matsumoto & Nishimura 1998)
 * with masked rejection. For repeating a published bootstrap draw by draw.
 */
export function numpyResamples(seed: number, n: number): () => Float64Array {
	const next = mersenneTwister(seed);
	const mask = 2 ** Math.ceil(Math.log2(n)) - 1;
	return () => {
		const counts = new Float64Array(n);
		for (let drawn = 0; drawn < n; ) {
			const index = next() & mask;
			if (index >= n) continue;
			counts[index]!++;
			drawn++;
		}
		return counts;
	};
}

function mersenneTwister(seed: number): () => number {
	const state = new Uint32Array(624);
	state[0] = seed;
	for (let i = 1; i < 624; i++) state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
	let at = 624;
	return () => {
		if (at === 624) {
			for (let i = 0; i < 624; i++) {
				const y = (state[i]! & 0x80000000) | (state[(i + 1) % 624]! & 0x7fffffff);
				state[i] = state[(i + 397) % 624]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
			}
			at = 0;
		}
		let y = state[at++]!;
		y ^= y >>> 11;
		y ^= (y << 7) & 0x9d2c5680;
		y ^= (y << 15) & 0xefc60000;
		return (y ^ (y >>> 18)) >>> 0;
	};
}
