/**
 * The loss, in nats per token, at which a run is frozen: ten times that of a uniform guess. At large learning rates the loss
 * may temporarily reach two or three times that of a uniform guess and recover; at ten times, runs do not recover.
 */
export function lossLimit(vocabulary: number): number {
	return 10 * Math.log(vocabulary);
}

/** The gradient norm before clipping at which a run is frozen. Healthy norms are about 1, and about 100 in spikes. */
export const GRADIENT_LIMIT = 1e6;
