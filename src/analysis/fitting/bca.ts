import { normalQuantile, normalShare } from "../../maths/normal.ts";
import { quantileSorted } from "../../maths/quantile.ts";

/**
 * The bias-corrected and accelerated bootstrap interval (Efron 1987): the percentiles of the draws at
 *
 *     Φ(z₀ + (z₀ + z) / (1 − acceleration · (z₀ + z))),   z = Φ⁻¹((1 ∓ level) / 2),
 *
 * with z₀ = Φ⁻¹(share of draws below the estimate) and, from the leave-one-cluster-out estimates θᵢ,
 * acceleration = Σ (θ̄ − θᵢ)³ / (6 · (Σ (θ̄ − θᵢ)²)^1.5). Without bias and skew it is the percentile interval.
 *
 * @param draws ascending
 * @returns null when all draws lie on one side of the estimate, which makes z₀ infinite
 */
export function bcaInterval(
	draws: ArrayLike<number>,
	estimate: number,
	leftOneOut: readonly number[],
	level: number,
): { low: number; high: number } | null {
	let below = 0;
	for (let i = 0; i < draws.length; i++) below += draws[i]! < estimate ? 1 : draws[i]! === estimate ? 0.5 : 0;
	const share = below / draws.length;
	if (!(share > 0 && share < 1)) return null;
	const shift = normalQuantile(share);
	const center = leftOneOut.reduce((sum, value) => sum + value, 0) / Math.max(1, leftOneOut.length);
	let squares = 0;
	let cubes = 0;
	for (const value of leftOneOut) {
		squares += (center - value) ** 2;
		cubes += (center - value) ** 3;
	}
	const acceleration = squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
	const end = (p: number) => {
		const z = shift + normalQuantile(p);
		return quantileSorted(draws, normalShare(shift + z / (1 - acceleration * z)));
	};
	const low = end((1 - level) / 2);
	const high = end((1 + level) / 2);
	return Number.isFinite(low) && Number.isFinite(high) ? { low, high } : null;
}
