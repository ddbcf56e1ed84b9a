import normedCode from "../../shaders/linear-normed.wgsl?raw";
import type { ActivationFunction } from "../architecture/choices.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { activationHeader } from "./activations.ts";
import { centeredHeader, type NormKind } from "./norm.ts";
import { storedHeader } from "./stored.ts";

/** A norm that a layer computes while reading x: the tensors of `norm`, with its y as `normed`. */
export interface NormBefore {
	kind: NormKind;
	tensors: { gamma: Tensor; beta?: Tensor | undefined; normed: Tensor; stats: Tensor };
}

// Functions for the header; each kernel gets one of each pair.
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
const NO_DX = "fn finish_dx(run: u32, at: u32, value: vec4f) {}";
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

// Prologue of the forward pass: x is read unchanged.
const AS_IT_IS = `alias Moments = u32;
fn prepare(run: u32, row: u32, column: u32, stride: u32) -> array<Moments, VECS> { return array<Moments, VECS>(); }
fn gain_of(run: u32, k: u32) -> vec2f { return vec2f(); }
fn input_of(value: vec4f, moments: Moments, gain: vec2f) -> vec4f { return value; }`;
const NO_BETA = "fn beta_of(run: u32, k: u32) -> f32 { return 0.0; }";
const BETA = `@group(0) @binding(12) var<storage, read> beta: array<f32>;
fn beta_of(run: u32, k: u32) -> f32 { return beta[run * sizes.beta_run + k]; }`;

// Compilers may optimize away a conversion to 16 bits and back, but not this function.
const ROUNDED = "fn as_stored(value: vec4f) -> vec4f { return quantizeToF16(value); }";
const UNROUNDED = "fn as_stored(value: vec4f) -> vec4f { return value; }";

function inputHeader(before: NormBefore | undefined): string {
	if (!before) return AS_IT_IS;
	const { beta, normed } = before.tensors;
	const stored = [storedHeader({ Normed: normed }), normed.half ? ROUNDED : UNROUNDED];
	return [centeredHeader(before.kind), ...stored, beta ? BETA : NO_BETA, normedCode].join("\n");
}

/** WGSL constants for whether gradients are added to their previous values, and whether dx is computed. */
const flags = (accumulate: boolean, inputGradient: boolean) =>
	`const ACCUMULATE = ${accumulate};\nconst INPUT_GRADIENT = ${inputGradient};`;

/** WGSL for the forward pass's prologue and epilogue; the epilogue is empty, an activation function, or a residual. */
export function forwardHeader(
	t: { bias?: Tensor | undefined; residual?: Tensor | undefined },
	activation: ActivationFunction | undefined,
	before: NormBefore | undefined,
): string[] {
	const result = activation ? [activationHeader(activation), ACTIVATION] : [t.residual ? RESIDUAL : PLAIN];
	return [inputHeader(before), t.bias ? BIAS : NO_BIAS, ...result, PLAIN_DX, NO_DBIAS, flags(false, true)];
}

/** WGSL for the backward pass's epilogue; with `gated`, x is the output of a gated unit with this activation function. */
export function backwardHeader(
	t: { dx?: Tensor | undefined; dbias?: Tensor | undefined },
	{
		activation,
		gated,
		accumulate,
	}: { activation: ActivationFunction | undefined; gated: boolean; accumulate: boolean },
): string[] {
	const slope = activation ? [activationHeader(activation), gated ? GATED : SLOPE] : [t.dx ? PLAIN_DX : NO_DX];
	const constants = flags(accumulate, t.dx !== undefined);
	return [AS_IT_IS, NO_BIAS, PLAIN, ...slope, t.dbias ? DBIAS : NO_DBIAS, constants];
}
