import normedCode from "../../shaders/linear-normed.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { type Variants, variantOf } from "../gpu/variants.ts";
import { type Activation, activationHeader } from "./activations.ts";
import { LINEAR_BACKWARD, LINEAR_FORWARD, linearPlan } from "./linear-variants.ts";
import { centredHeader, type NormKind } from "./norm.ts";
import { storedHeader } from "./stored.ts";

/** x and y of a layer: [runs, inputs, tokens] and [runs, outputs, tokens], tokens rounded up to a multiple of 4. */
interface Shape {
	runs: number;
	inputs: number;
	outputs: number;
	tokens: number;
}

/** The tensors of a linear layer without its result's epilogue. w: [runs, inputs, outputs]; bias: [runs, outputs]. */
interface LinearTensors {
	x: Tensor;
	w: Tensor;
	bias?: Tensor | undefined;
	y: Tensor;
}

/** A norm that a layer computes while it reads x: `norm`'s tensors, with `normed` for its y. */
export interface NormBefore {
	kind: NormKind;
	tensors: { gamma: Tensor; beta?: Tensor | undefined; normed: Tensor; stats: Tensor };
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

// What the header's functions read or write; each kernel gets one of each pair.
const BIAS = `@group(0) @binding(7) var<storage, read> bias: array<f32>;
fn bias_of(run: u32, output: u32) -> f32 { return bias[run * sizes.bias_run + output]; }`;
const NO_BIAS = "fn bias_of(run: u32, output: u32) -> f32 { return 0.0; }";
const PLAIN = "fn finish(run: u32, at: u32, value: vec4f) { store_y(run, at, value); }";
const RESIDUAL = `@group(0) @binding(8) var<storage, read> residual: array<vec4f>;
fn finish(run: u32, at: u32, value: vec4f) { store_y(run, at, value + residual[run * (sizes.residual_run / 4u) + at]); }`;
const ACTIVATION = `@group(0) @binding(8) var<storage, read_write> u: array<StoredU>;
fn finish(run: u32, at: u32, value: vec4f) {
	u[run * (sizes.u_run / 4u) + at] = StoredU(value);
	store_y(run, at, activation(value));
}`;
const PLAIN_DX = "fn finish_dx(run: u32, at: u32, value: vec4f) { store_dx(run, at, value); }";
const SLOPE = `@group(0) @binding(8) var<storage, read> u: array<StoredU>;
fn finish_dx(run: u32, at: u32, value: vec4f) {
	store_dx(run, at, value * activation_slope(vec4f(u[run * (sizes.u_run / 4u) + at])));
}`;
const GATED = `@group(0) @binding(8) var<storage, read> u: array<StoredU>;
fn finish_dx(run: u32, at: u32, value: vec4f) {
	let hidden = sizes.inputs * (sizes.tokens / 4u);
	let gate = vec4f(u[run * (sizes.u_run / 4u) + at]);
	let up = vec4f(u[run * (sizes.u_run / 4u) + hidden + at]);
	store_dx(run, at, value * up * activation_slope(gate));
	store_dx(run, hidden + at, value * activation(gate));
}`;
const NO_DBIAS = `const BIASED = false;
fn add_dbias(at: u32, value: f32) {}`;
const DBIAS = `const BIASED = true;
@group(0) @binding(7) var<storage, read_write> dbias: array<f32>;
fn add_dbias(at: u32, value: f32) {
	if (ACCUMULATE) { dbias[at] += value; } else { dbias[at] = value; }
}`;

/** What forward reads: x as it is, or normed. */
const AS_IT_IS = `alias Moments = u32;
fn prepare(run: u32, row: u32, column: u32, apart: u32) -> array<Moments, VECS> { return array<Moments, VECS>(); }
fn gain_of(run: u32, k: u32) -> vec2f { return vec2f(); }
fn input_of(value: vec4f, moments: Moments, gain: vec2f) -> vec4f { return value; }`;
const NO_BETA = "fn beta_of(run: u32, k: u32) -> f32 { return 0.0; }";
const BETA = `@group(0) @binding(12) var<storage, read> beta: array<f32>;
fn beta_of(run: u32, k: u32) -> f32 { return beta[run * sizes.beta_run + k]; }`;

// Compilers may leave out a conversion to 16 bits and back, but not this.
const ROUNDED = "fn as_stored(value: vec4f) -> vec4f { return quantizeToF16(value); }";
const UNROUNDED = "fn as_stored(value: vec4f) -> vec4f { return value; }";

function inputHeader(before: NormBefore | undefined): string {
	if (!before) return AS_IT_IS;
	const { beta, normed } = before.tensors;
	const stored = [storedHeader({ Normed: normed }), normed.half ? ROUNDED : UNROUNDED];
	return [centredHeader(before.kind), ...stored, beta ? BETA : NO_BETA, normedCode].join("\n");
}

/** Whether gradients are added to those that are there. */
const accumulates = (accumulate: boolean) => `const ACCUMULATE = ${accumulate};`;

function forward(
	t: LinearTensors & { residual?: Tensor | undefined; u?: Tensor },
	epilogue: string[],
	variants: Variants,
	before?: NormBefore,
): DispatchSpec {
	const shape = shapeOf("linear", t.x, t.w, t.y);
	const { runs, inputs, outputs, tokens } = shape;
	const stored = storedHeader({ X: t.x, Y: t.y, U: t.u });
	const result = [t.bias ? BIAS : NO_BIAS, ...epilogue, PLAIN_DX, NO_DBIAS, accumulates(false)];
	const variant = variantOf(LINEAR_FORWARD, variants);
	const { shader, header, block, alongTokens } = linearPlan(variant, shape, outputs, [
		stored,
		inputHeader(before),
		...result,
	]);
	return {
		kernel: { shader, entryPoint: "forward", header },
		bindings: given({ ...t, ...before?.tensors }),
		sizes: { inputs, outputs, tokens, ranges: 1 },
		grid: [alongTokens, Math.ceil(outputs / block), runs],
		flops: 2 * inputs * outputs * tokens,
	};
}

/** The tensors that are there. */
function given(t: object): Record<string, Tensor> {
	return Object.fromEntries(Object.entries(t).filter(([, tensor]) => tensor !== undefined));
}

/**
 * y = w·x, plus bias, plus residual where they are given; w·normed x where a norm is to be computed `before`.
 * x: [runs, inputs, tokens]; w: [runs, inputs, outputs]; bias: [runs, outputs]; y, residual: [runs, outputs, tokens].
 *
 * @throws RangeError when the shapes do not fit
 */
export function linear(
	t: LinearTensors & { residual?: Tensor | undefined },
	variants: Variants = {},
	before?: NormBefore,
): DispatchSpec {
	return forward(t, [t.residual ? RESIDUAL : PLAIN], variants, before);
}

/** u = w·x + bias, y = activation(u), both kept: the backward pass needs u. Shapes as for `linear`. */
export function linearActivation(
	t: LinearTensors & { u: Tensor },
	activation: Activation,
	variants: Variants = {},
	before?: NormBefore,
): DispatchSpec {
	return forward(t, [activationHeader(activation), ACTIVATION], variants, before);
}

/** What `linearBackward` reads and writes. */
export interface LinearBackwardTensors {
	/** [runs, inputs, tokens] */
	x: Tensor;
	/** [runs, outputs, tokens]; 0 at padding. */
	dy: Tensor;
	/** [runs, inputs, outputs] */
	w: Tensor;
	/** [runs, inputs, tokens]; where x came from a gated unit, [runs, 2·inputs, tokens] */
	dx: Tensor;
	/** [runs, ranges, inputs, outputs]: one part for each range of tokens. */
	dw: Tensor;
	/** [runs, ranges, outputs] */
	dbias?: Tensor | undefined;
	/** With `activation`, of dx's shape: x was activation(u), or of a gated unit of u; dx becomes the gradient of u. */
	u?: Tensor | undefined;
}

/**
 * dx = wᵀ·dy, or the gradient of u where x came from an activation function or a gated unit of u; for each range of tokens, and added to what
 * is there with `accumulate`: dw (+)= x·dyᵀ and dbias (+)= Σ dy.
 *
 * @throws RangeError when the shapes do not fit
 */
export function linearBackward(
	t: LinearBackwardTensors,
	options: { activation?: Activation | undefined; accumulate: boolean },
	variants: Variants = {},
): DispatchSpec {
	const shape = shapeOf("linear backward", t.x, t.w, t.dy, ["x", "w", "dy"]);
	const { runs, inputs, outputs, tokens } = shape;
	const { activation } = options;
	const ranges = t.dw.shape[1]!;
	const gated = t.dx.shape[1] === 2 * inputs && t.u !== undefined;
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
	if ((activation === undefined) !== (t.u === undefined))
		throw new RangeError(
			`linear backward: activation is ${activation}, u is ${t.u ? `[${t.u.shape}]` : "absent"}; both or none must be given`,
		);
	const slope = activation ? [activationHeader(activation), gated ? GATED : SLOPE] : [PLAIN_DX];
	const stored = storedHeader({ X: t.x, Y: undefined, U: t.u });
	const epilogues = [
		stored,
		AS_IT_IS,
		NO_BIAS,
		PLAIN,
		...slope,
		t.dbias ? DBIAS : NO_DBIAS,
		accumulates(options.accumulate),
	];
	const plan = linearPlan(variantOf(LINEAR_BACKWARD, variants), shape, inputs, epilogues);
	return {
		kernel: { shader: plan.shader, entryPoint: "backward", header: plan.header },
		bindings: given(t),
		sizes: { inputs, outputs, tokens, ranges },
		grid: [plan.alongTokens + plan.weightTiles * ranges, Math.ceil(inputs / plan.block), runs],
		flops: 4 * inputs * outputs * tokens,
	};
}
