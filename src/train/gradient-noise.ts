import { type NoiseMoments, noiseScale } from "../maths/noise-scale.ts";

/** Decay of the moving averages per step. Single estimates are far too noisy and may be negative. */
const SMOOTHING = 0.98;

/** Adds a step's estimates to the moving averages. These start at 0, a bias that cancels in their ratio. */
export function smoothMoments(moments: NoiseMoments, step: NoiseMoments): NoiseMoments {
	const mix = (before: number, now: number) => SMOOTHING * before + (1 - SMOOTHING) * now;
	return { signal: mix(moments.signal, step.signal), noise: mix(moments.noise, step.noise) };
}

/** The noise scale from smoothed moments, in examples; null while the estimate of signal or noise is not above 0. */
export function smoothedNoiseScale(moments: NoiseMoments): number | null {
	return noiseScale(moments) || null;
}
