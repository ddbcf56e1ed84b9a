import activationsCode from "../../shaders/activations.wgsl?raw";
import { ACTIVATION_FUNCTIONS, type ActivationFunction } from "../architecture/choices.ts";

/**
 * WGSL for a kernel's header: `activation(u)` and its derivative `activation_slope(u)`, four entries at a time.
 *
 * @throws RangeError for an unknown name
 */
export function activationHeader(name: ActivationFunction): string {
	if (!ACTIVATION_FUNCTIONS.includes(name))
		throw new RangeError(`activation: is "${name}"; it must be one of ${ACTIVATION_FUNCTIONS.join(", ")}`);
	return `${activationsCode}
fn activation(u: vec4f) -> vec4f { return ${name}(u); }
fn activation_slope(u: vec4f) -> vec4f { return ${name}_slope(u); }`;
}
