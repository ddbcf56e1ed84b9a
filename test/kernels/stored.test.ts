import { describe, expect, test } from "vitest";
import { ShaderError } from "../../src/gpu/shader.ts";
import type { Operation } from "../../src/gpu/variants.ts";
import {
	type AttentionShape,
	attention,
	attentionBackwardKey,
	attentionBackwardQuery,
} from "../../src/kernels/attention.ts";
import { ATTENTION } from "../../src/kernels/attention-variants.ts";
import { gated } from "../../src/kernels/gated.ts";
import { linear, linearActivation, linearBackward } from "../../src/kernels/linear.ts";
import { LINEAR_BACKWARD, LINEAR_FORWARD } from "../../src/kernels/linear-variants.ts";
import { norm } from "../../src/kernels/norm.ts";
import { queryKey, queryKeyBackward } from "../../src/kernels/query-key.ts";
import { rotaryTable } from "../../src/kernels/rotary.ts";
import { testGpu } from "../gpu/open.ts";
import * as ops from "../reference/ops.ts";
import {
	BACKWARD,
	type Bench,
	FORWARD,
	featureMajor,
	HALF,
	isFurtherLarge,
	isLarge,
	paddedTokens,
	plus,
	tokenMajor,
	usableVariants,
	withBench,
	withHalfBench,
} from "./helpers.ts";

/** Those for the test process's device: SwiftShader, which serves the others, has no 16-bit floats. */
async function variantsOf(operation: Operation<unknown>): Promise<string[]> {
	const own = await testGpu();
	const usable = (await usableVariants(operation)).filter(({ gpu }) => gpu === own);
	return usable.map(({ variant }) => variant).filter((variant) => !isFurtherLarge(variant));
}

const forwardVariants = await variantsOf(LINEAR_FORWARD);
const backwardVariants = await variantsOf(LINEAR_BACKWARD);

// Tensors of 16-bit floats, each beside those of 32 bits that the model has beside it; runs begin at other places in them.
const runs = 3;

/** Random features: as 16-bit floats on the GPU unless said otherwise, and token by token as they are there. */
function features(bench: Bench, name: string, count: number, tokens: number, { scale = 1, half = true } = {}) {
	const { values } = bench.random(`${name} of tokens`, [runs, tokens, count], scale, half);
	const shape = [runs, count, paddedTokens(tokens)];
	return { tensor: bench.given(name, shape, (run) => featureMajor(values[run]!, count), half).tensor, values };
}

const byToken = (tokens: number) => (values: ops.Numbers) => tokenMajor(values, tokens);

describe.each([
	{ tokens: 27, inputs: 9, outputs: 3 },
	// With 16 rows of a subgroup's: kernels with 32 compile slowly, and read the same.
	{ tokens: 130, inputs: 12, outputs: 12 },
	{ tokens: 130, inputs: 40, outputs: 36, forLarge: true },
])("linear layer, $tokens tokens, $inputs → $outputs", ({ tokens, inputs, outputs, forLarge = false }) => {
	const view = byToken(tokens);
	const tried = (variants: string[]) => variants.filter((variant) => isLarge(variant) === forLarge);

	test.each(tried(forwardVariants))("forward, variant %s", (variant) =>
		withHalfBench(async (bench) => {
			const variants = { [LINEAR_FORWARD.name]: variant };
			const x = features(bench, "x", inputs, tokens);
			const residual = features(bench, "residual", outputs, tokens, { half: false });
			const w = bench.random("w", [runs, inputs, outputs]);
			const shape = [runs, outputs, paddedTokens(tokens)];
			const [stream, u, y] = [
				bench.output("stream", shape),
				bench.output("u", shape, true),
				bench.output("y", shape, true),
			];
			await bench.run([
				linear({ x: x.tensor, w: w.tensor, residual: residual.tensor, y: stream }, variants),
				linearActivation({ x: x.tensor, w: w.tensor, u, y }, "gelu", variants),
			]);
			const product = (run: number) => ops.linear(x.values[run]!, w.values[run]!, new Float64Array(outputs));
			await bench.expect(stream, (run) => plus(product(run), residual.values[run]), FORWARD, view);
			await bench.expect(u, product, HALF, view);
			await bench.expect(y, (run) => ops.gelu(product(run)), HALF, view);
		}),
	);

	test.each(tried(backwardVariants))("backward, variant %s", (variant) =>
		withHalfBench(async (bench) => {
			const [x, u] = [features(bench, "x", inputs, tokens), features(bench, "u", inputs, tokens, { scale: 2 })];
			const dy = features(bench, "dy", outputs, tokens, { half: false });
			const w = bench.random("w", [runs, inputs, outputs]);
			const dx = bench.output("dx", [runs, inputs, paddedTokens(tokens)]);
			const dw = bench.output("dw", [runs, 1, inputs, outputs]);
			const dbias = bench.output("dbias", [runs, 1, outputs]);
			const tensors = { x: x.tensor, u: u.tensor, dy: dy.tensor, w: w.tensor, dx, dw, dbias };
			const options = { activation: "gelu", accumulate: false } as const;
			await bench.run([linearBackward(tensors, options, { [LINEAR_BACKWARD.name]: variant })]);
			const expected = (run: number) => ops.linearBackward(dy.values[run]!, x.values[run]!, w.values[run]!, outputs);
			await bench.expect(dx, (run) => ops.geluBackward(expected(run).dx, u.values[run]!), BACKWARD, view);
			await bench.expect(dw, (run) => expected(run).dw, BACKWARD);
			await bench.expect(dbias, (run) => expected(run).db, BACKWARD);
		}),
	);
});

