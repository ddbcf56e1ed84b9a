import type { ActivationFunction } from "../architecture/choices.ts";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { type Variants, variantOf } from "../gpu/variants.ts";
import { backwardHeader, forwardHeader, type NormBefore } from "./linear-header.ts";
import { LINEAR_BACKWARD, LINEAR_FORWARD, linearPlan } from "./linear-variants.ts";
import { storedHeader } from "./stored.ts";

/** x and y of a layer: [runs, inputs, tokens] and [runs, outputs, tokens], tokens rounded up to a multiple of 4. */
interface Shape {
	runs: number;
	inputs: number;
	outputs: number;
	tokens: number;
}

/** A linear layer's tensors except those of its epilogue. w: [runs, inputs, outputs]; bias: [runs, outputs]. */
interface LinearTensors {
	x: Tensor;
	w: Tensor;
	bias?: Tensor | undefined;
	y: Tensor;
}

function shapeOf(name: string, x: Tensor, w: Tensor, y: Tensor, [a, b, c] = ["x", "w", "y"]): Shape {
	const [runs, inputs, outputs] = w.shape as [number, number, number];
	const tokens = x.shape[2]!;
	const fits = (t: Tensor, features: number) => `${t.shape}` === `${[runs, features, tokens]}`;
	if (!fits(x, inputs) || !fits(y, outputs) || tokens % 4 !== 0)
		throw new RangeError(
			`${name}: ${a} is [${x.shape}], ${b} is [${w.shape}], ${c} is [${y.shape}]; they must be ` +
				"[runs, inputs, tokens], [runs, inputs, outputs] and [runs, outputs, tokens], tokens a multiple of 4",
		);
	return { runs, inputs, outputs, tokens };
}

function forward(
	t: LinearTensors & { residual?: Tensor | undefined; u?: Tensor },
	activation: ActivationFunction | undefined,
	variants: Variants,
	before: NormBefore | undefined,
): DispatchSpec {
	const shape = shapeOf("linear", t.x, t.w, t.y);
	const { runs, inputs, outputs, tokens } = shape;
	const plan = linearPlan(variantOf(LINEAR_FORWARD, variants), { ...shape, ranges: 1 }, outputs, [
		storedHeader({ X: t.x, Y: t.y, U: t.u }),
		...forwardHeader(t, activation, before),
	]);
	return {
		kernel: { ...plan.kernel, entryPoint: "forward" },
		bindings: given({ ...t, ...before?.tensors }),
		sizes: { inputs, outputs, tokens, ranges: 1 },
		grid: [plan.alongTokens, Math.ceil(outputs / plan.block), runs],
		flops: 2 * inputs * outputs * tokens,
	};
}

/** The tensors that are not undefined. */
function given(t: object): Record<string, Tensor> {
	return Object.fromEntries(Object.entries(t).filter(([, tensor]) => tensor !== undefined));
}

/**
 * y = w·x, plus bias and residual if given; with `before`, norm(x) takes the place of x.
 * x: [runs, inputs, tokens]; w: [runs, inputs, outputs]; bias: [runs, outputs]; y, residual: [runs, outputs, tokens].
 *
 * @throws RangeError when the shapes do not fit
 */
export function linear(
	t: LinearTensors & { residual?: Tensor | undefined },
	variants: Variants = {},
	before?: NormBefore,
): DispatchSpec {
	return forward(t, undefined, variants, before);
}

/** u = w·x + bias and y = activation(u). Both are stored because the backward pass needs u. Shapes as for `linear`. */
export function linearActivation(
	t: LinearTensors & { u: Tensor },
	activation: ActivationFunction,
	variants: Variants = {},
	before?: NormBefore,
): DispatchSpec {
	return forward(t, activation, variants, before);
}

/** The tensors of `linearBackward`. */
export interface LinearBackwardTensors {
	/** [runs, inputs, tokens] */
	x: Tensor;
	/** [runs, outputs, tokens]; 0 in the padding. */
	dy: Tensor;
	/** [runs, inputs, outputs] */
	w: Tensor;
	/** [runs, inputs, tokens]; [runs, 2·inputs, tokens] if x is a gated unit's output. Without it only dw and dbias are computed. */
	dx?: Tensor | undefined;
	/** [runs, ranges, inputs, outputs]: one part for each range of tokens. */
	dw: Tensor;
	/** [runs, ranges, outputs] */
	dbias?: Tensor | undefined;
	/** Given with `activation`, in dx's shape: x is activation(u) or a gated unit of u, and dx becomes the gradient of u. */
	u?: Tensor | undefined;
}

/**
 * dx = wᵀ·dy, or the gradient of u if x is the output of an activation function or gated unit of u. For each range of tokens,
 * dw (+)= x·dyᵀ and dbias (+)= Σ dy; with `accumulate` they are added to their previous values.
 *
 * @throws RangeError when the shapes do not fit
 */
export function linearBackward(
	t: LinearBackwardTensors,
	options: { activation?: ActivationFunction | undefined; accumulate: boolean },
	variants: Variants = {},
): DispatchSpec {
	const shape = shapeOf("linear backward", t.x, t.w, t.dy, ["x", "w", "dy"]);
	const { runs, inputs, outputs, tokens } = shape;
	const { activation } = options;
	const ranges = t.dw.shape[1]!;
	const gated = t.dx?.shape[1] === 2 * inputs && t.u !== undefined;
	const before = [runs, gated ? 2 * inputs : inputs, tokens];
	for (const [name, tensor] of [["dx", t.dx] as const, ["u", t.u] as const])
		if (tensor && `${tensor.shape}` !== `${before}`)
			throw new RangeError(
				`linear backward: x is [${t.x.shape}], ${name} is [${tensor.shape}]; it must be [${before}]`,
			);
	if (`${t.dw.shape}` !== `${[runs, ranges, inputs, outputs]}`)
		throw new RangeError(
			`linear backward: w is [${t.w.shape}], dw is [${t.dw.shape}]; dw must be [runs, ranges, inputs, outputs]`,
		);
	if (t.u && !t.dx) throw new RangeError(`linear backward: u is [${t.u.shape}], dx is absent; dx must be given with u`);
	if ((activation === undefined) !== (t.u === undefined))
		throw new RangeError(
			`linear backward: activation is ${activation}, u is ${t.u ? `[${t.u.shape}]` : "absent"}; both or none must be given`,
		);
	const plan = linearPlan(variantOf(LINEAR_BACKWARD, variants), { ...shape, ranges }, inputs, [
		storedHeader({ X: t.x, Y: undefined, U: t.u }),
		...backwardHeader(t, { activation, gated, accumulate: options.accumulate }),
	]);
	return {
		kernel: { ...plan.kernel, entryPoint: "backward" },
		bindings: given(t),
		sizes: { inputs, outputs, tokens, ranges },
		grid: [(t.dx ? plan.alongTokens : 0) + plan.weightTiles * ranges, Math.ceil(inputs / plan.block), runs],
		flops: (t.dx ? 4 : 2) * inputs * outputs * tokens,
	};
}
