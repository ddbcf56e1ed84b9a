import normedCode from "../../shaders/linear-normed.wgsl?raw";
import type { ActivationFunction } from "../architecture/choices.ts";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { type Operation, type Variants, variantOf } from "../gpu/variants.ts";
import { linear, linearActivation } from "./linear.ts";
import { LINEAR_SHADERS } from "./linear-variants.ts";
import { NORM_SHADER, type NormKind, norm } from "./norm.ts";

export const NORM_SHADERS = [NORM_SHADER, ...LINEAR_SHADERS, { file: "linear-normed.wgsl", code: normedCode }];

/** A norm followed by a linear layer: the norm has its own dispatch, or the layer computes it while reading x. */
export const NORM: Operation<{ fused: boolean; forGpus?: true }> = {
	name: "norm",
	variants: { apart: { fused: false }, fused: { fused: true, forGpus: true } },
};

/** The tensors of `normedLinear`. */
export interface NormedLinearTensors {
	/** [runs, inputs, tokens'] */
	x: Tensor;
	/** [runs, inputs] */
	gamma: Tensor;
	beta?: Tensor | undefined;
	/** For the backward pass: norm(x), [runs, inputs, tokens'], and x's mean and 1/σ, [runs, 2, tokens']. */
	normed: Tensor;
	stats: Tensor;
	/** [runs, inputs, outputs] */
	w: Tensor;
	/** [runs, outputs] */
	bias?: Tensor | undefined;
	/** [runs, outputs, tokens']; u is given only with an activation function */
	y: Tensor;
	u?: Tensor | undefined;
}

/**
 * normed = norm(x), y = w·normed + bias or, with `activation`, u = w·normed + bias and y = activation(u), in two dispatches
 * or one.
 *
 * @throws RangeError when the shapes do not fit, or `activation` is given without u or u without it
 */
export function normedLinear(
	kind: NormKind,
	{ x, gamma, beta, normed, stats, w, bias, y, u }: NormedLinearTensors,
	activation: ActivationFunction | undefined,
	variants: Variants = {},
): DispatchSpec[] {
	if ((activation === undefined) !== (u === undefined))
		throw new RangeError(
			`normed linear: activation is ${activation}, u is ${u ? `[${u.shape}]` : "absent"}; both or none must be given`,
		);
	const { fused } = variantOf(NORM, variants);
	// Always built, because it checks the shapes.
	const separate = norm(kind, { x, gamma, beta, y: normed, stats });
	const t = { x: fused ? x : normed, w, bias, y };
	const before = fused ? { kind, tensors: { gamma, beta, normed, stats } } : undefined;
	const layer = u ? linearActivation({ ...t, u }, activation!, variants, before) : linear(t, variants, before);
	return fused ? [layer] : [separate, layer];
}
