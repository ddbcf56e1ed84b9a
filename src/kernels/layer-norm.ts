import layerNormCode from "../../shaders/layer-norm.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { groups, lanesHeader, vectorised } from "./lanes.ts";

const shader = { file: "layer-norm.wgsl", code: layerNormCode };

function dispatch(
	entryPoint: string,
	x: Tensor,
	bindings: DispatchSpec["bindings"],
	ranges: number,
	accumulate: boolean,
) {
	const [runs] = x.shape as [number];
	const width = x.shape.at(-1)!;
	const rows = x.shape.slice(1, -1).reduce((product, axis) => product * axis, 1);
	for (const [name, tensor] of Object.entries(bindings))
		if (name !== "stats" && tensor.shape.at(-1) !== width)
			throw new RangeError(`layer norm: x is [${x.shape}], ${name} is [${tensor.shape}]; their last axes must agree`);
	const vector = vectorised(width);
	const perColumn = entryPoint === "backward_weight";
	return {
		kernel: { shader, entryPoint, header: lanesHeader(vector) },
		bindings,
		sizes: { rows, width, ranges, accumulate: Number(accumulate) },
		grid: [groups(perColumn ? width / (vector ? 4 : 1) : rows), perColumn ? ranges : 1, runs],
	} as const satisfies DispatchSpec;
}

/** y = normalised x · gamma + beta. x, y: [runs, rows, width]; stats: [runs, rows, 2] keeps mean and 1/σ. */
export function layerNorm(t: { x: Tensor; gamma: Tensor; beta: Tensor; y: Tensor; stats: Tensor }): DispatchSpec {
	return dispatch("forward", t.x, t, 1, false);
}

/** dx, or dx += where `accumulate` (the residual stream's gradient is already there). */
export function layerNormBackwardInput(
	t: { x: Tensor; gamma: Tensor; stats: Tensor; dy: Tensor; dx: Tensor },
	accumulate: boolean,
): DispatchSpec {
	return dispatch("backward_input", t.x, t, 1, accumulate);
}

/** dgamma (+)=, dbeta (+)=: [runs, ranges, width], separately for each range of rows. */
export function layerNormBackwardWeight(
	t: { x: Tensor; stats: Tensor; dy: Tensor; dgamma: Tensor; dbeta: Tensor },
	accumulate: boolean,
): DispatchSpec {
	return dispatch("backward_weight", t.x, t, t.dgamma.shape[1]!, accumulate);
}
