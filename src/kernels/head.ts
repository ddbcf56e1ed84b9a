import type { DispatchSpec } from "../gpu/program.ts";
import { entriesPerRun, type Ring, type Tensor } from "../gpu/tensor.ts";
import type { Variants } from "../gpu/variants.ts";
import { padded4 } from "../maths/padding.ts";
import {
	COMBINE_LANES,
	combinePlan,
	FEATURES,
	HEAD_TOKENS,
	HEAD_VOCABULARY,
	type HeadPlan,
	headPlan,
	SUM_LANES,
} from "./head-variants.ts";

/** The tensors of every pass of the head. A prime marks a size padded to a multiple of 4. */
export interface HeadTensors {
	/** [runs, width, tokens'] */
	x: Tensor;
	/** [runs, width, vocabulary'] */
	w: Tensor;
	/** [runs or 1, sequences, context + 1]: inputs and, shifted by one, targets. */
	ids: Tensor;
	/** [runs, splits, 2, tokens']: one part for each split of the vocabulary. */
	parts: Tensor;
	/** [runs, …]: each run's first entry is the loss. */
	loss: Tensor | Ring;
}

/** The additional tensors of the gradients. */
export interface HeadGradientTensors extends HeadTensors {
	/** [runs, splits, width, tokens'] */
	dxParts: Tensor;
	/** [runs, entries]: scratch memory for tiles; the larger it is, the fewer passes over the gradients. */
	scratch: Tensor;
	/** [runs, 2, tokens']: for each token, ln Σ exp z and the loss. */
	lse: Tensor;
	/** [runs, width, tokens']; 0 in the padding. */
	dx: Tensor;
	/** [runs, width, vocabulary'], or [runs, ranges, width, vocabulary'] with a sum for each range of the tokens. */
	dw: Tensor;
	/** The token embedding's gradient in an untied model, with w's shape; set to 0 unless gradients accumulate. */
	cleared?: Tensor;
}

export interface HeadOptions {
	/** Vocabulary size; further columns of w are padding. */
	vocabulary: number;
	/** Factor of the loss and its gradients: scale · Σ over the tokens. */
	scale: number;
	/** Whether loss and dw are added to their previous values. dx is always overwritten. */
	accumulate: boolean;
	/** z = multiplier · x·w: the output multiplier of μP. */
	multiplier?: number;
	variants?: Variants;
}

interface Shape {
	runs: number;
	width: number;
	tokens: number;
	context: number;
	/** tokens' / 4 and vocabulary' / 4 */
	tokenQuads: number;
	vocabularyQuads: number;
}

/** Most features of which the invocations that own tokens also make dx; `combine` has an invocation for every few of them. */
const WHOLE_WIDTH = 64;

/** Splits of the vocabulary and ranges of the tokens are multiples of this many columns, except the last. */
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
			`head: w is [${w.shape}] for a vocabulary of ${vocabulary}; its last axis must be the vocabulary size, rounded up to a multiple of 4`,
		);
	return { runs, width, tokens, context, tokenQuads: padded / 4, vocabularyQuads: w.shape[2]! / 4 };
}

/**
 * One of the large kernels. Each invocation owns columns of one matrix (`ownQuads` quads in all) and loops over one of `parts`
 * parts of the other matrix's columns, `others`; `more` is the number of additional invocations that own none.
 */
function large(
	entryPoint: string,
	{ tile, shader, header }: HeadPlan,
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
	// dx takes a second product; recomputed ones do not count.
	const products = entryPoint === "forward" || entryPoint === "backward_weight" ? 1 : 2;
	return {
		kernel: { shader, entryPoint, header, subgroup: tile.subgroup },
		bindings,
		sizes: {
			...{ width, tokens, context, vocabulary, own_quads: ownQuads, other_quads: otherQuads },
			...{ others, part, chunk, splits: parts, accumulate: Number(accumulate), scale, multiplier },
		},
		grid: [Math.ceil((invocations + more) / lanes), parts, runs],
		flops: 2 * products * width * tokens * vocabulary,
	};
}

/** Whether the products of a plan read the other matrix one entry at a time. */
const isDirect = ({ tile }: HeadPlan) => !tile.subgroup && !tile.large;

