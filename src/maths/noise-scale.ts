/** Estimates of |G|², the squared norm of the true gradient, and of tr Σ, the trace of one example's covariance. */
export interface NoiseMoments {
	signal: number;
	noise: number;
}

/**
 * Unbiased estimates from the squared norms of two mean gradients, over b (`small`) and B (`big`) examples (McCandlish et
 * al. 2018, arXiv:1812.06162, appendix A.1). The squared norm of a mean over B examples has expectation |G|² + tr(Σ)/B, so
 *
 *     |G|² = (B·|G_B|² − b·|G_b|²) / (B − b)
 *     tr Σ = (|G_b|² − |G_B|²) / (1/b − 1/B)
 */
export function noiseMoments(smallSquared: number, bigSquared: number, small: number, big: number): NoiseMoments {
	return {
		signal: (big * bigSquared - small * smallSquared) / (big - small),
		noise: (smallSquared - bigSquared) / (1 / small - 1 / big),
	};
}

/**
 * The simple noise scale tr Σ / |G|², in the unit of the batch sizes (examples or tokens); null if the signal is not above 0.
 * Over several steps, average the moments first: the mean of the ratios is biased.
 */
export function noiseScale({ signal, noise }: NoiseMoments): number | null {
	return signal > 0 ? Math.max(0, noise) / signal : null;
}