test("norm", () =>
	withHalfBench(async (bench) => {
		const [tokens, width] = [13, 10];
		const x = features(bench, "x", width, tokens, { half: false });
		const [gamma, beta] = [bench.random("gamma", [runs, width]), bench.random("beta", [runs, width])];
		const y = bench.output("y", [runs, width, paddedTokens(tokens)], true);
		const stats = bench.output("stats", [runs, 2, paddedTokens(tokens)]);
		await bench.run([norm("layer", { x: x.tensor, gamma: gamma.tensor, beta: beta.tensor, y, stats })]);
		const expected = (run: number) => ops.layerNorm(x.values[run]!, gamma.values[run]!, beta.values[run]!).y;
		await bench.expect(y, expected, HALF, byToken(tokens));
	}));

test("gated unit", () =>
	withHalfBench(async (bench) => {
		const [hidden, tokens, width] = [7, 12, 10];
		const u = bench.random("u", [runs, 2 * hidden, tokens], 3, true);
		const y = bench.output("y", [runs, hidden, tokens], true);
		await bench.run([gated("silu", { u: u.tensor, y })]);
		const half = hidden * tokens;
		const parts = (run: number) => [u.values[run]!.subarray(0, half), u.values[run]!.subarray(half)] as const;
		await bench.expect(y, (run) => ops.gated(...parts(run)), HALF);
		const dy = features(bench, "dy", width, tokens, { half: false });
		const w = bench.random("w", [runs, hidden, width]);
		const du = bench.output("du", [runs, 2 * hidden, tokens]);
		const dw = bench.output("dw", [runs, 1, hidden, width]);
		const tensors = { x: y, dy: dy.tensor, w: w.tensor, dx: du, dw, u: u.tensor };
		await bench.run([linearBackward(tensors, { activation: "silu", accumulate: false })]);
		const gradient = (run: number) => {
			const x = new Float64Array(tokens * hidden);
			const { dx } = ops.linearBackward(dy.values[run]!, x, w.values[run]!, width);
			return ops.gatedBackward(featureMajor(dx, hidden), ...parts(run));
		};
		await bench.expect(du, (run) => [...gradient(run).dgate, ...gradient(run).dup], BACKWARD);
	}));