/** A pass over the tokens: `forward`, `forward_backward` or `whole`. */
function overTokens(
	entryPoint: string,
	t: HeadTensors & { dx_parts?: Tensor; scratch?: Tensor },
	options: HeadOptions,
) {
	const shape = shapeOf(t, options.vocabulary);
	const { x, w, ids, loss, ...more } = t;
	const plan = headPlan(HEAD_TOKENS, options.variants ?? {}, shape.width);
	return large(
		entryPoint,
		plan,
		shape,
		{
			...{ ownQuads: shape.tokenQuads, otherQuads: shape.vocabularyQuads, others: options.vocabulary },
			...{ parts: t.parts.shape[1]!, ...(t.scratch && { scratch: t.scratch }) },
		},
		{ own: x, other: w, ...(t.scratch && isDirect(plan) && { other_entries: w }), ...more },
		options,
	);
}

/** loss (+)= scale · Σ over the tokens of −ln softmax(multiplier · x·w)[target]. Two dispatches. */
export function head({ x, w, ids, parts, loss }: HeadTensors, options: HeadOptions): DispatchSpec[] {
	const forward = overTokens("forward", { x, w, ids, parts, loss }, options);
	const sum: DispatchSpec = {
		kernel: { entryPoint: "sum_loss", ...combinePlan(x.shape[1]!, SUM_LANES) },
		bindings: { own: x, other_entries: w, ids, all_parts: parts, loss },
		sizes: forward.sizes,
		grid: [1, 1, x.shape[0]!],
	};
	return [forward, sum];
}

/**
 * The softmax and dx: in one dispatch where a narrow model's vocabulary is not split, unless workgroups own the tokens; otherwise
 * in two.
 */
function inputGradient(t: HeadGradientTensors, options: HeadOptions): DispatchSpec[] {
	const { x, w, ids, parts, loss, dxParts, scratch, lse, dx, cleared } = t;
	const clear = cleared && !options.accumulate && { cleared };
	const [runs, width, padded] = x.shape as [number, number, number];
	const { large } = headPlan(HEAD_TOKENS, options.variants ?? {}, width).tile;
	if (parts.shape[1] === 1 && width <= WHOLE_WIDTH && !large) {
		const whole = overTokens(
			clear ? "whole_and_clear" : "whole",
			{ x, w, ids, parts, loss, dx_parts: dx, scratch },
			options,
		);
		const bindings = { own: x, other: w, other_entries: w, ids, scratch, dx_parts: dx, token_lse: lse, ...clear };
		return [{ ...whole, bindings }];
	}
	const forward = overTokens("forward_backward", { x, w, ids, parts, loss, dx_parts: dxParts, scratch }, options);
	const combine: DispatchSpec = {
		kernel: { entryPoint: clear ? "combine_and_clear" : "combine", ...combinePlan(width, COMBINE_LANES) },
		bindings: { own: x, other_entries: w, ids, all_parts: parts, all_dx_parts: dxParts, token_lse: lse, dx, ...clear },
		sizes: forward.sizes,
		grid: [Math.ceil(padded / 4 / COMBINE_LANES), Math.ceil(width / FEATURES), runs],
	};
	return [forward, combine];
}

/** The same loss, its gradient dx, and dw (+)=. Three dispatches, or two. */
export function headGradient(t: HeadGradientTensors, options: HeadOptions): DispatchSpec[] {
	const { x, w, ids, loss, scratch, lse, dw } = t;
	const forward = inputGradient(t, options);
	const shape = shapeOf(t, options.vocabulary);
	const ranges = dw.shape.length === 4 ? dw.shape[1]! : 1;
	const plan = headPlan(HEAD_VOCABULARY, options.variants ?? {}, shape.width);
	const weight = large(
		"backward_weight",
		plan,
		shape,
		{
			...{ ownQuads: shape.vocabularyQuads, otherQuads: shape.tokenQuads, others: shape.tokens },
			...{ parts: ranges, scratch, more: 1 },
		},
		{ own: w, other: x, ...(isDirect(plan) && { other_entries: x }), ids, lse, scratch, dw, loss },
		options,
	);
	if (weight.grid[1] < ranges)
		throw new RangeError(
			`head: dw is [${dw.shape}]; ${shape.tokens} tokens do not fill ${ranges} ranges, each a multiple of ${PART}`,
		);
	return [...forward, weight];
}
