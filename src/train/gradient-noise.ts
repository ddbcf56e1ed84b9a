/** Estimates of |G|², the squared norm of the true gradient, and of the trace of one example's covariance. */
export interface NoiseMoments {
	signal: number;
	noise: number;
}

/**
 * Unbiased estimates from the squared norms of two gradients, over `small` and over `big` examples (McCandlish et al.
 * 2018, appendix A.1): |G|² = (B|G_B|² − b|G_b|²)/(B − b), tr Σ = (|G_b|² − |G_B|²)/(1/b − 1/B).
 */
export function noiseMoments(smallSquared: number, bigSquared: number, small: number, big: number): NoiseMoments {
	return {
		signal: (big * bigSquared - small * smallSquared) / (big - small),
		noise: (smallSquared - bigSquared) / (1 / small - 1 / big),
	};
}

/** How much of the moments so far each step keeps: single estimates are far too noisy, and may be negative. */
const SMOOTHING = 0.98;

/** Takes a step's estimate into moving averages; a common factor for their beginning at 0 drops out of the ratio. */
export function smoothMoments(moments: NoiseMoments, step: NoiseMoments): NoiseMoments {
	const mix = (before: number, now: number) => SMOOTHING * before + (1 - SMOOTHING) * now;
	return { signal: mix(moments.signal, step.signal), noise: mix(moments.noise, step.noise) };
}

/** The gradient noise scale tr Σ / |G|², in examples; null where the moments do not tell one yet. */
export function noiseScale({ signal, noise }: NoiseMoments): number | null {
	return signal > 0 && noise > 0 ? noise / signal : null;
}
