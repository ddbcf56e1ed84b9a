import type { Point } from "../../src/analysis/points/point.ts";
import { normal, randomKey, uniform } from "../../src/maths/random.ts";

/** Near the law that Epoch found for Chinchilla's runs. */
export const POINTS_LAW = { E: 1.8, A: 480, B: 2100, α: 0.347, β: 0.367 };

/**
 * One run per point, at sizes of 10^8 to 10^10 parameters and 10^9 to 10^11.5 tokens at random, whose losses obey
 * `POINTS_LAW` up to noise.
 *
 * @param noise standard deviation of ln L
 */
export function lawPoints(count: number, noise = 0, seed = 1): Point[] {
	const key = randomKey(seed, "law points");
	const { E, A, B, α, β } = POINTS_LAW;
	return Array.from({ length: count }, (_, i) => {
		const parameters = 10 ** (8 + 2 * uniform(key, 2 * i));
		const tokens = 10 ** (9 + 2.5 * uniform(key, 2 * i + 1));
		const loss = (E + A * parameters ** -α + B * tokens ** -β) * Math.exp(noise * normal(key, 2 * count + i));
		return { run: `run ${i}`, parameters, tokens, flops: 6 * parameters * tokens, loss };
	});
}
