import { describe, expect, test } from "vitest";
import { lstm, lstmBackward } from "../../src/kernels/lstm.ts";
import { expectClose } from "../reference/compare.ts";
import * as reference from "../reference/lstm.ts";
import {
	BACKWARD,
	type Bench,
	FORWARD,
	featureMajor,
	paddedTokens,
	paddingOf,
	SENTINEL,
	tokenMajor,
	type Uploaded,
	withBench,
} from "./helpers.ts";

// Ragged, read one entry at a time; a smallest; whole workgroups; more features than invocations; wide enough to be cut.
const shapes = [
	{ sequences: 5, context: 7, width: 9 },
	{ sequences: 1, context: 1, width: 1 },
	{ sequences: 8, context: 16, width: 32 },
	{ sequences: 3, context: 3, width: 260 },
];
const cases = shapes.flatMap((shape) => [1, 3].map((runs) => ({ ...shape, runs })));
type Case = (typeof cases)[number];

/** x·W_x + b and dh as the reference has them, [tokens, features]. */
function inputs(bench: Bench, { runs, sequences, context, width }: Case) {
	const tokens = sequences * context;
	return {
		given: bench.random("gates", [runs, tokens, 4 * width]),
		dh: bench.random("dh", [runs, tokens, width]),
		w: bench.random("w", [runs, width, 4 * width], width ** -0.5),
	};
}

function tensors(bench: Bench, { runs, sequences, context, width }: Case, given: Uploaded) {
	const across = paddedTokens(sequences * context);
	const stream = [runs, width, across];
	return {
		gates: bench.given("gates", [runs, 4 * width, across], (run) => featureMajor(given.values[run]!, 4 * width)).tensor,
		c: bench.output("c", stream),
		h: bench.output("h", stream),
	};
}

describe.each(cases)("$sequences sequences of $context, width $width, $runs runs", (size) => {
	const { runs, sequences, context, width } = size;
	const tokens = sequences * context;
	const view = (values: ArrayLike<number>) => tokenMajor(values, tokens);

	test("forward", () =>
		withBench(async (bench) => {
			const { given, w } = inputs(bench, size);
			const { gates, c, h } = tensors(bench, size, given);
			await bench.run(lstm(size, { w: w.tensor, gates, c, h }));
			const expected = w.values.map((weights, run) => reference.lstm(given.values[run]!, weights, width, context));
			await bench.expect(gates, (run) => expected[run]!.gates, FORWARD, view);
			await bench.expect(c, (run) => expected[run]!.c, FORWARD, view);
			await bench.expect(h, (run) => expected[run]!.h, FORWARD, view);
			for (const values of await bench.read(h))
				expect(paddingOf(values, tokens).every((v) => v === SENTINEL)).toBe(true);
		}));

	test("backward", () =>
		withBench(async (bench) => {
			const { given, w, dh } = inputs(bench, size);
			const across = paddedTokens(tokens);
			const stream = [runs, width, across];
			const forward = w.values.map((weights, run) => reference.lstm(given.values[run]!, weights, width, context));
			const stored = (name: "gates" | "c" | "h", features: number) =>
				bench.given(name, [runs, features, across], (run) => featureMajor(forward[run]![name], features)).tensor;
			const dgates = bench.output("dgates", [runs, 4 * width, across]);
			const before = bench.output("before", stream);
			await bench.run(
				lstmBackward(size, {
					...{ w: w.tensor, gates: stored("gates", 4 * width), c: stored("c", width), h: stored("h", width) },
					dh: bench.given("dh", stream, (run) => featureMajor(dh.values[run]!, width)).tensor,
					...{ dgates, before, carry: bench.output("carry", stream) },
				}),
			);
			const gradients = forward.map((states, run) =>
				reference.lstmBackward(dh.values[run]!, states, w.values[run]!, width, context),
			);
			await bench.expect(dgates, (run) => gradients[run]!.dinputs, BACKWARD, view);
			const shifted = (h: Float64Array) => h.map((_, i) => (Math.floor(i / width) % context === 0 ? 0 : h[i - width]!));
			await bench.expect(before, (run) => shifted(forward[run]!.h), FORWARD, view);
			for (const values of await bench.read(dgates))
				expect(paddingOf(values, tokens).every((v) => v === SENTINEL)).toBe(true);
		}));
});

/** The bits that forward and backward pass write, from the same inputs. */
async function bits(bench: Bench, size: Case, mostFlops?: number) {
	const { given, dh, w } = inputs(bench, size);
	const stream = [size.runs, size.width, paddedTokens(size.sequences * size.context)];
	const { gates, c, h } = tensors(bench, size, given);
	const dgates = bench.output("dgates", gates.shape);
	const [before, carry] = [bench.output("before", stream), bench.output("carry", stream)];
	const onGpu = { w: w.tensor, gates, c, h };
	const upstream = bench.given("dh", stream, (run) => featureMajor(dh.values[run]!, size.width)).tensor;
	const specs = [...lstm(size, onGpu), ...lstmBackward(size, { ...onGpu, dh: upstream, dgates, before, carry })];
	const program = await bench.run(specs, mostFlops);
	const values = await Promise.all([gates, c, h, dgates, before].map((tensor) => bench.read(tensor)));
	return { values, specs, launches: program.describe().map(({ launches }) => launches) };
}

test("in pieces the bits are those of the whole, and so are a run's alone and in a pack", () =>
	withBench(async (bench) => {
		const size = { sequences: 9, context: 6, width: 12, runs: 3 };
		const whole = await bits(bench, size);
		const cut = await bits(bench, size, 10_000);
		expect(whole.launches).toEqual([1, 1]);
		expect(Math.min(...cut.launches)).toBeGreaterThan(2);
		expect(cut.values).toEqual(whole.values);
		const alone = await bits(bench, { ...size, runs: 1 });
		expect(alone.values.map(([run]) => run)).toEqual(whole.values.map(([run]) => run));
	}));

test.each([
	{
		sequences: 2,
		context: 6,
		width: 1100,
		spans: [
			[0, 3],
			[3, 6],
		],
	},
	{
		sequences: 1,
		context: 66,
		width: 256,
		spans: [
			[0, 64],
			[64, 66],
		],
	},
])("a layer of width $width takes a dispatch for every few tokens", ({ spans, ...shape }) =>
	withBench(async (bench) => {
		const size = { ...shape, runs: 1 };
		const { context, width } = size;
		const { specs, values } = await bits(bench, size);
		expect(specs.map(({ sizes }) => [sizes.begin, sizes.end])).toEqual([...spans, ...spans.toReversed()]);
		const { given, w, dh } = inputs(bench, size);
		const expected = reference.lstm(given.values[0]!, w.values[0]!, width, context);
		const gradient = reference.lstmBackward(dh.values[0]!, expected, w.values[0]!, width, context);
		const near = (actual: Float32Array, values: Float64Array, tolerance: number) =>
			expectClose(tokenMajor(actual, size.sequences * context), values, tolerance, "values");
		near(values[2]![0]!, expected.h, FORWARD);
		near(values[3]![0]!, gradient.dinputs, BACKWARD);
	}),
);

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const w = bench.output("w", [1, 4, 16]);
		const [gates, c] = [bench.output("gates", [1, 16, 8]), bench.output("c", [1, 4, 8])];
		const h = bench.output("h", [1, 4, 12]);
		expect(() => lstm({ sequences: 2, context: 4 }, { w, gates, c, h })).toThrow(
			"lstm: w is [1,4,16], h is [1,4,12], of 2 sequences of 4; h must be [1,4,8]",
		);
	}));
