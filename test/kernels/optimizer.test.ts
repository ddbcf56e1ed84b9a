import { describe, expect, test } from "vitest";
import { randomKey } from "../../src/data/random.ts";
import { entriesPerRun, paddedEntries, type Tensor, tensorBytes } from "../../src/gpu/tensor.ts";
import { HYPER_WORDS, hyperWords, optimizer, segmentTable } from "../../src/kernels/optimizer.ts";
import { expectClose, randomArray } from "../reference/compare.ts";
import * as ops from "../reference/ops.ts";
import { type Bench, FORWARD, SENTINEL, sumRanges, withBench } from "./helpers.ts";

/** Trained tensors: longer and shorter than a segment; gradients in several ranges, in one, and written whole (0). */
const trained = [
	{ name: "wte", shape: [91, 55], ranges: 0, decay: true },
	{ name: "w", shape: [5, 7], ranges: 3, decay: true },
	{ name: "bias", shape: [7], ranges: 3, decay: false },
	{ name: "long", shape: [8201], ranges: 2, decay: false },
	{ name: "aligned", shape: [64, 64], ranges: 1, decay: true },
];

/** Decay, clipping and neither, by turns. */
const hyper = [
	{ learningRate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, clip: 1 },
	{ learningRate: 0.003, beta1: 0.8, beta2: 0.999, epsilon: 1e-3, weightDecay: 0, clip: 1e6 },
	{ learningRate: 0.1, beta1: 0.95, beta2: 0.9, epsilon: 1e-8, weightDecay: 0.5, clip: 30 },
];

/** Tensors one after the other in a buffer of 32-bit entries, and the array that fills it; sentinels between them. */
function layout(shapes: number[][]) {
	const size = shapes.reduce((total, shape) => total + tensorBytes(shape) / 4, 0);
	const values = new Float32Array(size).fill(SENTINEL);
	let first = 0;
	const tensors = shapes.map((shape) => {
		const tensor = { first, shape, stride: paddedEntries(entriesPerRun(shape)) };
		first += tensorBytes(shape) / 4;
		return tensor;
	});
	const slice = (from: Float32Array, tensor: number, run: number) => {
		const { first, shape, stride } = tensors[tensor]!;
		return from.subarray(first + run * stride, first + run * stride + entriesPerRun(shape));
	};
	return { size, values, tensors, slice };
}

/** Everything the optimiser touches, for `runs` runs, all parameters and moments as given. */
function setUp(bench: Bench, runs: number) {
	const whole = layout(trained.map(({ shape }) => [runs, ...shape]));
	const ranged = layout(trained.map(({ shape, ranges }) => [runs, ranges, ...shape]));
	const buffer = (name: string, size: number, value: number) =>
		bench.given(name, [1, size], () => new Float32Array(size).fill(value)).tensor;
	const place = (from: ReturnType<typeof layout>, i: number): Tensor => {
		const { first, shape, stride } = from.tensors[i]!;
		return { name: trained[i]!.name, buffer: undefined!, offset: first * 4, shape, runStride: stride };
	};
	const table = segmentTable(
		trained.map(({ ranges, decay }, i) => ({
			...{ tensor: place(whole, i), decay },
			...(ranges > 0 && { partial: place(ranged, i) }),
		})),
		runs,
	);
	const segments = table.length / 8;
	return {
		whole,
		ranged,
		t: {
			segments: bench.integers("segments", [1, segments, 8], [table]),
			partials: buffer("partials", ranged.size, SENTINEL),
			gradients: buffer("gradients", whole.size, SENTINEL),
			squares: bench.output("squares", [1, segments * 64]),
			hyper: bench.output("hyper", [runs, HYPER_WORDS]),
			metrics: bench.output("metrics", [runs, 2]),
			scales: bench.output("scales", [1, runs]),
			parameters: buffer("parameters", whole.size, SENTINEL),
			m: buffer("m", whole.size, SENTINEL),
			v: buffer("v", whole.size, SENTINEL),
		},
	};
}

