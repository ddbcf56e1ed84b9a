import type { ModelConfig } from "./config.ts";
import { hasRanges, parameterShapes } from "./parameters.ts";

/** Words one split of the head's forward pass goes through. */
const SPLIT_WORDS = 512;

/** Bytes of the gradient of a tile's logits, and of partial gradients, at most; per run. */
const TILE_BYTES = 16 * 1024 * 1024;

/** Tokens a range of the batch holds at least. */
const RANGE_TOKENS = 256;

/** Everything is laid out in multiples of 256 bytes. */
const padded = (entries: number) => Math.ceil(entries / 64) * 256;
const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Splits of the vocabulary in the head's forward pass. */
export function headSplits(vocabulary: number): number {
	return Math.ceil(vocabulary / SPLIT_WORDS);
}

/** Words in a tile of the head's backward pass. */
export function headTile(vocabulary: number, tokens: number): number {
	return Math.min(vocabulary, Math.max(8, Math.floor(TILE_BYTES / 4 / tokens / 8) * 8));
}

/** Into how many ranges the batch is split for weight gradients. Depends on the run alone, never on its pack. */
export function gradientRanges(config: ModelConfig, tokens: number): number {
	const ranged = parameterShapes(config).filter(({ name }) => hasRanges(name));
	const bytes = ranged.reduce((sum, { shape }) => sum + padded(product(shape)), 0);
	return Math.max(1, Math.min(16, Math.floor(tokens / RANGE_TOKENS), Math.floor(TILE_BYTES / bytes)));
}

/** GPU memory of one run of a pack: all of it, and the largest part that one binding covers. Unit: bytes. */
export function workingSet(
	config: ModelConfig,
	microBatchSequences: number,
): { bytes: number; largestBinding: number } {
	const { vocabulary, context, width, layers, heads, hidden: feedForward } = config;
	const tokens = microBatchSequences * context;
	const shapes = parameterShapes(config);
	const parameters = shapes.reduce((sum, { shape }) => sum + padded(product(shape)), 0);
	const ranges = gradientRanges(config, tokens);
	const partials = shapes
		.filter(({ name }) => hasRanges(name))
		.reduce((sum, { shape }) => sum + padded(ranges * product(shape)), 0);
	const hidden = padded(tokens * feedForward);
	const stream = padded(tokens * width);
	const qkv = padded(tokens * 3 * width);
	const perHead = padded(tokens * heads);
	const stats = padded(tokens * 2);
	const block = 5 * stream + qkv + 2 * hidden + perHead + 2 * stats;
	const gradients = 3 * stream + perHead + qkv + hidden;
	const dz = padded(headTile(vocabulary, tokens) * tokens);
	const parts = padded(headSplits(vocabulary) * tokens * 2);
	const head = dz + parts + 2 * padded(tokens);
	const bytes = 4 * parameters + partials + layers * block + gradients + 2 * stream + stats + head;
	return { bytes, largestBinding: Math.max(parameters, partials, dz, parts, hidden, qkv) };
}
