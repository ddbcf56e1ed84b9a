import { describe, expect, test } from "vitest";
import { ACTIVATION_FUNCTIONS, type ActivationFunction } from "../../src/architecture/choices.ts";
import { linear, linearActivation, linearBackward } from "../../src/kernels/linear.ts";
import { LINEAR_BACKWARD, LINEAR_FORWARD } from "../../src/kernels/linear-variants.ts";
import * as ops from "../reference/ops.ts";
import {
	BACKWARD,
	type Bench,
	benchOn,
	FORWARD,
	featureMajor,
	isFurtherLarge,
	isLarge,
	paddedTokens,
	paddingOf,
	plus,
	rowRanges,
	tokenMajor,
	usableVariants,
	withBench,
} from "./helpers.ts";

// A single token; ragged and weights read one at a time; ragged and read four at a time; whole tiles; several workgroups.
const shapes = [
	{ tokens: 1, inputs: 3, outputs: 9 },
	{ tokens: 27, inputs: 9, outputs: 3 },
	{ tokens: 27, inputs: 20, outputs: 20 },
	{ tokens: 130, inputs: 20, outputs: 64 },
	{ tokens: 130, inputs: 64, outputs: 9 },
	{ tokens: 64, inputs: 16, outputs: 32 },
];
/** For tiles of up to 128 × 128 sums: several of them, ragged; and a part of one, with weights read one at a time. */
const furtherLargeShapes = [{ tokens: 130, inputs: 70, outputs: 136 }];
const largeShapes = [...furtherLargeShapes, { tokens: 27, inputs: 20, outputs: 9 }];

function casesFor(variant: string) {
	const tried = isFurtherLarge(variant) ? furtherLargeShapes : isLarge(variant) ? largeShapes : shapes;
	return tried.flatMap((shape) => [1, 3].map((runs) => ({ ...shape, runs })));
}
const name = "$tokens tokens, $inputs → $outputs, $runs runs";
type Case = ReturnType<typeof casesFor>[number];

const activations: Record<ActivationFunction, [typeof ops.gelu, typeof ops.geluBackward]> = {
	gelu: [ops.gelu, ops.geluBackward],
	relu2: [ops.relu2, ops.relu2Backward],
	silu: [ops.silu, ops.siluBackward],
};

/** What padding of x and u holds: finite, and wrong in any sum. */
const PADDING = 1000;

/** A tensor of features: on the GPU, and token by token for the reference. */
function features(
	bench: Bench,
	label: string,
	[runs, count, tokens]: [number, number, number],
	padding: number,
	scale = 1,
) {
	const { values } = bench.random(`${label} of tokens`, [runs, tokens, count], scale);
	const shape = [runs, count, paddedTokens(tokens)];
	const { tensor } = bench.given(label, shape, (run) => featureMajor(values[run]!, count, padding));
	return { tensor, values };
}

function layer(bench: Bench, { runs, tokens, inputs, outputs }: Case) {
	const x = features(bench, "x", [runs, inputs, tokens], PADDING);
	const w = bench.random("w", [runs, inputs, outputs]);
	const bias = bench.random("bias", [runs, outputs]);
	const y = bench.output("y", [runs, outputs, paddedTokens(tokens)]);
	const before = (run: number) => ops.linear(x.values[run]!, w.values[run]!, bias.values[run]!);
	return { x, w, bias, y, before };
}

/** Token by token, each run's values are near what `expected` gives; the padding is finite. */
async function expectFeatures(
	bench: Bench,
	tensor: ReturnType<Bench["output"]>,
	tokens: number,
	expected: (run: number) => ops.Numbers,
	tolerance: number,
) {
	for (const values of await bench.read(tensor)) expect(paddingOf(values, tokens).every(Number.isFinite)).toBe(true);
	await bench.expect(tensor, expected, tolerance, (values) => tokenMajor(values, tokens));
}

