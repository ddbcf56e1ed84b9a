import headCode from "../../shaders/head.wgsl?raw";
import broadcastCode from "../../shaders/head-broadcast.wgsl?raw";
import directCode from "../../shaders/head-direct.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import { entriesPerRun, type Ring, type Tensor } from "../gpu/tensor.ts";
import { type Operation, type Variants, variantOf } from "../gpu/variants.ts";
import { padded4 } from "../maths/padding.ts";
import { broadcastHeader, forSubgroups, rowsFor } from "./broadcast.ts";
import { constantsHeader } from "./constants.ts";

const DIRECT = { file: "head.wgsl with head-direct.wgsl", code: `${headCode}\n${directCode}` };
const BROADCAST = { file: "head.wgsl with head-broadcast.wgsl", code: `${headCode}\n${broadcastCode}` };

export const HEAD_SHADERS = [DIRECT, BROADCAST];

/**
 * An invocation owns `quads` × 4 tokens (or words) and takes `rows` of the other at a time; `lanes` are a workgroup.
 * With `subgroup`, so many invocations share what they read of the other.
 */
interface Tile {
	rows: number;
	quads: number;
	lanes: number;
	subgroup?: number;
	forGpus?: true;
}

/** The large kernel whose invocations own tokens: products, softmax, dx. */
export const HEAD_TOKENS: Operation<Tile> = {
	name: "head.tokens",
	variants: {
		"8x1x64": { rows: 8, quads: 1, lanes: 64 },
		"4x1x64": { rows: 4, quads: 1, lanes: 64, forGpus: true },
		"16x2, 4 share": { rows: 16, quads: 2, lanes: 4, subgroup: 4 },
		"32 rows, 8 share": { rows: 32, quads: 1, lanes: 8, subgroup: 8 },
		"16 rows, 32 share": { rows: 16, quads: 1, lanes: 64, subgroup: 32 },
	},
};

/** The large kernel whose invocations own words: products again, dw. */
export const HEAD_VOCABULARY: Operation<Tile> = { name: "head.words", variants: HEAD_TOKENS.variants };

/** What every pass of the head works on. Tokens and words are padded to multiples of 4, marked by a prime. */
export interface HeadTensors {
	/** [runs, width, tokens'] */
	x: Tensor;
	/** [runs, width, vocabulary'] */
	w: Tensor;
	/** [runs or 1, sequences, context + 1]: inputs and, one place on, targets. */
	ids: Tensor;
	/** [runs, splits, 2, tokens']: the vocabulary is gone through in that many splits. */
	parts: Tensor;
	/** [runs, …]: the first entry of each run is the loss. */
	loss: Tensor | Ring;
}

/** What the gradients need besides. */
export interface HeadGradientTensors extends HeadTensors {
	/** [runs, splits, width, tokens'] */
	dxParts: Tensor;
	/** [runs, entries]: products of tiles; the more of them, the fewer passes over the gradients. */
	scratch: Tensor;
	/** [runs, 2, tokens']: of each token the logarithm of Σ exp z, and the loss. */
	lse: Tensor;
	/** [runs, width, tokens']; 0 in the padding. */
	dx: Tensor;
	/** [runs, width, vocabulary'], or [runs, ranges, width, vocabulary'] with a sum for each range of the tokens. */
	dw: Tensor;
	/** Set to 0 in passing, unless sums go on: the token embedding's gradient of an untied model. Shape of w. */
	cleared?: Tensor;
}

export interface HeadOptions {
	/** Words that exist; those after them are padding. */
	vocabulary: number;
	/** The loss and all gradients are of scale · Σ over the tokens. */
	scale: number;
	/** Whether loss and dw are added to what is there. dx is always written. */
	accumulate: boolean;
	/** z = multiplier · x·w: the output multiplier of μP. */
	multiplier?: number;
	variants?: Variants;
}

/** A workgroup of `combine`, and the features that an invocation of it puts together. */
const COMBINE_LANES = 32;
const FEATURES = 4;

