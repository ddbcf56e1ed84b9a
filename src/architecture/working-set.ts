import { padded4 } from "../maths/padding.ts";
import { type ActivationStorage, DEFAULT_STORAGE } from "./choices.ts";
import type { ModelConfig, TransformerConfig } from "./config.ts";
import { lstmActivations } from "./lstm.ts";
import { hiddenMatrices, orthogonalScratch } from "./orthogonal.ts";
import { feedForwardSize, parameterShapes, qkvSize, storedShape } from "./parameters.ts";

/** Most bytes of partial gradients per run. */
const PARTIAL_BYTES = 16 * 1024 * 1024;

/** Most ranges of the batch, and fewest tokens in one. */
const MAX_RANGES = 16;
const RANGE_TOKENS = 256;

/** Tiles of a weight gradient that keep a GPU busy; a linear layer's have 8 × 8 entries, the head's 32 columns of the vocabulary. */
const BUSY_TILES = 64;

/** Buffers are laid out in multiples of 256 bytes. */
const padded = (entries: number, half = false) => Math.ceil((entries * (half ? 2 : 4)) / 256) * 256;
const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

const roundUp = (count: number, to: number) => Math.ceil(count / to) * to;

/** Tokens times splits of the vocabulary that keep a GPU busy, and the fewest vocabulary entries in a split. */
const BUSY_COLUMNS = 32_768;
const SPLIT_VOCABULARY = 64;

/** Entries of the head's scratch memory beyond which more gains nothing, and the rows and columns of its tiles. */
const SCRATCH_ENTRIES = 2 * 1024 * 1024;
const SCRATCH_ROWS = 32;
const SCRATCH_COLUMNS = 512;

/** Shapes, without the run axis, of what the head stores for `tokens` tokens. Depends only on the run, never on its pack. */
export function headShapes({ vocabulary, width }: Pick<ModelConfig, "vocabulary" | "width">, tokens: number) {
	const padded = roundUp(tokens, 4);
	const splits = Math.max(
		1,
		Math.min(
			Math.ceil(vocabulary / SPLIT_VOCABULARY),
			Math.ceil(BUSY_COLUMNS / padded),
			Math.floor(PARTIAL_BYTES / 4 / (width * padded)),
		),
	);
	// One kernel owns tokens and goes through a split of the vocabulary; the other owns the vocabulary and goes through tokens.
	const tokenColumns = splits * roundUp(padded, SCRATCH_COLUMNS);
	const vocabularyColumns = roundUp(vocabulary, SCRATCH_COLUMNS);
	const entries = (columns: number, rows: number) =>
		columns * Math.max(SCRATCH_ROWS, Math.min(roundUp(rows, SCRATCH_ROWS), Math.floor(SCRATCH_ENTRIES / columns)));
	return {
		parts: [splits, 2, padded],
		dxParts: [splits, width, padded],
		scratch: [Math.max(entries(tokenColumns, Math.ceil(vocabulary / splits)), entries(vocabularyColumns, padded))],
		lse: [2, padded],
	};
}

/**
 * The number of ranges of the batch into which a tensor's gradient is split, so that small matrices keep a GPU busy; with 1
 * it is written whole. Depends only on the run, never on its pack.
 */
export function gradientRanges(config: ModelConfig, tokens: number, name: string): number {
	const { width, vocabulary, tied } = config;
	const isLinear = /\.(c_attn|c_proj|c_fc|input|recurrent)\.(weight|bias)$/.test(name);
	const isHead = name === (tied ? "wte.weight" : "lm_head.weight");
	if (!isLinear && !isHead) return 1;
	const tiles = isHead ? Math.ceil(vocabulary / 32) : Math.ceil(width / 8) ** 2;
	const most = Math.min(MAX_RANGES, Math.floor(tokens / RANGE_TOKENS));
	return Math.max(1, Math.min(most, Math.ceil(BUSY_TILES / tiles)));
}

type Shapes = Record<string, readonly number[]>;

/**
 * Shapes, without the run axis, of what a forward and backward pass stores: for each block, and shared by all. Only what the
 * model needs is present. [features, tokens'], tokens rounded up to a multiple of 4.
 */
