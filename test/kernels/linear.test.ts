import { describe, expect, test } from "vitest";
import type { Tensor } from "../../src/gpu/tensor.ts";
import {
	linear,
	linearBackwardInput,
	linearBackwardWeight,
	linearGelu,
	linearResidual,
} from "../../src/kernels/linear.ts";
import * as ops from "../reference/ops.ts";
import { BACKWARD, type Bench, FORWARD, plus, rowRanges, withBench } from "./helpers.ts";

// Ragged and read one entry at a time; ragged and read four at a time; one of each; whole tiles; more than a workgroup.
const shapes = [
	{ rows: 13, inputs: 10, outputs: 7 },
	{ rows: 13, inputs: 12, outputs: 20 },
	{ rows: 5, inputs: 36, outputs: 4 },
	{ rows: 1, inputs: 1, outputs: 1 },
	{ rows: 16, inputs: 32, outputs: 16 },
	{ rows: 67, inputs: 68, outputs: 76 },
	{ rows: 67, inputs: 73, outputs: 69 },
];
const cases = shapes.flatMap((shape) => [1, 3].map((runs) => ({ ...shape, runs })));
const name = "$rows × $inputs → $outputs, $runs runs";
type Case = (typeof cases)[number];

function inputs(bench: Bench, { runs, rows, inputs, outputs }: Case, scale = 1) {
	return {
		x: bench.random("x", [runs, rows, inputs], scale),
		w: bench.random("w", [runs, inputs, outputs]),
		bias: bench.random("bias", [runs, outputs]),
		y: bench.output("y", [runs, rows, outputs]),
	};
}

describe.each(cases)(`linear ${name}`, (size) => {
	const { runs, rows, inputs: K, outputs: N } = size;

	test("forward", () =>
		withBench(async (bench) => {
			const { x, w, bias, y } = inputs(bench, size);
			await bench.run([linear({ x: x.tensor, w: w.tensor, bias: bias.tensor, y })]);
			await bench.expect(y, (run) => ops.linear(x.values[run]!, w.values[run]!, bias.values[run]!), FORWARD);
		}));

	test("forward with a residual", () =>
		withBench(async (bench) => {
			const { x, w, bias, y } = inputs(bench, size);
			const residual = bench.random("residual", [runs, rows, N]);
			await bench.run([linearResidual({ x: x.tensor, w: w.tensor, bias: bias.tensor, y, residual: residual.tensor })]);
			const expected = (run: number) =>
				plus(ops.linear(x.values[run]!, w.values[run]!, bias.values[run]!), residual.values[run]);
			await bench.expect(y, expected, FORWARD);
		}));

	test("forward with a GELU", () =>
		withBench(async (bench) => {
			const { x, w, bias, y } = inputs(bench, size);
			const u = bench.output("u", [runs, rows, N]);
			await bench.run([linearGelu({ x: x.tensor, w: w.tensor, bias: bias.tensor, y, u })]);
			const before = (run: number) => ops.linear(x.values[run]!, w.values[run]!, bias.values[run]!);
			await bench.expect(u, before, FORWARD);
			await bench.expect(y, (run) => ops.gelu(before(run)), FORWARD);
		}));

	test.each([false, true])("backward to the input, GELU before it: %s", (gelu) =>
		withBench(async (bench) => {
			const w = bench.random("w", [runs, K, N]);
			const dy = bench.random("dy", [runs, rows, N]);
			const u = bench.random("u", [runs, rows, K], 2);
			const dx = bench.output("dx", [runs, rows, K]);
			const zeros = new Float64Array(rows * K);
			await bench.run([linearBackwardInput({ dy: dy.tensor, w: w.tensor, dx, ...(gelu && { u: u.tensor }) })]);
			const expected = (run: number) => {
				const linear = ops.linearBackward(dy.values[run]!, zeros, w.values[run]!, N).dx;
				return gelu ? ops.geluBackward(linear, u.values[run]!) : linear;
			};
			await bench.expect(dx, expected, BACKWARD);
		}),
	);

	test.each([
		{ ranges: 1, accumulate: false },
		{ ranges: 3, accumulate: true },
		{ ranges: 16, accumulate: false },
	])("backward to the weights, $ranges ranges, accumulate: $accumulate", ({ ranges, accumulate }) =>
		withBench(async (bench) => {
			const x = bench.random("x", [runs, rows, K]);
			const dy = bench.random("dy", [runs, rows, N]);
			const before = accumulate && {
				dw: bench.random("dw", [runs, ranges, K, N]),
				dbias: bench.random("dbias", [runs, ranges, N]),
			};
			const dw: Tensor = before ? before.dw.tensor : bench.output("dw", [runs, ranges, K, N]);
			const dbias: Tensor = before ? before.dbias.tensor : bench.output("dbias", [runs, ranges, N]);
			await bench.run([linearBackwardWeight({ x: x.tensor, dy: dy.tensor, dw, dbias }, accumulate)]);
			const parts = (run: number) =>
				rowRanges(rows, ranges).map(([begin, end]) =>
					ops.linearBackward(
						dy.values[run]!.subarray(begin * N, end * N),
						x.values[run]!.subarray(begin * K, end * K),
						new Float64Array(K * N),
						N,
					),
				);
			const joined = (run: number, part: "dw" | "db") => parts(run).flatMap((range) => Array.from(range[part]));
			await bench.expect(dw, (run) => plus(joined(run, "dw"), before ? before.dw.values[run] : undefined), BACKWARD);
			await bench.expect(
				dbias,
				(run) => plus(joined(run, "db"), before ? before.dbias.values[run] : undefined),
				BACKWARD,
			);
		}),
	);
});