/** A tile for kernels that have none. */
const SMALL: Tile = { rows: 4, quads: 1, lanes: 32 };

interface Shape {
	runs: number;
	width: number;
	tokens: number;
	context: number;
	/** tokens' / 4 and vocabulary' / 4 */
	tokenQuads: number;
	vocabularyQuads: number;
}

/** Splits of the vocabulary and ranges of the tokens are multiples of this many columns, but for the last. */
const PART = 16;

const multiple = (of: number, count: number) => Math.ceil(count / of) * of;

function shapeOf({ x, w, ids, parts }: HeadTensors, vocabulary: number): Shape {
	const [runs, width, padded] = x.shape as [number, number, number];
	const [, sequences, entries] = ids.shape as [number, number, number];
	const context = entries - 1;
	const tokens = sequences * context;
	if (w.shape[0] !== runs || w.shape[1] !== width)
		throw new RangeError(`head: x is [${x.shape}], w is [${w.shape}]; runs and widths must agree`);
	if (padded !== padded4(tokens) || parts.shape[3] !== padded)
		throw new RangeError(
			`head: x is [${x.shape}], parts is [${parts.shape}], ids is [${ids.shape}]; the last axes of x and parts must be ` +
				"its sequences · context, rounded up to a multiple of 4",
		);
	if (w.shape[2] !== padded4(vocabulary))
		throw new RangeError(
			`head: w is [${w.shape}] for ${vocabulary} words; its last axis must be their number, rounded up to a multiple of 4`,
		);
	return { runs, width, tokens, context, tokenQuads: padded / 4, vocabularyQuads: w.shape[2]! / 4 };
}

/** One of the large kernels: `own` columns for each invocation, in `parts` parts of `others`; `more` invocations. */
function large(
	entryPoint: string,
	tile: Tile,
	{ runs, width, tokens, context }: Shape,
	sides: { ownQuads: number; otherQuads: number; others: number; parts: number; scratch?: Tensor; more?: number },
	bindings: DispatchSpec["bindings"],
	{ vocabulary, scale, accumulate, multiplier = 1 }: HeadOptions,
): DispatchSpec {
	const { rows, quads, lanes } = tile;
	const { ownQuads, otherQuads, others, scratch, more = 0 } = sides;
	const part = multiple(PART, Math.ceil(others / sides.parts));
	const parts = Math.ceil(others / part);
	const invocations = Math.ceil(ownQuads / quads);
	const groups = Math.ceil(invocations / lanes);
	const columns = parts * groups * lanes * quads * 4;
	const whole = multiple(rows, part);
	const room = scratch ? Math.floor(entriesPerRun(scratch.shape) / columns / rows) * rows : whole;
	if (room < rows)
		throw new RangeError(
			`head: scratch is [${scratch!.shape}]; ${rows} rows of ${parts} × ${columns / parts} entries must fit into each run's`,
		);
	const chunk = Math.min(whole, room);
	return {
		kernel: {
			shader: tile.subgroup ? forSubgroups(BROADCAST, tile.subgroup) : DIRECT,
			entryPoint,
			header: header(tile, width),
		},
		bindings,
		sizes: {
			...{ width, tokens, context, vocabulary, own_quads: ownQuads, other_quads: otherQuads },
			...{ others, part, chunk, splits: parts, accumulate: Number(accumulate), scale, multiplier },
		},
		grid: [Math.ceil((invocations + more) / lanes), parts, runs],
		// One product each, two where dx comes with the loss; those that are computed again are not counted.
		flops: (entryPoint === "forward_backward" ? 4 : 2) * width * tokens * vocabulary,
	};
}

/** A variant's tile for a width: where subgroups share, with as few rows as hold it, down to 8. */
function tileFor(tile: Tile, width: number): Tile {
	return tile.subgroup ? { ...tile, rows: rowsFor({ ...tile, subgroup: tile.subgroup }, width) } : tile;
}