describe.each(await usableVariants(LINEAR_FORWARD))("forward, variant $variant", ({ variant, gpu }) => {
	const withBench = benchOn(gpu);
	const variants = { [LINEAR_FORWARD.name]: variant };

	describe.each(casesFor(variant))(name, (size) => {
		const { runs, tokens, outputs } = size;

		test("y = w·x + bias", () =>
			withBench(async (bench) => {
				const { x, w, bias, y, before } = layer(bench, size);
				await bench.run([linear({ x: x.tensor, w: w.tensor, bias: bias.tensor, y }, variants)]);
				await expectFeatures(bench, y, tokens, before, FORWARD);
			}));

		if (isFurtherLarge(variant)) return;

		test("without a bias, with a residual", () =>
			withBench(async (bench) => {
				const { x, w, y } = layer(bench, size);
				const residual = features(bench, "residual", [runs, outputs, tokens], PADDING);
				await bench.run([linear({ x: x.tensor, w: w.tensor, residual: residual.tensor, y }, variants)]);
				const expected = (run: number) =>
					plus(ops.linear(x.values[run]!, w.values[run]!, new Float64Array(outputs)), residual.values[run]);
				await expectFeatures(bench, y, tokens, expected, FORWARD);
			}));

		test("with a GELU", () =>
			withBench(async (bench) => {
				const { x, w, bias, y, before } = layer(bench, size);
				const u = bench.output("u", y.shape);
				await bench.run([linearActivation({ x: x.tensor, w: w.tensor, bias: bias.tensor, u, y }, "gelu", variants)]);
				await expectFeatures(bench, u, tokens, before, FORWARD);
				await expectFeatures(bench, y, tokens, (run) => ops.gelu(before(run)), FORWARD);
			}));
	});
});

/** The gradients of a layer whose x was `activation(u)`, if it was. */
function gradients(
	bench: Bench,
	{ runs, tokens, inputs, outputs }: Case,
	ranges: number,
	activation?: ActivationFunction,
) {
	const x = features(bench, "x", [runs, inputs, tokens], PADDING);
	const dy = features(bench, "dy", [runs, outputs, tokens], 0);
	const w = bench.random("w", [runs, inputs, outputs]);
	const u = activation && features(bench, "u", [runs, inputs, tokens], PADDING, 2);
	const dx = bench.output("dx", [runs, inputs, paddedTokens(tokens)]);
	const parts = (run: number) =>
		rowRanges(paddedTokens(tokens) / 4, ranges).map(([begin, end]) =>
			ops.linearBackward(
				dy.values[run]!.subarray(begin * 4 * outputs, end * 4 * outputs),
				x.values[run]!.subarray(begin * 4 * inputs, end * 4 * inputs),
				w.values[run]!,
				outputs,
			),
		);
	const joined = (run: number, part: "dx" | "dw" | "db") =>
		Float64Array.from(parts(run).flatMap((range) => Array.from(range[part])));
	const expectedDx = (run: number) =>
		activation ? activations[activation][1](joined(run, "dx"), u!.values[run]!) : joined(run, "dx");
	return { x, dy, w, u, dx, joined, expectedDx };
}