export function activationShapes(config: ModelConfig, sequences: number): { block: Shapes; shared: Shapes } {
	const tokens = sequences * config.context;
	const across = padded4(tokens);
	const { parts, dxParts, scratch, lse: headLse } = headShapes(config, tokens);
	const layers =
		config.architecture === "lstm" ? lstmActivations(config, across) : transformerActivations(config, across);
	return { block: layers.block, shared: { ...layers.shared, parts, dxParts, scratch, headLse } };
}

function transformerActivations(config: TransformerConfig, across: number): { block: Shapes; shared: Shapes } {
	const { width, heads, keyValueHeads, headSize, hidden, qkNorm } = config;
	const [normed, rotary] = [config.norm !== "none", config.positions === "rotary"];
	const stream = [width, across];
	const qkv = [qkvSize(config), across];
	const queries = [heads * headSize, across];
	const perHead = [heads, across];
	const stats = [2, across];
	return {
		block: {
			...{ x: stream, middle: stream, qkv, o: queries, lse: perHead },
			...(normed && { norm1: stream, stats1: stats, norm2: stream, stats2: stats }),
			...(qkNorm && { raw: qkv, rstd: [heads + keyValueHeads, across] }),
			...{ u: [feedForwardSize(config), across], hidden: [hidden, across] },
		},
		shared: {
			...{
				x: stream,
				dx: stream,
				dnorm: stream,
				d_o: queries,
				delta: perHead,
				dqkv: qkv,
				du: [feedForwardSize(config), across],
			},
			...(normed && { normF: stream, statsF: stats }),
			...(qkNorm && { draw: qkv }),
			...(rotary && !qkNorm && { raw: qkv }),
			...(rotary && { turns: [headSize, across] }),
		},
	};
}

/**
 * What "f16" stores as 16-bit floats: what matrix products, attention and activation functions read. The residual stream and
 * what norms and softmax store have 32 bits, and so does o, in which attention sums.
 */
const HALVED = ["norm1", "norm2", "raw", "qkv", "u", "hidden"];

/** Whether an activation of `activationShapes` holds 16-bit floats. */
export function isHalf(name: string, storage: ActivationStorage): boolean {
	return storage === "f16" && HALVED.includes(name);
}

/** What the memory of one run depends on besides its model. */
export interface WorkingSetOptions {
	microBatchSequences: number;
	/** Moments that the optimizer keeps of each parameter. */
	moments: number;
	/** Whether it orthogonalizes the steps of hidden matrices; default false. */
	orthogonal?: boolean;
	storage?: ActivationStorage | undefined;
}

/** GPU memory of one run of a pack: the total, and the largest part in a single binding. Unit: bytes. */
export function workingSet(
	config: ModelConfig,
	{ microBatchSequences, moments, orthogonal = false, storage = DEFAULT_STORAGE }: WorkingSetOptions,
): { bytes: number; largestBinding: number } {
	const tokens = microBatchSequences * config.context;
	const stored = parameterShapes(config).map((tensor) => ({
		name: tensor.name,
		entries: product(storedShape(tensor)),
	}));
	const parameters = stored.reduce((sum, { entries }) => sum + padded(entries), 0);
	const partials = stored.reduce((sum, { name, entries }) => {
		const ranges = gradientRanges(config, tokens, name);
		return ranges > 1 ? sum + padded(ranges * entries) : sum;
	}, 0);
	const { block, shared } = activationShapes(config, microBatchSequences);
	const bytesOf = (shapes: Shapes) =>
		Object.entries(shapes).map(([name, shape]) => padded(product(shape), isHalf(name, storage)));
	const sum = (bytes: number[]) => bytes.reduce((a, b) => a + b, 0);
	// Parameters, their gradients and their moments are laid out alike.
	const trained = (2 + moments) * parameters + Math.max(padded(1), partials);
	const scratch = orthogonal
		? Object.values(orthogonalScratch(hiddenMatrices(config))).map((each) => padded(each))
		: [];
	return {
		bytes: trained + sum(scratch) + config.layers * sum(bytesOf(block)) + sum(bytesOf(shared)),
		largestBinding: Math.max(parameters, partials, ...scratch, ...bytesOf(block), ...bytesOf(shared)),
	};
}