function header(tile: Tile, width: number, combineLanes = COMBINE_LANES): string {
	const { rows, quads, lanes, subgroup } = tile;
	const constants = { LANES: lanes, QUADS: quads, COMBINE_LANES: combineLanes, FEATURES };
	return [
		subgroup ? broadcastHeader({ rows, subgroup }) : constantsHeader({ ROWS: rows, ROW_QUADS: rows / 4, FOUR: 4 }),
		constantsHeader(constants),
		`const HELD = ${width <= rows};`,
	].join("\n");
}

/** A pass over the tokens: `forward` or `forward_backward`. */
function overTokens(
	entryPoint: string,
	t: HeadTensors & { dx_parts?: Tensor; scratch?: Tensor },
	options: HeadOptions,
) {
	const shape = shapeOf(t, options.vocabulary);
	const { x, w, ids, loss, ...more } = t;
	const tile = tileFor(variantOf(HEAD_TOKENS, options.variants ?? {}), shape.width);
	return large(
		entryPoint,
		tile,
		shape,
		{
			...{ ownQuads: shape.tokenQuads, otherQuads: shape.vocabularyQuads, others: options.vocabulary },
			...{ parts: t.parts.shape[1]!, ...(t.scratch && { scratch: t.scratch }) },
		},
		{ own: x, other: w, ...(t.scratch && !tile.subgroup && { other_entries: w }), ...more },
		options,
	);
}

/** loss (+)= scale · Σ over the tokens of −ln softmax(multiplier · x·w)[target]. Two dispatches. */
export function head({ x, w, ids, parts, loss }: HeadTensors, options: HeadOptions): DispatchSpec[] {
	const forward = overTokens("forward", { x, w, ids, parts, loss }, options);
	const sum: DispatchSpec = {
		kernel: { shader: DIRECT, entryPoint: "sum_loss", header: header(SMALL, x.shape[1]!, 64) },
		bindings: { x, w, ids, all_parts: parts, loss },
		sizes: forward.sizes,
		grid: [1, 1, x.shape[0]!],
	};
	return [forward, sum];
}

/** The same loss, its gradient dx, and dw (+)=. Three dispatches. */
export function headGradient(t: HeadGradientTensors, options: HeadOptions): DispatchSpec[] {
	const { x, w, ids, parts, loss, dxParts, scratch, lse, dx, dw, cleared } = t;
	const forward = overTokens("forward_backward", { x, w, ids, parts, loss, dx_parts: dxParts, scratch }, options);
	const [runs, width, padded] = x.shape as [number, number, number];
	const clear = cleared && !options.accumulate;
	const combine: DispatchSpec = {
		kernel: {
			shader: DIRECT,
			entryPoint: clear ? "combine_and_clear" : "combine",
			header: header(SMALL, width),
		},
		bindings: { x, w, ids, all_parts: parts, all_dx_parts: dxParts, token_lse: lse, dx, ...(clear && { cleared }) },
		sizes: forward.sizes,
		grid: [Math.ceil(padded / 4 / COMBINE_LANES), Math.ceil(width / FEATURES), runs],
	};
	const shape = shapeOf(t, options.vocabulary);
	const ranges = dw.shape.length === 4 ? dw.shape[1]! : 1;
	const tile = tileFor(variantOf(HEAD_VOCABULARY, options.variants ?? {}), shape.width);
	const weight = large(
		"backward_weight",
		tile,
		shape,
		{
			...{ ownQuads: shape.vocabularyQuads, otherQuads: shape.tokenQuads, others: shape.tokens },
			...{ parts: ranges, scratch, more: 1 },
		},
		{ own: w, other: x, ...(!tile.subgroup && { other_entries: x }), ids, lse, scratch, dw, loss },
		options,
	);
	if (weight.grid[1] < ranges)
		throw new RangeError(
			`head: dw is [${dw.shape}]; ${shape.tokens} tokens do not fill ${ranges} ranges, of multiples of ${PART} each`,
		);
	return [forward, combine, weight];
}
