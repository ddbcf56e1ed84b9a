import { type NoiseMoments, noiseMoments, noiseScale } from "../../maths/noise-scale.ts";
import { centralInterval } from "../../maths/quantile.ts";
import { randomKey, uniform } from "../../maths/random.ts";

/** One step's squared gradient norms, averaged over batches of each of two sizes. */
export interface GradientNorms {
	small: { batch: number; squaredNorm: number };
	big: { batch: number; squaredNorm: number };
}

export interface NoiseScaleEstimate {
	/** B_simple, in the unit of the batch sizes; null when the estimate of |G|² is not positive. */
	estimate: number | null;
	/** Ends of a bootstrap interval over the steps; null with fewer than 3 steps, or when an end is not finite. */
	low: number | null;
	high: number | null;
	reason: string | null;
	/** Estimates of |G|² and tr(Σ). */
	signal: number | null;
	noise: number | null;
	/** Number of steps used. */
	steps: number;
}

/** The simple noise scale (see `noiseScale`) from one or more steps, with an interval. */
export function estimateNoiseScale(
	measured: readonly GradientNorms[],
	{ resamples = 1000, seed = 42, interval = 0.9 } = {},
): NoiseScaleEstimate {
	const nothing = { estimate: null, low: null, high: null, signal: null, noise: null };
	const steps = measured.filter(isUsable).map(momentsOf);
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

function momentsOf({ small, big }: GradientNorms): NoiseMoments {
	return noiseMoments(small.squaredNorm, big.squaredNorm, small.batch, big.batch);
}

function ratio(steps: readonly NoiseMoments[]) {
	const signal = steps.reduce((sum, step) => sum + step.signal, 0) / steps.length;
	const noise = steps.reduce((sum, step) => sum + step.noise, 0) / steps.length;
	return { estimate: noiseScale({ signal, noise }), signal, noise };
}
