import { describe, expect, test } from "vitest";
import { type AttentionShape, attention } from "../../src/kernels/attention.ts";
import { ATTENTION } from "../../src/kernels/attention-variants.ts";
import { rotaryTable } from "../../src/kernels/rotary.ts";
import * as ops from "../reference/ops.ts";
import { across, backward, byHead, expectedGradient, queries, tokensOf, upload } from "./attention-cases.ts";
import {
	BACKWARD,
	type Bench,
	benchOn,
	FORWARD,
	isLarge,
	paddedTokens,
	tokenMajor,
	usableVariants,
	withBench,
} from "./helpers.ts";

// Contexts that are multiples of 4 and others; groups of queries; more than one workgroup; large heads; the longest.
const shapes: AttentionShape[] = [
	{ sequences: 3, context: 5, heads: 2, keyValueHeads: 2, headSize: 3, scale: 1 / Math.sqrt(3) },
	{ sequences: 2, context: 16, heads: 4, keyValueHeads: 2, headSize: 4, scale: 1 / 4 },
	{ sequences: 3, context: 12, heads: 3, keyValueHeads: 1, headSize: 6, scale: 1 },
	{ sequences: 1, context: 135, heads: 2, keyValueHeads: 1, headSize: 2, scale: 1 },
	{ sequences: 2, context: 164, heads: 1, keyValueHeads: 1, headSize: 34, scale: 0.2 },
	{ sequences: 1, context: 8, heads: 1, keyValueHeads: 1, headSize: 96, scale: 0.1 },
	{ sequences: 1, context: 1024, heads: 1, keyValueHeads: 1, headSize: 4, scale: 1 / 2 },
	{ sequences: 3, context: 1, heads: 1, keyValueHeads: 1, headSize: 4, scale: 1 / 2 },
];
const cases = shapes.flatMap((shape) => [1, 3].map((runs) => ({ ...shape, runs })));

describe.each(cases)(
	"attention $sequences × $context, $heads heads of $headSize, $keyValueHeads of keys, $runs runs",
	({ runs, ...shape }) => {
		const tokens = tokensOf(shape);
		const view = (values: ops.Numbers) => tokenMajor(values, tokens);
		const random = (bench: Bench, name: string, features: number) => bench.random(name, [runs, tokens, features]);

		test("forward", { timeout: 60_000 }, () =>
			withBench(async (bench) => {
				const qkv = random(bench, "qkv", across(shape));
				const o = bench.output("o", [runs, queries(shape), paddedTokens(tokens)]);
				const lse = bench.output("lse", [runs, shape.heads, paddedTokens(tokens)]);
				await bench.run([attention(shape, { qkv: upload(bench, shape, qkv, across(shape)), o, lse })]);
				const expected = (run: number) => ops.attention(qkv.values[run]!, shape);
				const lseOf = (run: number) => tokenMajor(byHead(shape, expected(run).lse), tokens);
				await bench.expect(o, (run) => expected(run).o, FORWARD, view);
				await bench.expect(lse, lseOf, FORWARD, view);
			}),
		);

		test("backward", { timeout: 60_000 }, () =>
			withBench(async (bench) => {
				const [qkv, d_o] = [random(bench, "qkv", across(shape)), random(bench, "d_o", queries(shape))];
				const dqkv = await backward(bench, shape, qkv, d_o);
				const expected = (run: number) => expectedGradient(shape, qkv.values[run]!, d_o.values[run]!);
				await bench.expect(dqkv, expected, BACKWARD, view);
			}),
		);
	},
);

test.each(shapes.slice(1, 4))(
	"gradients of turned queries and keys are turned back: %o",
	{ timeout: 60_000 },
	(shape) =>
		withBench(async (bench) => {
			const { context, headSize } = shape;
			const tokens = tokensOf(shape);
			const [qkv, d_o] = [
				bench.random("qkv", [1, tokens, across(shape)]),
				bench.random("d_o", [1, tokens, queries(shape)]),
			];
			const table = rotaryTable(headSize, tokens, context);
			const turns = bench.given("turns", [1, headSize, paddedTokens(tokens)], () => table).tensor;
			const dqkv = await backward(bench, shape, qkv, d_o, { turns });
			const expected = () => expectedGradient(shape, qkv.values[0]!, d_o.values[0]!, true);
			await bench.expect(dqkv, expected, BACKWARD, (values) => tokenMajor(values, tokens));
		}),
);