describe.each(await usableVariants(LINEAR_BACKWARD))("backward, variant $variant", ({ variant, gpu }) => {
	const withBench = benchOn(gpu);
	const variants = { [LINEAR_BACKWARD.name]: variant };

	describe.each(casesFor(variant))(name, (size) => {
		const { runs, tokens, inputs, outputs } = size;

		const plain = { ranges: 1, accumulate: false, activation: undefined };
		// So many that large tiles of weights need not be made smaller.
		const added = { ranges: isLarge(variant) ? 33 : 3, accumulate: true, activation: "gelu" as const };
		test.each(isLarge(variant) && tokens < 32 ? [plain] : [plain, added])(
			"$ranges ranges, accumulate: $accumulate, activation: $activation",
			({ ranges, accumulate, activation }) =>
				withBench(async (bench) => {
					const { x, dy, w, u, dx, joined, expectedDx } = gradients(bench, size, ranges, activation);
					const before = accumulate && {
						dw: bench.random("dw", [runs, ranges, inputs, outputs]),
						dbias: bench.random("dbias", [runs, ranges, outputs]),
					};
					const dw = before ? before.dw.tensor : bench.output("dw", [runs, ranges, inputs, outputs]);
					const dbias = before ? before.dbias.tensor : bench.output("dbias", [runs, ranges, outputs]);
					const tensors = { x: x.tensor, dy: dy.tensor, w: w.tensor, dx, dw, dbias, u: u?.tensor };
					await bench.run([linearBackward(tensors, { activation, accumulate }, variants)]);
					await expectFeatures(bench, dx, tokens, expectedDx, BACKWARD);
					for (const values of await bench.read(dx)) expect(paddingOf(values, tokens).every((v) => v === 0)).toBe(true);
					const added = (run: number, part: "dw" | "db") =>
						plus(joined(run, part), before ? before[part === "db" ? "dbias" : "dw"].values[run] : undefined);
					await bench.expect(dw, (run) => added(run, "dw"), BACKWARD);
					await bench.expect(dbias, (run) => added(run, "db"), BACKWARD);
				}),
		);
	});

	if (isFurtherLarge(variant)) return;
	// Kernels with 32 rows compile slowly, and 12 features take 16; the shapes above have both.
	const inputs = isLarge(variant) ? 40 : 12;

	test.each([1, 3])("the gradient of a gated unit, %s runs", (runs) =>
		withBench(async (bench) => {
			const [tokens, outputs] = [27, 36];
			const { x, dy, w, joined } = gradients(bench, { runs, tokens, inputs, outputs }, 1);
			const u = features(bench, "u", [runs, 2 * inputs, tokens], PADDING, 2);
			const du = bench.output("du", [runs, 2 * inputs, paddedTokens(tokens)]);
			const dw = bench.output("dw", [runs, 1, inputs, outputs]);
			const tensors = { x: x.tensor, dy: dy.tensor, w: w.tensor, dx: du, dw, u: u.tensor };
			await bench.run([linearBackward(tensors, { activation: "silu", accumulate: false }, variants)]);
			const half = (run: number, from: number) =>
				u.values[run]!.filter((_, i) => Math.floor((i % (2 * inputs)) / inputs) === from);
			const expected = (run: number) => {
				const { dgate, dup } = ops.gatedBackward(joined(run, "dx"), half(run, 0), half(run, 1));
				const place = (i: number) => Math.floor(i / (2 * inputs)) * inputs + (i % inputs);
				const from = (i: number) => ((i % (2 * inputs)) / inputs < 1 ? dgate : dup);
				return Float64Array.from({ length: 2 * inputs * tokens }, (_, i) => from(i)[place(i)]!);
			};
			await expectFeatures(bench, du, tokens, expected, BACKWARD);
		}),
	);

	test.each([1, 3])("without dx the weights' gradients alone, with the same bits, %s runs", (runs) =>
		withBench(async (bench) => {
			const { x, dy, w, dx } = gradients(bench, { runs, tokens: 130, inputs, outputs: 36 }, 2);
			const results = async (given: { dx?: typeof dx }) => {
				const dw = bench.output("dw", [runs, 2, inputs, 36]);
				const dbias = bench.output("dbias", [runs, 2, 36]);
				const tensors = { x: x.tensor, dy: dy.tensor, w: w.tensor, dw, dbias, ...given };
				await bench.run([linearBackward(tensors, { accumulate: false }, variants)]);
				return [await bench.read(dw), await bench.read(dbias)];
			};
			expect(await results({})).toEqual(await results({ dx }));
		}),
	);

	test("without a bias; twice the same bits, and the same in a pack as alone", () =>
		withBench(async (bench) => {
			const size = { runs: 3, tokens: 130, inputs, outputs: 36 };
			const { x, dy, w } = gradients(bench, size, 2);
			const shapes = { dx: [inputs, 132], dw: [2, inputs, 36] };
			const results = async (runs: number, copies: Record<"x" | "dy" | "w", typeof x>) => {
				const dx = bench.output("dx", [runs, ...shapes.dx]);
				const dw = bench.output("dw", [runs, ...shapes.dw]);
				const tensors = { x: copies.x.tensor, dy: copies.dy.tensor, w: copies.w.tensor, dx, dw };
				await bench.run([linearBackward(tensors, { accumulate: false }, variants)]);
				return { dx: await bench.read(dx), dw: await bench.read(dw) };
			};
			const pack = await results(3, { x, dy, w });
			expect(await results(3, { x, dy, w })).toEqual(pack);
			const last = ({ tensor, values }: typeof x, count: number) => {
				const rows = tensor === w.tensor ? Float64Array.from(values[2]!) : featureMajor(values[2]!, count);
				return bench.given("alone", [1, ...tensor.shape.slice(1)], () => rows);
			};
			const alone = await results(1, { x: last(x, inputs), dy: last(dy, 36), w: last(w, 36) });
			expect(alone).toEqual({ dx: [pack.dx[2]], dw: [pack.dw[2]] });
		}));
});

