import linearCode from "../../shaders/linear.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { type Operation, type Variants, variantOf } from "../gpu/variants.ts";
import { type Activation, activationHeader } from "./activations.ts";
import { vectorised, weightHeader } from "./lanes.ts";

const shader = { file: "linear.wgsl", code: linearCode };

/** An invocation owns `rows` features of at most `vecs` × 4 tokens; `workgroup` of them lie side by side along the tokens. */
interface Tile {
	rows: number;
	vecs: number;
	workgroup: number;
	/** Weights that are read at a time, where the outputs' number allows four. */
	lanes: 1 | 4;
}

export const LINEAR_FORWARD: Operation<Tile> = {
	name: "linear.forward",
	variants: {
		"8x4, 8 lanes": { rows: 8, vecs: 4, workgroup: 8, lanes: 4 },
		"8x2, 32 lanes": { rows: 8, vecs: 2, workgroup: 32, lanes: 4 },
		"4x1, 64 lanes": { rows: 4, vecs: 1, workgroup: 64, lanes: 4 },
	},
};

export const LINEAR_BACKWARD: Operation<Tile> = {
	name: "linear.backward",
	variants: {
		"8x2, 8 lanes": { rows: 8, vecs: 2, workgroup: 8, lanes: 1 },
		"8x1, 32 lanes": { rows: 8, vecs: 1, workgroup: 32, lanes: 4 },
		"4x1, 64 lanes": { rows: 4, vecs: 1, workgroup: 64, lanes: 4 },
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

function header({ rows, vecs, workgroup, lanes }: Tile, outputs: number, epilogues: string[]): string {
	const vector = lanes === 4 && vectorised(outputs);
	return [
		`const ROWS = ${rows}u;`,
		`const VECS = ${vecs}u;`,
		`const WORKGROUP = ${workgroup}u;`,
		`const WEIGHTS = ${vector ? rows / 4 : rows}u;`,
		`const TILE = ${rows * rows}u;`,
		`const SUMS = ${rows * rows * workgroup}u;`,
		weightHeader(vector),
		...epilogues,
	].join("\n");
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
	const { runs, inputs, outputs, tokens } = shapeOf("linear", t.x, t.w, t.y);
	const tile = fit(variantOf(LINEAR_FORWARD, variants), tokens);
	const bindings = Object.entries(t).filter((entry): entry is [string, Tensor] => entry[1] !== undefined);
	const epilogues = [t.bias ? BIAS : NO_BIAS, ...epilogue, NO_SLOPE, NO_DBIAS];
	return {
		kernel: { shader, entryPoint: "forward", header: header(tile, outputs, epilogues) },
		bindings: Object.fromEntries(bindings),
		sizes: { inputs, outputs, tokens, ranges: 1, accumulate: 0 },
		grid: [workgroupsAlong(tokens, tile), Math.ceil(outputs / tile.rows), runs],
		flops: 2 * inputs * outputs * tokens,
	};
}

/** The tile with less along the tokens where a workgroup would find nothing for its last invocations to do. */
function fit(tile: Tile, tokens: number): Tile {
	return { ...tile, vecs: Math.min(tile.vecs, Math.max(1, Math.floor(tokens / 4 / tile.workgroup))) };
}

/** Workgroups that share the tokens. */
function workgroupsAlong(tokens: number, { vecs, workgroup }: Tile): number {
	return Math.ceil(Math.ceil(tokens / 4 / vecs) / workgroup);
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
	const { runs, inputs, outputs, tokens } = shapeOf("linear backward", t.x, t.w, t.dy, ["x", "w", "dy"]);
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
	const tile = fit(variantOf(LINEAR_BACKWARD, variants), tokens);
	const bindings = Object.entries(t).filter((entry): entry is [string, Tensor] => entry[1] !== undefined);
	const slope = activation ? [activationHeader(activation), SLOPE] : [NO_SLOPE];
	const epilogues = [NO_BIAS, PLAIN, ...slope, t.dbias ? DBIAS : NO_DBIAS];
	const weightTiles = Math.ceil(outputs / tile.rows) * ranges;
	return {
		kernel: { shader, entryPoint: "backward", header: header(tile, outputs, epilogues) },
		bindings: Object.fromEntries(bindings),
		sizes: { inputs, outputs, tokens, ranges, accumulate: Number(options.accumulate) },
		grid: [workgroupsAlong(tokens, tile) + weightTiles, Math.ceil(inputs / tile.rows), runs],
		flops: 4 * inputs * outputs * tokens,
	};
}
