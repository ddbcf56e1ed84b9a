import { type NoiseMoments, noiseScale } from "../maths/noise-scale.ts";

/** The share of the moments so far that each step keeps: single estimates are far too noisy, and may be negative. */
const SMOOTHING = 0.98;

/** Adds a step's estimate to moving averages. They begin at 0, a bias that cancels in their ratio. */
export function smoothMoments(moments: NoiseMoments, step: NoiseMoments): NoiseMoments {
	const mix = (before: number, now: number) => SMOOTHING * before + (1 - SMOOTHING) * now;
	return { signal: mix(moments.signal, step.signal), noise: mix(moments.noise, step.noise) };
}

/** The noise scale of smoothed moments, in examples; null as long as the estimate of signal or noise is not above 0. */
export function smoothedNoiseScale(moments: NoiseMoments): number | null {
	return noiseScale(moments) || null;
}