describe.each([10, 12])("a GELU far outside its bend, %s inputs", (inputs) => {
	const rows = 13;
	// Identity weights: u is x itself.
	const identity = Float64Array.from({ length: inputs * inputs }, (_, i) => Number(i % (inputs + 1) === 0));
	const extremes = [0, -0.5, 0.5, 5, -5, 12, -12, 60, -60, 1e4, -1e4, 1e9, -1e9];
	const values = Float64Array.from({ length: rows * inputs }, (_, i) => extremes[i % extremes.length]!);

	test("forward and slope are finite and right", () =>
		withBench(async (bench) => {
			const x = bench.given("x", [1, rows, inputs], () => values);
			const w = bench.given("w", [1, inputs, inputs], () => identity);
			const bias = bench.given("bias", [1, inputs], () => new Float64Array(inputs));
			const [u, y] = [bench.output("u", [1, rows, inputs]), bench.output("y", [1, rows, inputs])];
			const dy = bench.given("dy", [1, rows, inputs], () => new Float64Array(rows * inputs).fill(1));
			const dx = bench.output("dx", [1, rows, inputs]);
			await bench.run([
				linearGelu({ x: x.tensor, w: w.tensor, bias: bias.tensor, y, u }),
				linearBackwardInput({ dy: dy.tensor, w: w.tensor, dx, u: x.tensor }),
			]);
			const [gelu] = await bench.read(y);
			const expected = ops.gelu(x.values[0]!);
			expected.forEach((value, i) => {
				expect(Math.abs(gelu![i]! - value)).toBeLessThanOrEqual(FORWARD * Math.max(1, Math.abs(value)));
			});
			await bench.expect(dx, () => ops.geluBackward(dy.values[0]!, x.values[0]!), BACKWARD);
		}));
});

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const size = { runs: 1, rows: 2, inputs: 3, outputs: 4 };
		const { x, bias, y } = inputs(bench, size);
		const w = bench.random("w", [1, 5, 4]);
		expect(() => linear({ x: x.tensor, w: w.tensor, bias: bias.tensor, y })).toThrow(
			"linear: x is [1,2,3], w is [1,5,4], y is [1,2,4]",
		);
		expect(() =>
			linearBackwardWeight({ x: x.tensor, dy: y, dw: bench.output("dw", [1, 1, 5, 4]), dbias: bias.tensor }, false),
		).toThrow("linear backward: x is [1,2,3], dy is [1,2,4], dw is [1,1,5,4]");
	}));
