import type { Tensor } from "../../src/gpu/tensor.ts";
import type { Variants } from "../../src/gpu/variants.ts";
import { type AttentionShape, attentionBackwardKey, attentionBackwardQuery } from "../../src/kernels/attention.ts";
import * as ops from "../reference/ops.ts";
import { type Bench, featureMajor, paddedTokens, type Uploaded } from "./helpers.ts";

export const queries = ({ heads, headSize }: AttentionShape) => heads * headSize;
export const across = ({ heads, keyValueHeads, headSize }: AttentionShape) => (heads + 2 * keyValueHeads) * headSize;
export const tokensOf = ({ sequences, context }: AttentionShape) => sequences * context;

/** A tensor on the GPU of what the reference has as [tokens, features], its padding 0. */
export function upload(
	bench: Bench,
	shape: AttentionShape,
	{ tensor, values }: Uploaded,
	features: number,
	half = false,
): Tensor {
	const padded = [tensor.shape[0]!, features, paddedTokens(tokensOf(shape))];
	return bench.given(tensor.name, padded, (run) => featureMajor(values[run]!, features), half).tensor;
}

/** lse as the reference has it, [sequences, heads, context], as the kernels do: [heads, tokens']. */
export function byHead({ sequences, context, heads }: AttentionShape, lse: Float64Array): Float64Array {
	const out = new Float64Array(heads * paddedTokens(sequences * context));
	lse.forEach((value, i) => {
		const [sequence, head] = [Math.floor(i / context / heads), Math.floor(i / context) % heads];
		out[head * paddedTokens(sequences * context) + sequence * context + (i % context)] = value;
	});
	return out;
}

/** The gradient of qkv on the GPU, from what the reference's forward pass leaves. */
export async function backward(
	bench: Bench,
	shape: AttentionShape,
	qkv: Uploaded,
	d_o: Uploaded,
	{ turns, variants = {}, half = false }: { turns?: Tensor | undefined; variants?: Variants; half?: boolean } = {},
) {
	const runs = qkv.values.length;
	const tokens = paddedTokens(tokensOf(shape));
	const forward = qkv.values.map((values) => ops.attention(values, shape));
	const o = bench.given("o", [runs, queries(shape), tokens], (run) => featureMajor(forward[run]!.o, queries(shape)));
	const lse = bench.given("lse", [runs, shape.heads, tokens], (run) => byHead(shape, forward[run]!.lse)).tensor;
	const delta = bench.output("delta", [runs, shape.heads, tokens]);
	const dqkv = bench.output("dqkv", [runs, across(shape), tokens]);
	const t = { lse, delta, dqkv, turns, qkv: upload(bench, shape, qkv, across(shape), half) };
	const gradient = upload(bench, shape, d_o, queries(shape));
	await bench.run([
		attentionBackwardQuery(shape, { ...t, d_o: gradient, o: o.tensor }, variants),
		attentionBackwardKey(shape, { ...t, d_o: gradient }, variants),
	]);
	return dqkv;
}

/** The reference's gradient of qkv. If queries and keys were turned by rotary positions, theirs are turned back. */
export function expectedGradient(shape: AttentionShape, qkv: Float64Array, d_o: Float64Array, rotary = false) {
	const { context, heads, keyValueHeads, headSize } = shape;
	const { o, lse } = ops.attention(qkv, shape);
	const gradient = ops.attentionBackward(d_o, qkv, o, lse, shape);
	if (!rotary) return gradient;
	const turned = ops.rotary(gradient, context, heads + 2 * keyValueHeads, headSize, -1);
	const isValue = (i: number) => i % across(shape) >= (heads + keyValueHeads) * headSize;
	return turned.map((value, i) => (isValue(i) ? gradient[i]! : value));
}
