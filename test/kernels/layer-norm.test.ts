import { describe, expect, test } from "vitest";
import { layerNorm, layerNormBackwardInput, layerNormBackwardWeight } from "../../src/kernels/layer-norm.ts";
import * as ops from "../reference/ops.ts";
import { BACKWARD, type Bench, FORWARD, plus, rowRanges, type Uploaded, withBench } from "./helpers.ts";

// Ragged and read one entry at a time; ragged and read four at a time; the smallest; whole tiles; more than a workgroup.
const shapes = [
	{ rows: 13, width: 10 },
	{ rows: 13, width: 12 },
	{ rows: 5, width: 36 },
	{ rows: 3, width: 1 },
	{ rows: 64, width: 64 },
	{ rows: 131, width: 73 },
	{ rows: 67, width: 260 },
];
const cases = shapes.flatMap((shape) => [1, 3].map((runs) => ({ ...shape, runs })));
type Case = (typeof cases)[number];

function inputs(bench: Bench, { runs, rows, width }: Case) {
	const x = bench.random("x", [runs, rows, width], 3);
	const gamma = bench.random("gamma", [runs, width]);
	const dy = bench.random("dy", [runs, rows, width]);
	return { x, gamma, dy, beta: bench.random("beta", [runs, width]) };
}

/** What the forward pass would leave, from the reference: mean and 1/σ by turns. */
function statsOf(bench: Bench, x: Uploaded, width: number) {
	const [runs, rows] = x.tensor.shape as [number, number];
	const ones = new Float64Array(width).fill(1);
	const forward = x.values.map((values) => ops.layerNorm(values, ones, new Float64Array(width)));
	return bench.given("stats", [runs, rows, 2], (run) => byTurns(forward[run]!));
}

function byTurns({ mean, rstd }: { mean: Float64Array; rstd: Float64Array }) {
	return Float64Array.from({ length: 2 * mean.length }, (_, i) => (i % 2 ? rstd : mean)[i >> 1]!);
}

describe.each(cases)("layer norm $rows × $width, $runs runs", (size) => {
	const { runs, rows, width } = size;
	const reference = (x: Uploaded, gamma: Uploaded, dy: Uploaded, run: number, begin = 0, end = rows) => {
		const part = (t: Uploaded) => t.values[run]!.subarray(begin * width, end * width);
		const { mean, rstd } = ops.layerNorm(part(x), gamma.values[run]!, new Float64Array(width));
		return ops.layerNormBackward(part(dy), part(x), gamma.values[run]!, mean, rstd);
	};

	test("forward", () =>
		withBench(async (bench) => {
			const { x, gamma, beta } = inputs(bench, size);
			const y = bench.output("y", [runs, rows, width]);
			const stats = bench.output("stats", [runs, rows, 2]);
			await bench.run([layerNorm({ x: x.tensor, gamma: gamma.tensor, beta: beta.tensor, y, stats })]);
			const expected = (run: number) => ops.layerNorm(x.values[run]!, gamma.values[run]!, beta.values[run]!);
			await bench.expect(y, (run) => expected(run).y, FORWARD);
			await bench.expect(stats, (run) => byTurns(expected(run)), FORWARD);
		}));

	test.each([false, true])("backward to the input, accumulate: %s", (accumulate) =>
		withBench(async (bench) => {
			const { x, gamma, dy } = inputs(bench, size);
			const stats = statsOf(bench, x, width);
			const before = accumulate ? bench.random("dx", [runs, rows, width]) : undefined;
			const dx = before?.tensor ?? bench.output("dx", [runs, rows, width]);
			await bench.run([
				layerNormBackwardInput(
					{ x: x.tensor, gamma: gamma.tensor, stats: stats.tensor, dy: dy.tensor, dx },
					accumulate,
				),
			]);
			await bench.expect(dx, (run) => plus(reference(x, gamma, dy, run).dx, before?.values[run]), BACKWARD);
		}),
	);

	test.each([
		{ ranges: 1, accumulate: false },
		{ ranges: 3, accumulate: true },
		{ ranges: 16, accumulate: false },
	])("backward to the weights, $ranges ranges, accumulate: $accumulate", ({ ranges, accumulate }) =>
		withBench(async (bench) => {
			const { x, gamma, dy } = inputs(bench, size);
			const stats = statsOf(bench, x, width);
			const gradient = (name: string) => {
				const before = accumulate ? bench.random(name, [runs, ranges, width]) : undefined;
				return { before, tensor: before?.tensor ?? bench.output(name, [runs, ranges, width]) };
			};
			const [dgamma, dbeta] = [gradient("dgamma"), gradient("dbeta")];
			await bench.run([
				layerNormBackwardWeight(
					{ x: x.tensor, stats: stats.tensor, dy: dy.tensor, dgamma: dgamma.tensor, dbeta: dbeta.tensor },
					accumulate,
				),
			]);
			const joined = (run: number, part: "dgamma" | "dbeta") =>
				rowRanges(rows, ranges).flatMap(([begin, end]) => Array.from(reference(x, gamma, dy, run, begin, end)[part]));
			await bench.expect(dgamma.tensor, (run) => plus(joined(run, "dgamma"), dgamma.before?.values[run]), BACKWARD);
			await bench.expect(dbeta.tensor, (run) => plus(joined(run, "dbeta"), dbeta.before?.values[run]), BACKWARD);
		}),
	);
});

test.each([10, 12])("rows of %s equal entries, and rows far from zero, stay finite and right", (width) =>
	withBench(async (bench) => {
		const rows = 4;
		const x = bench.given("x", [1, rows, width], () =>
			Float64Array.from(
				{ length: rows * width },
				(_, i) => [0, -7, 1e6 + 1000 * (i % width), 1e-4 * (i % 3)][Math.floor(i / width)]!,
			),
		);
		const [gamma, beta] = [bench.random("gamma", [1, width]), bench.random("beta", [1, width])];
		const [y, stats] = [bench.output("y", [1, rows, width]), bench.output("stats", [1, rows, 2])];
		await bench.run([layerNorm({ x: x.tensor, gamma: gamma.tensor, beta: beta.tensor, y, stats })]);
		await bench.expect(y, () => ops.layerNorm(x.values[0]!, gamma.values[0]!, beta.values[0]!).y, FORWARD);
	}),
);

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const [x, stats, wrong] = [
			bench.output("x", [1, 2, 4]),
			bench.output("stats", [1, 2, 2]),
			bench.output("gamma", [1, 3]),
		];
		expect(() => layerNorm({ x, gamma: wrong, beta: wrong, y: x, stats })).toThrow(
			"layer norm: x is [1,2,4], gamma is [1,3]; their last axes must agree",
		);
	}));
