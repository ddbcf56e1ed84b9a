import { describe, expect, test } from "vitest";
import type { Tensor } from "../../src/gpu/tensor.ts";
import { attention, attentionBackwardKey, attentionBackwardQuery } from "../../src/kernels/attention.ts";
import * as ops from "../reference/ops.ts";
import { BACKWARD, type Bench, FORWARD, type Uploaded, withBench } from "./helpers.ts";

const shapes = [
	{ sequences: 3, context: 5, heads: 2, size: 3 },
	{ sequences: 2, context: 16, heads: 3, size: 4 },
	{ sequences: 5, context: 33, heads: 1, size: 12 },
	{ sequences: 2, context: 33, heads: 2, size: 3 },
	{ sequences: 1, context: 5, heads: 2, size: 64 },
	{ sequences: 1, context: 256, heads: 2, size: 4 },
	{ sequences: 3, context: 1, heads: 1, size: 4 },
];
const cases = shapes.flatMap((shape) => [1, 3].map((runs) => ({ ...shape, runs })));
type Case = (typeof cases)[number];

/** The gradient of qkv on the GPU, from what the reference's forward pass leaves. */
async function backward(bench: Bench, size: Case, qkv: Uploaded, d_o: Uploaded): Promise<Tensor> {
	const { runs, sequences, context, heads, size: D } = size;
	const forward = qkv.values.map((values) => ops.attention(values, context, heads * D, heads));
	const o = bench.given("o", [runs, sequences, context, heads * D], (run) => forward[run]!.o).tensor;
	const lse = bench.given("lse", [runs, sequences, heads, context], (run) => forward[run]!.lse).tensor;
	const delta = bench.output("delta", [runs, sequences, heads, context]);
	const dqkv = bench.output("dqkv", qkv.tensor.shape);
	const t = { qkv: qkv.tensor, lse, d_o: d_o.tensor, delta, dqkv };
	await bench.run([attentionBackwardQuery(heads, { ...t, o }), attentionBackwardKey(heads, t)]);
	return dqkv;
}

describe.each(cases)("attention $sequences × $context, $heads heads of $size, $runs runs", (size) => {
	const { runs, sequences, context, heads, size: D } = size;
	const width = heads * D;

	test("forward", () =>
		withBench(async (bench) => {
			const qkv = bench.random("qkv", [runs, sequences, context, 3 * width]);
			const o = bench.output("o", [runs, sequences, context, width]);
			const lse = bench.output("lse", [runs, sequences, heads, context]);
			await bench.run([attention(heads, { qkv: qkv.tensor, o, lse })]);
			const expected = (run: number) => ops.attention(qkv.values[run]!, context, width, heads);
			await bench.expect(o, (run) => expected(run).o, FORWARD);
			await bench.expect(lse, (run) => expected(run).lse, FORWARD);
		}));

	test("backward", () =>
		withBench(async (bench) => {
			const qkv = bench.random("qkv", [runs, sequences, context, 3 * width]);
			const d_o = bench.random("d_o", [runs, sequences, context, width]);
			const dqkv = await backward(bench, size, qkv, d_o);
			const expected = (run: number) => {
				const { o, lse } = ops.attention(qkv.values[run]!, context, width, heads);
				return ops.attentionBackward(d_o.values[run]!, qkv.values[run]!, o, lse, context, width, heads);
			};
			await bench.expect(dqkv, expected, BACKWARD);
		}));
});

test.each([3, 4])("scores of ±60 and more, head size %s", (D) =>
	withBench(async (bench) => {
		const size = { runs: 1, sequences: 2, context: 16, heads: 2, size: D };
		const width = 2 * D;
		// Queries and keys on a grid, so that the scores themselves are exact and only the softmax is tried.
		const qkv = bench.given("qkv", [1, 2, 16, 3 * width], (run) => {
			const drawn = bench.random("drawn", [1, 2, 16, 3 * width]).values[run]!;
			return drawn.map((value, i) => (i % (3 * width) < 2 * width ? 8 * Math.round(value) : value));
		});
		const [o, lse] = [bench.output("o", [1, 2, 16, width]), bench.output("lse", [1, 2, 2, 16])];
		await bench.run([attention(2, { qkv: qkv.tensor, o, lse })]);
		const expected = ops.attention(qkv.values[0]!, 16, width, 2);
		expect(Math.max(...expected.lse)).toBeGreaterThan(60);
		expect(Math.min(...expected.lse)).toBeLessThan(-30);
		await bench.expect(o, () => expected.o, FORWARD);
		await bench.expect(lse, () => expected.lse, FORWARD);
		const d_o = bench.random("d_o", [1, 2, 16, width]);
		const dqkv = await backward(bench, size, qkv, d_o);
		await bench.expect(
			dqkv,
			() => ops.attentionBackward(d_o.values[0]!, qkv.values[0]!, expected.o, expected.lse, 16, width, 2),
			BACKWARD,
		);
	}),
);

test("a position reads nothing that comes after it", () =>
	withBench(async (bench) => {
		const [context, width] = [5, 12];
		const first = bench.random("qkv", [1, 1, context, 3 * width]);
		const cut = 3 * 3 * width;
		const second = bench.given("changed", first.tensor.shape, () =>
			first.values[0]!.map((value, i) => (i < cut ? value : 100 - value)),
		);
		const outputs = [first, second].map(({ tensor }) => ({
			qkv: tensor,
			o: bench.output("o", [1, 1, context, width]),
			lse: bench.output("lse", [1, 1, 1, context]),
		}));
		await bench.run(outputs.map((t) => attention(1, t)));
		const [a, b] = await Promise.all(outputs.map(async ({ o }) => (await bench.read(o))[0]!));
		expect(b!.subarray(0, 3 * width)).toEqual(a!.subarray(0, 3 * width));
		expect(b!.subarray(3 * width)).not.toEqual(a!.subarray(3 * width));
	}));

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const [o, lse] = [bench.output("o", [1, 1, 2, 8]), bench.output("lse", [1, 1, 3, 2])];
		expect(() => attention(3, { qkv: bench.output("qkv", [1, 1, 2, 24]), o, lse })).toThrow(
			"attention: qkv is [1,1,2,24], o is [1,1,2,8], heads is 3",
		);
		expect(() => attention(2, { qkv: bench.output("qkv", [1, 1, 2, 16]), o, lse })).toThrow("qkv is [1,1,2,16]");
	}));
