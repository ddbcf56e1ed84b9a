/**
 * A run is frozen when its loss, in nats per token, reaches this: ten times the loss of a uniform guess. With large learning
 * rates the loss exceeds that of a uniform guess by a factor of two or three for a while and recovers; from here none does.
 */
export function lossLimit(vocabulary: number): number {
	return 10 * Math.log(vocabulary);
}

/** A run is frozen when its gradient norm before clipping reaches this. Healthy norms are about 1, and about 100 in spikes. */
export const GRADIENT_LIMIT = 1e6;
