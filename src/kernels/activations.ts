import activationsCode from "../../shaders/activations.wgsl?raw";

/** Functions between the two layers of a feed-forward block; each has a pair in activations.wgsl. */
export const ACTIVATIONS = ["gelu", "relu2", "silu"] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/**
 * WGSL to put in front of a kernel: `activation(u)` and its derivative `activation_slope(u)`, four entries at a time.
 *
 * @throws RangeError for a name that is not in the list
 */
export function activationHeader(name: Activation): string {
	if (!ACTIVATIONS.includes(name))
		throw new RangeError(`activation: is "${name}"; it must be one of ${ACTIVATIONS.join(", ")}`);
	return `${activationsCode}
fn activation(u: vec4f) -> vec4f { return ${name}(u); }
fn activation_slope(u: vec4f) -> vec4f { return ${name}_slope(u); }`;
}
