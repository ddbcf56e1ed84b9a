import linearCode from "../../shaders/linear.wgsl?raw";
import directCode from "../../shaders/linear-direct.wgsl?raw";
import tiledCode from "../../shaders/linear-tiled.wgsl?raw";
import type { ShaderFile } from "../gpu/kernel.ts";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { type Operation, type Variants, variantOf } from "../gpu/variants.ts";
import { type Activation, activationHeader } from "./activations.ts";
import { vectorised, weightHeader } from "./lanes.ts";

const DIRECT = { file: "linear.wgsl with linear-direct.wgsl", code: `${linearCode}\n${directCode}` };
const TILED = { file: "linear.wgsl with linear-tiled.wgsl", code: `${linearCode}\n${tiledCode}` };

export const LINEAR_SHADERS = [DIRECT, TILED];

/** How y and dx are computed; weight gradients have `rows` × `rows` weights for each workgroup of either. */
interface Direct {
	/** An invocation owns `rows` features of at most `vecs` × 4 tokens; `workgroup` of them lie side by side along the tokens. */
	rows: number;
	vecs: number;
	workgroup: number;
	/** Weights that are read at a time, where the outputs' number allows four. */
	lanes: 1 | 4;
}

/** A workgroup owns 32 features of `workgroup` / 2 tokens, and reads them through its memory. */
interface Tiled {
	rows: 8;
	workgroup: number;
	tiled: true;
}

type Variant = Direct | Tiled;

export const LINEAR_FORWARD: Operation<Variant> = {
	name: "linear.forward",
	variants: {
		"8x4, 8 lanes": { rows: 8, vecs: 4, workgroup: 8, lanes: 4 },
		"8x1, 64 lanes": { rows: 8, vecs: 1, workgroup: 64, lanes: 4 },
		"tiled, 64 lanes": { rows: 8, workgroup: 64, tiled: true },
	},
};

export const LINEAR_BACKWARD: Operation<Variant> = {
	name: "linear.backward",
	variants: {
		"8x2, 8 lanes": { rows: 8, vecs: 2, workgroup: 8, lanes: 1 },
		"8x1, 32 lanes": { rows: 8, vecs: 1, workgroup: 32, lanes: 4 },
		"tiled, 32 lanes": { rows: 8, workgroup: 32, tiled: true },
	},
};

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

/** A variant for a layer of so many tokens: what the dispatch needs to know of it. */
interface Plan {
	shader: ShaderFile;
	header: string;
	/** Features of a workgroup of y or dx, and how many workgroups share the tokens. */
	block: number;
	alongTokens: number;
	/** Square tiles of weight gradients in a block. */
	weightTiles: (outputs: number) => number;
}

function planFor(variant: Variant, { tokens, outputs }: Shape, epilogues: string[]): Plan {
	const { rows, workgroup } = variant;
	const tiled = "tiled" in variant;
	const block = tiled ? 32 : rows;
	// Fewer tokens for each invocation where a workgroup would find nothing for its last ones to do.
	const vecs = tiled ? 1 : Math.min(variant.vecs, Math.max(1, Math.floor(tokens / 4 / workgroup)));
	const vector = !tiled && variant.lanes === 4 && vectorised(outputs);
	const constants = {
		...{ ROWS: rows, BLOCK: block, VECS: vecs, WORKGROUP: workgroup },
		...{ WEIGHTS: vector ? rows / 4 : rows, TILE: rows * rows, SUMS: rows * rows * workgroup },
	};
	const lines = Object.entries(constants).map(([name, value]) => `const ${name} = ${value}u;`);
	return {
		shader: tiled ? TILED : DIRECT,
		header: [...lines, weightHeader(vector), ...epilogues].join("\n"),
		block,
		alongTokens: tiled ? Math.ceil(tokens / (workgroup / 2)) : Math.ceil(Math.ceil(tokens / 4 / vecs) / workgroup),
		weightTiles: (outputs) => (Math.ceil(outputs / rows) * block) / rows,
	};
}

