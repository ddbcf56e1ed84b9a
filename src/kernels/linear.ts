import linearCode from "../../shaders/linear.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { groups, lanesHeader, TILE, vectorised } from "./lanes.ts";

const shader = { file: "linear.wgsl", code: linearCode };

/** x, dx, u before a GELU: [runs, rows, inputs]; w: [runs, inputs, outputs]; y, dy: [runs, rows, outputs]. */
interface Shape {
	runs: number;
	rows: number;
	inputs: number;
	outputs: number;
}

function shapeOf(name: string, x: Tensor, w: Tensor, y: Tensor): Shape {
	const [runs, inputs, outputs] = w.shape as [number, number, number];
	const rows = x.shape.slice(1, -1).reduce((product, axis) => product * axis, 1);
	const fits = x.shape.at(-1) === inputs && y.shape.at(-1) === outputs && x.shape[0] === runs && y.shape[0] === runs;
	if (!fits)
		throw new RangeError(
			`${name}: x is [${x.shape}], w is [${w.shape}], y is [${y.shape}]; ` +
				"runs must agree, w must be [runs, x's last axis, y's last axis]",
		);
	return { runs, rows, inputs, outputs };
}

function dispatch(
	entryPoint: string,
	{ runs, rows, inputs, outputs }: Shape,
	bindings: DispatchSpec["bindings"],
	{ ranges = 1, accumulate = 0 } = {},
): DispatchSpec {
	const tiles = (n: number) => Math.ceil(n / TILE);
	const count = {
		forward: tiles(rows) * tiles(outputs),
		backward_input: tiles(rows) * tiles(inputs),
		backward_weight: tiles(inputs) * tiles(outputs),
	}[entryPoint.replace(/_(residual|gelu)$/, "")]!;
	return {
		kernel: { shader, entryPoint, header: lanesHeader(vectorised(inputs, outputs)) },
		bindings,
		sizes: { rows, inputs, outputs, ranges, accumulate },
		grid: [groups(count), ranges, runs],
	};
}

/** y = x·w + bias. */
export function linear(t: { x: Tensor; w: Tensor; bias: Tensor; y: Tensor }): DispatchSpec {
	return dispatch("forward", shapeOf("linear", t.x, t.w, t.y), t);
}

/** y = x·w + bias + residual. */
export function linearResidual(t: { x: Tensor; w: Tensor; bias: Tensor; y: Tensor; residual: Tensor }): DispatchSpec {
	return dispatch("forward_residual", shapeOf("linear", t.x, t.w, t.y), t);
}

/** u = x·w + bias, y = gelu(u), both kept: the backward pass needs u. */
export function linearGelu(t: { x: Tensor; w: Tensor; bias: Tensor; y: Tensor; u: Tensor }): DispatchSpec {
	return dispatch("forward_gelu", shapeOf("linear", t.x, t.w, t.y), t);
}

/** dx = dy·wᵀ, times gelu'(u) where x was gelu(u). */
export function linearBackwardInput(t: { dy: Tensor; w: Tensor; dx: Tensor; u?: Tensor }): DispatchSpec {
	const shape = shapeOf("linear backward", t.dx, t.w, t.dy);
	const { dy, w, dx, u } = t;
	return u
		? dispatch("backward_input_gelu", shape, { dy, w, dx, gelu_input: u })
		: dispatch("backward_input", shape, { dy, w, dx });
}

/**
 * dw (+)= xᵀ·dy and dbias (+)= Σ dy, separately for each of `ranges` ranges of rows.
 * dw: [runs, ranges, inputs, outputs]; dbias: [runs, ranges, outputs].
 */
export function linearBackwardWeight(
	t: { x: Tensor; dy: Tensor; dw: Tensor; dbias: Tensor },
	accumulate: boolean,
): DispatchSpec {
	const [runs, ranges, inputs, outputs] = t.dw.shape as [number, number, number, number];
	const rows = t.x.shape.slice(1, -1).reduce((product, axis) => product * axis, 1);
	if (t.x.shape.at(-1) !== inputs || t.dy.shape.at(-1) !== outputs)
		throw new RangeError(
			`linear backward: x is [${t.x.shape}], dy is [${t.dy.shape}], dw is [${t.dw.shape}]; ` +
				"dw must be [runs, ranges, x's last axis, dy's last axis]",
		);
	return dispatch("backward_weight", { runs, rows, inputs, outputs }, t, { ranges, accumulate: Number(accumulate) });
}
