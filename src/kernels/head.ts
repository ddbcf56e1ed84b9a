import headCode from "../../shaders/head.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Ring, Tensor } from "../gpu/tensor.ts";
import { groups, lanesHeader, TILE, vectorised } from "./lanes.ts";

const shader = { file: "head.wgsl", code: headCode };

/** What forward and backward share. x: [runs, sequences, context, width]; w: [runs, vocabulary, width]. */
export interface HeadTensors {
	x: Tensor;
	w: Tensor;
	/** [runs or 1, sequences, context + 1]: inputs and, one place on, targets. */
	ids: Tensor;
	/** [runs, splits, tokens, 2]: the vocabulary is gone through in that many splits. */
	parts: Tensor;
	/** [runs, tokens] */
	targetLogit: Tensor;
	/** [runs, tokens] */
	lse: Tensor;
	/** [runs, …]: the first entry of each run is the loss. */
	loss: Tensor | Ring;
}

function dispatch(
	entryPoint: string,
	{ x, w, parts }: HeadTensors,
	bindings: DispatchSpec["bindings"],
	more: { first?: number; tile?: number; accumulate?: boolean; scale?: number },
	grid: readonly [number, number],
): DispatchSpec {
	const [runs, sequences, context, width] = x.shape as [number, number, number, number];
	const vocabulary = w.shape[1]!;
	if (w.shape[2] !== width || w.shape[0] !== runs)
		throw new RangeError(`head: x is [${x.shape}], w is [${w.shape}]; runs and last axes must agree`);
	const tokens = sequences * context;
	const splits = parts.shape[1]!;
	const { first = 0, tile = 0, accumulate = false, scale = 0 } = more;
	return {
		kernel: { shader, entryPoint, header: lanesHeader(vectorised(width, tokens)) },
		bindings,
		sizes: {
			...{ tokens, context, width, vocabulary, first, tile, scale },
			...{ splits, split_words: Math.ceil(vocabulary / splits), accumulate: Number(accumulate) },
		},
		grid: [...grid, runs],
	};
}

const tokensOf = (x: Tensor) => x.shape[1]! * x.shape[2]!;

/** loss (+)= scale · Σ over the tokens of −ln softmax(x·wᵀ)[target], and the lse that the backward pass needs. */
export function head(t: HeadTensors, options: { scale: number; accumulate: boolean }): DispatchSpec[] {
	const { x, w, ids, parts, targetLogit, lse, loss } = t;
	const tokenGroups = groups(Math.ceil(tokensOf(x) / TILE));
	return [
		dispatch("forward", t, { x, w, ids, parts, target_logit: targetLogit }, {}, [tokenGroups, parts.shape[1]!]),
		dispatch("combine", t, { parts, target_logit: targetLogit, lse, loss }, options, [1, 1]),
	];
}

/** dx = gradient of scale · Σ loss, and dw (+)=, going through the vocabulary tile by tile. dz: [runs, tile, tokens]. */
export function headBackward(
	t: HeadTensors & { dz: Tensor; dx: Tensor; dw: Tensor },
	options: { scale: number; accumulate: boolean },
): DispatchSpec[] {
	const { x, w, ids, lse, dz, dx, dw } = t;
	const [, vocabulary, width] = w.shape as [number, number, number];
	const tiles = (n: number) => Math.ceil(n / TILE);
	const across = tiles(width);
	const specs: DispatchSpec[] = [];
	for (let first = 0; first < vocabulary; first += dz.shape[1]!) {
		const tile = Math.min(dz.shape[1]!, vocabulary - first);
		const range = { ...options, first, tile };
		specs.push(
			dispatch("backward_logits", t, { x, w, ids, lse, dz }, range, [groups(tiles(tokensOf(x))), tiles(tile)]),
			dispatch("backward_input", t, { w, dz_in: dz, dx }, { ...range, accumulate: first > 0 }, [
				groups(tiles(tokensOf(x)) * across),
				1,
			]),
			dispatch("backward_weight", t, { x, dz_in: dz, dw }, range, [groups(tiles(tile) * across), 1]),
		);
	}
	return specs;
}
