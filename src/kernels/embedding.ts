import embeddingCode from "../../shaders/embedding.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { groups, lanesHeader, vectorised } from "./lanes.ts";

const shader = { file: "embedding.wgsl", code: embeddingCode };

interface Sizes {
	runs: number;
	sequences: number;
	context: number;
	width: number;
	vocabulary: number;
}

function dispatch(
	entryPoint: string,
	{ runs, ...sizes }: Sizes,
	bindings: DispatchSpec["bindings"],
	entries: number,
	{ ranges = 1, accumulate = 0 } = {},
): DispatchSpec {
	const vector = vectorised(sizes.width);
	return {
		kernel: { shader, entryPoint, header: lanesHeader(vector) },
		bindings,
		sizes: { ...sizes, ranges, accumulate },
		grid: [groups(entries / (vector ? 4 : 1)), ranges, runs],
	};
}

function sizesOf(x: Tensor, wte: Tensor): Sizes {
	const [runs, sequences, context, width] = x.shape as [number, number, number, number];
	if (wte.shape.at(-1) !== width)
		throw new RangeError(`embedding: x is [${x.shape}], wte is [${wte.shape}]; their last axes must agree`);
	return { runs, sequences, context, width, vocabulary: wte.shape.at(-2)! };
}

/**
 * x = wte[ids] + wpe. x: [runs, sequences, context, width]; wte: [runs, vocabulary, width];
 * wpe: [runs, context, width]; ids: [runs or 1, sequences, context + 1].
 */
export function embedding(t: { ids: Tensor; wte: Tensor; wpe: Tensor; x: Tensor }): DispatchSpec {
	const sizes = sizesOf(t.x, t.wte);
	return dispatch("forward", sizes, t, sizes.sequences * sizes.context * sizes.width);
}

/** dwte += dx at each id. order: [runs or 1, sequences·context], the places sorted by id. */
export function embeddingBackwardToken(t: { ids: Tensor; order: Tensor; dx: Tensor; dwte: Tensor }): DispatchSpec {
	const sizes = sizesOf(t.dx, t.dwte);
	return dispatch("backward_token", sizes, t, sizes.sequences * sizes.context * sizes.width);
}

/** dwpe (+)= the sum of dx over the sequences of each range. dwpe: [runs, ranges, context, width]. */
export function embeddingBackwardPosition(t: { dx: Tensor; dwpe: Tensor }, accumulate: boolean): DispatchSpec {
	const sizes = sizesOf(t.dx, t.dwpe);
	const options = { ranges: t.dwpe.shape[1]!, accumulate: Number(accumulate) };
	return dispatch("backward_position", sizes, t, sizes.context * sizes.width, options);
}

/** dwte = 0. dwte: [runs, vocabulary, width]. */
export function embeddingClear(t: { dwte: Tensor }): DispatchSpec {
	const [runs, vocabulary, width] = t.dwte.shape as [number, number, number];
	return dispatch("clear", { runs, sequences: 0, context: 0, width, vocabulary }, t, vocabulary * width);
}