describe.each([1, 3])("%s runs", (runs) => {
	test("five steps of AdamW: partial sums, norm, clipping, decay, and nothing between the tensors", () =>
		withBench(async (bench) => {
			const { whole, ranged, t } = setUp(bench, runs);
			const start = whole.values.slice();
			const moments = whole.values.slice();
			const expected = Array.from({ length: runs }, (_, run) =>
				trained.map(({ name }, i) => {
					const p = whole.slice(start, i, run);
					p.set(randomArray(p.length, randomKey(8, name, run)));
					whole.slice(moments, i, run).fill(0);
					return { p: Float64Array.from(p), m: new Float64Array(p.length), v: new Float64Array(p.length) };
				}),
			);
			bench.write(t.parameters, start);
			bench.write(t.m, moments);
			bench.write(t.v, moments);
			for (let step = 1; step <= 5; step++) {
				const gradients = whole.values.slice();
				const partials = ranged.values.slice();
				const norms: number[] = [];
				const scales: number[] = [];
				for (let run = 0; run < runs; run++) {
					const settings = hyper[(run + (runs === 1 ? 0 : step)) % hyper.length]!;
					const rate = settings.learningRate / step;
					bench.write(t.hyper, Float32Array.from(hyperWords(settings, rate, step)), run);
					const grads = trained.map(({ name, ranges }, i) => {
						const slice = ranges ? ranged.slice(partials, i, run) : whole.slice(gradients, i, run);
						slice.set(randomArray(slice.length, randomKey(9, name, run, step)));
						// Words that a batch does not hold have no gradient at all.
						for (let j = 0; j < slice.length; j += 5) if (!ranges) slice[j] = 0;
						return sumRanges(slice, ranges || 1);
					});
					const norm = ops.gradientNorm(grads);
					const scale = ops.clipScale(norm, settings.clip);
					norms.push(norm);
					scales.push(scale);
					grads.forEach((grad, i) => {
						const { p, m, v } = expected[run]![i]!;
						const weightDecay = trained[i]!.decay ? settings.weightDecay : 0;
						const clipped = grad.map((g) => g * scale);
						ops.adamw(p, clipped, m, v, step, { ...settings, learningRate: rate, weightDecay });
					});
				}
				bench.write(t.gradients, gradients);
				bench.write(t.partials, partials);
				await bench.run(optimizer(t));
				const metrics = await bench.read(t.metrics);
				for (const [run, [loss, norm]] of metrics.entries()) {
					expect(loss).toBe(SENTINEL);
					expect(Math.abs(norm! / norms[run]! - 1)).toBeLessThan(FORWARD);
				}
				await bench.expect(t.scales, () => scales, FORWARD);
			}
			for (const [name, tensor] of Object.entries({ p: t.parameters, m: t.m, v: t.v })) {
				const [actual] = await bench.read(tensor);
				for (const [run, tensors] of expected.entries())
					tensors.forEach((values, i) => {
						const slice = whole.slice(actual!, i, run);
						expectClose(slice, values[name as "p" | "m" | "v"], FORWARD, `run ${run}'s ${name} of ${trained[i]!.name}`);
						slice.fill(SENTINEL);
					});
				expect(actual!.every((value) => value === SENTINEL)).toBe(true);
			}
		}));

	test("the gradient that is left is the whole one, before clipping", () =>
		withBench(async (bench) => {
			const { whole, ranged, t } = setUp(bench, runs);
			const gradients = whole.values.slice();
			const partials = ranged.values.slice();
			const expected = Array.from({ length: runs }, (_, run) =>
				trained.map(({ name, ranges }, i) => {
					const slice = ranges ? ranged.slice(partials, i, run) : whole.slice(gradients, i, run);
					slice.set(randomArray(slice.length, randomKey(10, name, run)));
					return sumRanges(slice, ranges || 1);
				}),
			);
			for (let run = 0; run < runs; run++)
				bench.write(t.hyper, Float32Array.from(hyperWords({ ...hyper[0]!, clip: 1e-3 }, 1, 1)), run);
			bench.write(t.gradients, gradients);
			bench.write(t.partials, partials);
			await bench.run(optimizer(t));
			const [actual] = await bench.read(t.gradients);
			for (const [run, tensors] of expected.entries())
				tensors.forEach((values, i) => {
					expectClose(whole.slice(actual!, i, run), values, FORWARD, `run ${run}'s ${trained[i]!.name}`);
				});
		}));
});

test("the segment table covers every entry of every run once, run after run, in pieces of at most 4,096", () => {
	const tensor = (name: string, shape: number[], first: number): Tensor => ({
		...{ name, buffer: undefined!, offset: first * 4, shape },
		runStride: paddedEntries(entriesPerRun(shape)),
	});
	const long = tensor("long", [2, 5000], 128);
	const small = tensor("small", [2, 3, 4], 0);
	const partial = tensor("small", [2, 5, 3, 4], 64);
	const words = segmentTable(
		[
			{ tensor: small, partial, decay: true },
			{ tensor: long, decay: false },
		],
		2,
	);
	expect(Array.from({ length: words.length / 8 }, (_, i) => Array.from(words.subarray(8 * i, 8 * i + 8)))).toEqual([
		[0, 12, 0, 1, 64, 12, 5, 0],
		[128, 4096, 0, 0, 0, 5000, 0, 0],
		[128 + 4096, 904, 0, 0, 4096, 5000, 0, 0],
		[64, 12, 1, 1, 64 + 64, 12, 5, 0],
		[128 + 5056, 4096, 1, 0, 0, 5000, 0, 0],
		[128 + 5056 + 4096, 904, 1, 0, 4096, 5000, 0, 0],
	]);
});

test("a run's words: rate, betas, epsilon, decay, clip, and both corrections by the power of the step", () => {
	const words = hyperWords({ ...hyper[0]!, beta1: 0.5, beta2: 0.75 }, 0.25, 2);
	expect(words).toEqual([0.25, 0.5, 0.75, 1e-8, 0.1, 1, 0.75, 0.4375]);
});
