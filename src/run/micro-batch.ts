/** Most tokens in one forward and backward pass: bounds the memory of activations. */
const MAX_MICRO_BATCH_TOKENS = 4096;

/** Sequences of a micro-batch: the largest divisor of the batch whose tokens fit into one forward and backward pass. */
export function microBatch(batchSequences: number, context: number): number {
	const most = Math.max(1, Math.floor(MAX_MICRO_BATCH_TOKENS / context));
	let size = Math.min(batchSequences, most);
	while (batchSequences % size !== 0) size--;
	return size;
}