test("queries and keys", () =>
	withHalfBench(async (bench) => {
		const size = { heads: 4, keyValueHeads: 2, headSize: 6 };
		const [tokens, across, context] = [15, 48, 5];
		const view = byToken(tokens);
		const raw = features(bench, "raw", across, tokens);
		const dqkv = features(bench, "dqkv", across, tokens, { half: false });
		const [q, k] = [bench.random("q", [runs, 6]), bench.random("k", [runs, 6])];
		const qkv = bench.output("qkv", [runs, across, 16], true);
		const rstd = bench.output("rstd", [runs, 6, 16]);
		const turns = bench.given("turns", [1, 6, 16], () => rotaryTable(6, tokens, context)).tensor;
		const draw = bench.output("draw", [runs, across, 16]);
		const [dq, dk] = [bench.output("dq", [runs, 6]), bench.output("dk", [runs, 6])];
		const forGradient = { raw: raw.tensor, rstd, dqkv: dqkv.tensor, draw, q: q.tensor, k: k.tensor, dq, dk };
		await bench.run([
			queryKey(size, { raw: raw.tensor, qkv, gains: { q: q.tensor, k: k.tensor, rstd }, turns }),
			queryKeyBackward(size, forGradient, false),
		]);
		const gains = (run: number) => ({ q: q.values[run]!, k: k.values[run]! });
		await bench.expect(qkv, (run) => ops.queryKey(raw.values[run]!, size, gains(run), context).qkv, HALF, view);
		const gradient = (run: number) => ops.queryKeyBackward(dqkv.values[run]!, raw.values[run]!, size, gains(run));
		await bench.expect(draw, (run) => gradient(run).draw, BACKWARD, view);
		await bench.expect(dq, (run) => gradient(run).dq, BACKWARD);
		await bench.expect(dk, (run) => gradient(run).dk, BACKWARD);
	}));

/** Positions read one at a time, and four at a time; groups of queries. */
const sequences: AttentionShape[] = [
	{ sequences: 3, context: 5, heads: 2, keyValueHeads: 2, headSize: 3, scale: 0.5 },
	{ sequences: 3, context: 12, heads: 3, keyValueHeads: 1, headSize: 6, scale: 1 },
];
const variantsOfAttention = await variantsOf(ATTENTION);

test.each(sequences.flatMap((shape) => variantsOfAttention.map((variant) => [shape, variant] as const)))(
	"attention, %o, variant %s",
	(shape, variant) =>
		withHalfBench(async (bench) => {
			const variants = { [ATTENTION.name]: variant };
			const { heads, keyValueHeads, headSize } = shape;
			const tokens = shape.sequences * shape.context;
			const across = (heads + 2 * keyValueHeads) * headSize;
			const qkv = features(bench, "qkv", across, tokens);
			const d_o = features(bench, "d_o", heads * headSize, tokens, { half: false });
			const padded = paddedTokens(tokens);
			const dqkv = bench.output("dqkv", [runs, across, padded]);
			const o = bench.output("o", [runs, heads * headSize, padded]);
			const [lse, delta] = [bench.output("lse", [runs, heads, padded]), bench.output("delta", [runs, heads, padded])];
			const backward = { qkv: qkv.tensor, lse, d_o: d_o.tensor, delta, dqkv };
			await bench.run([
				attention(shape, { qkv: qkv.tensor, o, lse }, variants),
				attentionBackwardQuery(shape, { ...backward, o }, variants),
				attentionBackwardKey(shape, backward, variants),
			]);
			const forward = (run: number) => ops.attention(qkv.values[run]!, shape);
			await bench.expect(o, (run) => forward(run).o, FORWARD, byToken(tokens));
			const gradient = (run: number) => {
				const { o, lse } = forward(run);
				return ops.attentionBackward(d_o.values[run]!, qkv.values[run]!, o, lse, shape);
			};
			await bench.expect(dqkv, gradient, BACKWARD, byToken(tokens));
		}),
);

test("a kernel that would read entries of another width is named", () =>
	withBench(async (bench) => {
		const [w, x, y] = [bench.output("w", [1, 4, 4]), bench.output("x", [1, 4, 8]), bench.output("y", [1, 4, 8])];
		const residual = bench.output("residual", [1, 4, 8], true);
		await expect(bench.run([linear({ x, w, residual, y })])).rejects.toThrow(
			new ShaderError(
				"linear.wgsl with linear-direct.wgsl forward: residual has entries of 16 bits, the kernel's are vec4f, of 32; " +
					"they must agree",
			),
		);
	}));
