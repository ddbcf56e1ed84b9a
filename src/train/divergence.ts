/**
 * A loss of this size, in nats per token, freezes a run: ten times that of a model which knows nothing. Large learning
 * rates overshoot that by a factor of two or three for a while and come back; nothing comes back from here.
 */
export function lossLimit(vocabulary: number): number {
	return 10 * Math.log(vocabulary);
}

/** A gradient norm of this size freezes a run. Before clipping, healthy ones are of the order of 1, and of 100 in spikes. */
export const GRADIENT_LIMIT = 1e6;
