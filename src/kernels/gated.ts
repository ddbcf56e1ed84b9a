import gatedCode from "../../shaders/gated.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { type Activation, activationHeader } from "./activations.ts";
import { storedHeader } from "./stored.ts";

const shader = { file: "gated.wgsl", code: gatedCode };

/**
 * y = activation(gate) · rest, u holding the gate and then the rest: [runs, 2·hidden, tokens']; y: [runs, hidden, tokens'].
 * `linearBackward` has its backward pass.
 */
export function gated(activation: Activation, t: { u: Tensor; y: Tensor }): DispatchSpec {
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
			header: [storedHeader({ U: u, Y: y }), activationHeader(activation)].join("\n"),
		},
		bindings: t,
		sizes: { hidden, columns: tokens / 4 },
		grid: [Math.ceil(tokens / 256), hidden, runs],
	};
}
