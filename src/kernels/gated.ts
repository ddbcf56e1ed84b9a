import gatedCode from "../../shaders/gated.wgsl?raw";
import type { ActivationFunction } from "../architecture/choices.ts";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { activationHeader } from "./activations.ts";
import { constantsHeader } from "./constants.ts";
import { storedHeader } from "./stored.ts";

const shader = { file: "gated.wgsl", code: gatedCode };

/** Workgroup size; each invocation handles four tokens. */
const WORKGROUP = 64;

/**
 * y = activation(gate) · up, where u is [gate, up]: [runs, 2·hidden, tokens']; y: [runs, hidden, tokens'].
 * `linearBackward` includes the backward pass.
 */
export function gated(activation: ActivationFunction, t: { u: Tensor; y: Tensor }): DispatchSpec {
	const { u, y } = t;
	const [runs, hidden, tokens] = y.shape as [number, number, number];
	if (`${u.shape}` !== `${[runs, 2 * hidden, tokens]}` || tokens % 4 !== 0)
		throw new RangeError(
			`gated unit: u is [${u.shape}], y is [${y.shape}]; they must be [runs, 2·hidden, tokens] and ` +
				"[runs, hidden, tokens], tokens a multiple of 4",
		);
	return {
		kernel: {
			shader,
			entryPoint: "forward",
			header: [constantsHeader({ WORKGROUP }), storedHeader({ U: u, Y: y }), activationHeader(activation)].join("\n"),
		},
		bindings: t,
		sizes: { hidden, columns: tokens / 4 },
		grid: [Math.ceil(tokens / 4 / WORKGROUP), hidden, runs],
	};
}