// Grouped queries, with positions read one at a time and four at a time; a single workgroup and several. Of the variants by tiles
// only what they do with short sequences: attention-large.test.ts tries the rest.
const tried = (await usableVariants(ATTENTION)).flatMap((usable) =>
	(isLarge(usable.variant) ? [2] : [2, 3, 4]).map((place) => ({ ...usable, place })),
);
test.each(tried)("variant $variant, shape $place", ({ variant, gpu, place }) =>
	benchOn(gpu)(async (bench) => {
		const shape = shapes[place]!;
		const variants = { attention: variant };
		const tokens = tokensOf(shape);
		const qkv = bench.random("qkv", [1, tokens, across(shape)]);
		const d_o = bench.random("d_o", [1, tokens, queries(shape)]);
		const o = bench.output("o", [1, queries(shape), paddedTokens(tokens)]);
		const lse = bench.output("lse", [1, shape.heads, paddedTokens(tokens)]);
		await bench.run([attention(shape, { qkv: upload(bench, shape, qkv, across(shape)), o, lse }, variants)]);
		const view = (values: ops.Numbers) => tokenMajor(values, tokens);
		await bench.expect(o, () => ops.attention(qkv.values[0]!, shape).o, FORWARD, view);
		const dqkv = await backward(bench, shape, qkv, d_o, { variants });
		await bench.expect(dqkv, () => expectedGradient(shape, qkv.values[0]!, d_o.values[0]!), BACKWARD, view);
	}),
);

test.each([3, 4])("scores of ±60 and more, head size %s", { timeout: 60_000 }, (headSize) =>
	withBench(async (bench) => {
		const shape = { sequences: 2, context: 16, heads: 2, keyValueHeads: 2, headSize, scale: 1 / Math.sqrt(headSize) };
		// Queries and keys on a grid, so that the scores themselves are exact and only the softmax is tried.
		const drawn = bench.random("drawn", [1, 32, across(shape)]).values[0]!;
		const values = drawn.map((value, i) => (i % across(shape) < 2 * queries(shape) ? 8 * Math.round(value) : value));
		const qkv = bench.given("qkv", [1, 32, across(shape)], () => values);
		const [o, lse] = [bench.output("o", [1, queries(shape), 32]), bench.output("lse", [1, 2, 32])];
		await bench.run([attention(shape, { qkv: upload(bench, shape, qkv, across(shape)), o, lse })]);
		const expected = ops.attention(qkv.values[0]!, shape);
		expect(Math.max(...expected.lse)).toBeGreaterThan(60);
		expect(Math.min(...expected.lse)).toBeLessThan(-30);
		await bench.expect(
			o,
			() => expected.o,
			FORWARD,
			(result) => tokenMajor(result, 32),
		);
		await bench.expect(lse, () => byHead(shape, expected.lse), FORWARD);
		const d_o = bench.random("d_o", [1, 32, queries(shape)]);
		const dqkv = await backward(bench, shape, qkv, d_o);
		await bench.expect(
			dqkv,
			() => expectedGradient(shape, qkv.values[0]!, d_o.values[0]!),
			BACKWARD,
			(result) => tokenMajor(result, 32),
		);
	}),
);

test("a position reads nothing that comes after it", { timeout: 60_000 }, () =>
	withBench(async (bench) => {
		const shape = { sequences: 1, context: 5, heads: 1, keyValueHeads: 1, headSize: 12, scale: 1 };
		const first = bench.random("qkv", [1, 5, 36]);
		const cut = 3 * 36;
		const second = bench.given("changed", [1, 5, 36], () =>
			first.values[0]!.map((value, i) => (i < cut ? value : 100 - value)),
		);
		const outputs = [first, second].map((qkv) => ({
			qkv: upload(bench, shape, qkv, 36),
			o: bench.output("o", [1, 12, 8]),
			lse: bench.output("lse", [1, 1, 8]),
		}));
		await bench.run(outputs.map((t) => attention(shape, t)));
		const [a, b] = await Promise.all(outputs.map(async ({ o }) => tokenMajor((await bench.read(o))[0]!, 5)));
		expect(b!.subarray(0, 36)).toEqual(a!.subarray(0, 36));
		expect(b!.subarray(36)).not.toEqual(a!.subarray(36));
	}),
);

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const shape = { sequences: 1, context: 2, heads: 3, keyValueHeads: 3, headSize: 4, scale: 1 };
		const [o, lse] = [bench.output("o", [1, 8, 4]), bench.output("lse", [1, 3, 4])];
		expect(() => attention(shape, { qkv: bench.output("qkv", [1, 36, 4]), o, lse })).toThrow(
			"attention: o is [1,8,4]; for 1 sequences of 2 tokens, 3 and 3 heads of 4 it must be [1,12,4]",
		);
		expect(() => attention({ ...shape, keyValueHeads: 2 }, { qkv: o, o, lse })).toThrow(
			"heads is 3, keyValueHeads is 2",
		);
	}));
