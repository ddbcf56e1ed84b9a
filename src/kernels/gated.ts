import gatedCode from "../../shaders/gated.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { type Activation, activationHeader } from "./activations.ts";
import { storedHeader } from "./stored.ts";

const shader = { file: "gated.wgsl", code: gatedCode };

function dispatch(entryPoint: string, activation: Activation, u: Tensor, y: Tensor, bindings: Record<string, Tensor>) {
	const stored = storedHeader({ U: u, Y: bindings.y });
	const [runs, hidden, tokens] = y.shape as [number, number, number];
	if (`${u.shape}` !== `${[runs, 2 * hidden, tokens]}` || tokens % 4 !== 0)
		throw new RangeError(
			`gated unit: u is [${u.shape}], y is [${y.shape}]; they must be [runs, 2·hidden, tokens] and ` +
				"[runs, hidden, tokens], tokens a multiple of 4",
		);
	return {
		kernel: { shader, entryPoint, header: [stored, activationHeader(activation)].join("\n") },
		bindings,
		sizes: { hidden, columns: tokens / 4 },
		grid: [Math.ceil(tokens / 256), hidden, runs],
	} as const satisfies DispatchSpec;
}

/** y = activation(gate) · rest, u holding the gate and then the rest: [runs, 2·hidden, tokens']; y: [runs, hidden, tokens']. */
export function gated(activation: Activation, t: { u: Tensor; y: Tensor }): DispatchSpec {
	return dispatch("forward", activation, t.u, t.y, t);
}

/** du from dy. Shapes as for `gated`. */
export function gatedBackward(activation: Activation, t: { u: Tensor; dy: Tensor; du: Tensor }): DispatchSpec {
	return dispatch("backward", activation, t.u, t.dy, t);
}