// What the header's functions read or write; each kernel gets one of each pair.
const BIAS = `@group(0) @binding(7) var<storage, read> bias: array<f32>;
fn bias_of(run: u32, output: u32) -> f32 { return bias[run * sizes.bias_run + output]; }`;
const NO_BIAS = "fn bias_of(run: u32, output: u32) -> f32 { return 0.0; }";
const PLAIN = "fn finish(at: u32, value: vec4f) { y[at] = value; }";
const RESIDUAL = `@group(0) @binding(8) var<storage, read> residual: array<vec4f>;
fn finish(at: u32, value: vec4f) { y[at] = value + residual[at]; }`;
const ACTIVATION = `@group(0) @binding(8) var<storage, read_write> u: array<vec4f>;
fn finish(at: u32, value: vec4f) { u[at] = value; y[at] = activation(value); }`;
const NO_SLOPE = "fn slope_of(at: u32) -> vec4f { return vec4f(1.0); }";
const SLOPE = `@group(0) @binding(8) var<storage, read> u: array<vec4f>;
fn slope_of(at: u32) -> vec4f { return activation_slope(u[at]); }`;
const NO_DBIAS = `const BIASED = false;
fn add_dbias(at: u32, value: f32) {}`;
const DBIAS = `const BIASED = true;
@group(0) @binding(7) var<storage, read_write> dbias: array<f32>;
fn add_dbias(at: u32, value: f32) {
	if (sizes.accumulate != 0u) { dbias[at] += value; } else { dbias[at] = value; }
}`;

function forward(
	t: LinearTensors & { residual?: Tensor | undefined; u?: Tensor },
	epilogue: string[],
	variants: Variants,
): DispatchSpec {
	const shape = shapeOf("linear", t.x, t.w, t.y);
	const { runs, inputs, outputs, tokens } = shape;
	const epilogues = [t.bias ? BIAS : NO_BIAS, ...epilogue, NO_SLOPE, NO_DBIAS];
	const { shader, header, block, alongTokens } = planFor(variantOf(LINEAR_FORWARD, variants), shape, epilogues);
	return {
		kernel: { shader, entryPoint: "forward", header },
		bindings: given(t),
		sizes: { inputs, outputs, tokens, ranges: 1, accumulate: 0 },
		grid: [alongTokens, Math.ceil(outputs / block), runs],
		flops: 2 * inputs * outputs * tokens,
	};
}

/** The tensors that are there. */
function given(t: object): Record<string, Tensor> {
	return Object.fromEntries(Object.entries(t).filter(([, tensor]) => tensor !== undefined));
}

/**
 * y = w·x, plus bias, plus residual where they are given.
 * x: [runs, inputs, tokens]; w: [runs, inputs, outputs]; bias: [runs, outputs]; y, residual: [runs, outputs, tokens].
 *
 * @throws RangeError when the shapes do not fit
 */
export function linear(t: LinearTensors & { residual?: Tensor | undefined }, variants: Variants = {}): DispatchSpec {
	return forward(t, [t.residual ? RESIDUAL : PLAIN], variants);
}

/** u = w·x + bias, y = activation(u), both kept: the backward pass needs u. Shapes as for `linear`. */
export function linearActivation(
	t: LinearTensors & { u: Tensor },
	activation: Activation,
	variants: Variants = {},
): DispatchSpec {
	return forward(t, [activationHeader(activation), ACTIVATION], variants);
}

/** What `linearBackward` reads and writes. */
export interface LinearBackwardTensors {
	/** [runs, inputs, tokens] */
	x: Tensor;
	/** [runs, outputs, tokens]; 0 at padding. */
	dy: Tensor;
	/** [runs, inputs, outputs] */
	w: Tensor;
	/** [runs, inputs, tokens] */
	dx: Tensor;
	/** [runs, ranges, inputs, outputs]: one part for each range of tokens. */
	dw: Tensor;
	/** [runs, ranges, outputs] */
	dbias?: Tensor | undefined;
	/** [runs, inputs, tokens], with `activation`: x was activation(u), and dx becomes the gradient of u. */
	u?: Tensor | undefined;
}

/**
 * dx = wᵀ·dy, times the activation's slope at u where x was activation(u); for each range of tokens, and added to what
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
	if (`${t.dw.shape}` !== `${[runs, ranges, inputs, outputs]}`)
		throw new RangeError(
			`linear backward: w is [${t.w.shape}], dw is [${t.dw.shape}]; dw must be [runs, ranges, inputs, outputs]`,
		);
	if ((activation === undefined) !== (t.u === undefined))
		throw new RangeError(
			`linear backward: activation is ${activation}, u is ${t.u ? `[${t.u.shape}]` : "absent"}; both or none must be given`,
		);
	const slope = activation ? [activationHeader(activation), SLOPE] : [NO_SLOPE];
	const epilogues = [NO_BIAS, PLAIN, ...slope, t.dbias ? DBIAS : NO_DBIAS];
	const plan = planFor(variantOf(LINEAR_BACKWARD, variants), shape, epilogues);
	return {
		kernel: { shader: plan.shader, entryPoint: "backward", header: plan.header },
		bindings: given(t),
		sizes: { inputs, outputs, tokens, ranges, accumulate: Number(options.accumulate) },
		grid: [plan.alongTokens + plan.weightTiles(outputs) * ranges, Math.ceil(inputs / plan.block), runs],
		flops: 4 * inputs * outputs * tokens,
	};
}