describe.each(ACTIVATION_FUNCTIONS)("%s", (activation) => {
	const tokens = 26;
	const inputs = 8;
	// Identity weights: u is x itself.
	const identity = Float64Array.from({ length: inputs * inputs }, (_, i) => Number(i % (inputs + 1) === 0));
	const extremes = [0, -0.5, 0.5, 2, -2, 5, -5, 12, -12, 60, -60, 1e4, -1e4, 1e9, -1e9];
	const values = Float64Array.from({ length: tokens * inputs }, (_, i) => extremes[i % extremes.length]!);

	test("value and slope are right, near its bend and far outside", () =>
		withBench(async (bench) => {
			const x = bench.given("x", [1, inputs, paddedTokens(tokens)], () => featureMajor(values, inputs));
			const w = bench.given("w", [1, inputs, inputs], () => identity);
			const ones = new Float64Array(values.length).fill(1);
			const dy = bench.given("dy", x.tensor.shape, () => featureMajor(ones, inputs));
			const [u, y, dx] = ["u", "y", "dx"].map((label) => bench.output(label, x.tensor.shape)) as [never, never, never];
			const dw = bench.output("dw", [1, 1, inputs, inputs]);
			await bench.run([
				linearActivation({ x: x.tensor, w: w.tensor, u, y }, activation),
				linearBackward(
					{ x: x.tensor, dy: dy.tensor, w: w.tensor, dx, dw, u: x.tensor },
					{ activation, accumulate: false },
				),
			]);
			const [forward, backward] = activations[activation];
			const near = async (tensor: never, expected: Float64Array, tolerance: number) => {
				const actual = tokenMajor((await bench.read(tensor))[0]!, tokens);
				expected.forEach((value, i) => {
					const allowed = tolerance * Math.max(1, Math.abs(value));
					expect(Math.abs(actual[i]! - value), `at ${values[i]}`).toBeLessThanOrEqual(allowed);
				});
			};
			await near(y, forward(values), FORWARD);
			await near(dx, backward(ones, values), BACKWARD);
		}));
});

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const tensor = (label: string, ...shape: number[]) => bench.output(label, shape);
		const [x, w, y] = [tensor("x", 1, 3, 8), tensor("w", 1, 3, 4), tensor("y", 1, 4, 8)];
		expect(() => linear({ x, w: tensor("w", 1, 5, 4), y })).toThrow("linear: x is [1,3,8], w is [1,5,4], y is [1,4,8]");
		expect(() => linear({ x: tensor("x", 1, 3, 6), w, y: tensor("y", 1, 4, 6) })).toThrow("tokens a multiple of 4");
		expect(() => linearBackward({ x, dy: y, w, dx: x, dw: tensor("dw", 1, 1, 5, 4) }, { accumulate: false })).toThrow(
			"linear backward: w is [1,3,4], dw is [1,1,5,4]",
		);
		expect(() =>
			linearBackward({ x, dy: y, w, dx: x, dw: tensor("dw", 1, 1, 3, 4) }, { activation: "gelu", accumulate: false }),
		).toThrow("linear backward: activation is gelu, u is absent");
		expect(() =>
			linearBackward({ x, dy: y, w, dw: tensor("dw", 1, 1, 3, 4), u: x }, { activation: "gelu", accumulate: false }),
		).toThrow("linear backward: u is [1,3,8], dx is absent; dx must be given with u");
	}));
