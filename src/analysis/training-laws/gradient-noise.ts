import { centralInterval } from "../../maths/quantile.ts";
import { randomKey, uniform } from "../../maths/random.ts";

/**
 * The simple noise scale (McCandlish et al. 2018, arXiv:1812.06162, appendix A.1) from gradients at two batch sizes. The
 * squared norm of a mean over B examples has expectation |G|² + tr(Σ)/B, so that
 *
 *     |G|² = (B_big·|G_big|² − B_small·|G_small|²) / (B_big − B_small)
 *     S    = (|G_small|² − |G_big|²) / (1/B_small − 1/B_big)
 *
 * are unbiased for |G|² and tr(Σ), and B_simple = S/|G|². Over several steps both are averaged before they are divided:
 * the mean of ratios would be biased.
 */
export interface GradientNorms {
	small: { batch: number; squaredNorm: number };
	big: { batch: number; squaredNorm: number };
}

export interface NoiseScale {
	/** B_simple, in what the batches count; null when the signal is not above the noise. */
	estimate: number | null;
	/** Percentiles of a bootstrap over the steps; null with fewer than 3 steps, or when an end is not finite. */
	low: number | null;
	high: number | null;
	reason: string | null;
	/** Estimates of |G|² and tr(Σ). */
	signal: number | null;
	noise: number | null;
	/** Steps used. */
	steps: number;
}

/** The noise scale of one or more steps. */
export function noiseScale(
	measured: readonly GradientNorms[],
	{ resamples = 1000, seed = 42, interval = 0.9 } = {},
): NoiseScale {
	const nothing = { estimate: null, low: null, high: null, signal: null, noise: null };
	const steps = measured.filter(isUsable).map(parts);
	if (steps.length === 0)
		return { ...nothing, reason: "no step has positive batches of two sizes and finite squared norms", steps: 0 };
	const all = ratio(steps);
	if (all.estimate === null)
		return {
			...nothing,
			...all,
			reason: "the estimate of |G|² is not positive: more steps would be needed",
			steps: steps.length,
		};
	const draws: number[] = [];
	for (let r = 0; r < (steps.length >= 3 ? resamples : 0); r++) {
		const key = randomKey(seed, "noise scale", r);
		const { estimate } = ratio(steps.map((_, i) => steps[Math.floor(uniform(key, i) * steps.length)]!));
		draws.push(estimate ?? Number.POSITIVE_INFINITY);
	}
	const ends = centralInterval(draws, interval);
	return { ...all, low: ends?.low ?? null, high: ends?.high ?? null, reason: null, steps: steps.length };
}

function isUsable({ small, big }: GradientNorms): boolean {
	const numbers = [small.batch, big.batch, small.squaredNorm, big.squaredNorm];
	return numbers.every(Number.isFinite) && small.batch > 0 && big.batch > small.batch;
}

function parts({ small, big }: GradientNorms): { signal: number; noise: number } {
	const signal = (big.batch * big.squaredNorm - small.batch * small.squaredNorm) / (big.batch - small.batch);
	const noise = (small.squaredNorm - big.squaredNorm) / (1 / small.batch - 1 / big.batch);
	return { signal, noise };
}

function ratio(steps: readonly { signal: number; noise: number }[]) {
	const signal = steps.reduce((sum, step) => sum + step.signal, 0) / steps.length;
	const noise = steps.reduce((sum, step) => sum + step.noise, 0) / steps.length;
	return { estimate: signal > 0 ? Math.max(0, noise) / signal : null, signal, noise };
}
