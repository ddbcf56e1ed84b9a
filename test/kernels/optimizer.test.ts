import { describe, expect, test } from "vitest";
import { namesOf } from "../../src/architecture/choices.ts";
import { ShaderError } from "../../src/gpu/shader.ts";
import { entriesPerRun, paddedEntries, type Tensor, tensorBytes } from "../../src/gpu/tensor.ts";
import { createOrthogonalization } from "../../src/kernels/muon.ts";
import { firstNorm, optimizer, squaresShape } from "../../src/kernels/optimizer.ts";
import {
	hyperArray,
	hyperEntries,
	hyperValues,
	metricsEntries,
	readMetrics,
	segmentEntries,
	segmentTable,
} from "../../src/kernels/optimizer-structs.ts";
import { randomKey } from "../../src/maths/random.ts";
import { DECAYS, type Decay, type Moment, momentsOf, OPTIMIZERS, type OptimizerKind } from "../../src/run/choices.ts";
import { expectClose, randomArray } from "../reference/compare.ts";
import * as ops from "../reference/ops.ts";
import { type Bench, FORWARD, SENTINEL, sumRanges, withBench } from "./helpers.ts";

/** A trained tensor; `maps` are the columns of the linear maps that Muon orthogonalizes. */
interface Shaped {
	name: string;
	shape: number[];
	ranges: number;
	decay: boolean;
	rate?: number;
	maps?: number[];
}

/** Longer and shorter than a segment; gradients in several ranges, in one, and written whole (0). */
const large: readonly Shaped[] = [
	{ name: "wte", shape: [91, 55], ranges: 0, decay: true },
	{ name: "w", shape: [5, 7], ranges: 3, decay: true, rate: 0.25, maps: [7] },
	{ name: "bias", shape: [7], ranges: 3, decay: false },
	{ name: "long", shape: [8201], ranges: 2, decay: false },
	{ name: "aligned", shape: [64, 64], ranges: 1, decay: true, maps: [40, 24] },
];

/** The same, small enough for one workgroup per run: six segments, of which it takes four at a time. */
const small: readonly Shaped[] = [
	{ name: "wte", shape: [13, 7], ranges: 0, decay: true },
	{ name: "w", shape: [5, 7], ranges: 3, decay: true, rate: 0.25, maps: [7] },
	{ name: "bias", shape: [7], ranges: 3, decay: false },
	{ name: "long", shape: [4129], ranges: 2, decay: false },
	{ name: "aligned", shape: [32, 32], ranges: 1, decay: true, maps: [20, 12] },
];

const models = [
	["a small model", small],
	["a larger one", large],
] as const;

/** Decay, clipping and neither, by turns. */
const hyper: Hyper[] = [
	{ learningRate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, clip: 1 },
	{ learningRate: 0.003, beta1: 0.8, beta2: 0.999, epsilon: 1e-3, weightDecay: 0, clip: 1e6 },
	{ learningRate: 0.1, beta1: 0.95, beta2: 0.9, epsilon: 1e-8, weightDecay: 0.5, clip: 30 },
];

interface Hyper {
	learningRate: number;
	beta1: number;
	beta2: number;
	epsilon: number;
	weightDecay: number;
	clip: number;
}

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

/** Writes one run's hyper-parameters. */
function writeHyper(bench: Bench, hyper: Tensor, run: number, values: Record<string, number>): void {
	const array = hyperArray(1);
	array.set(0, values);
	bench.write(hyper, array.f32, run);
}

/** Everything the optimizer touches, for `runs` runs, all parameters and moments as given. */
function setUp(bench: Bench, trained: readonly Shaped[], runs: number, kind: OptimizerKind = "adamw") {
	const whole = layout(trained.map(({ shape }) => [runs, ...shape]));
	const ranged = layout(trained.map(({ shape, ranges }) => [runs, ranges, ...shape]));
	const buffer = (name: string, size: number, value: number) =>
		bench.given(name, [1, size], () => new Float32Array(size).fill(value)).tensor;
	const place = (from: ReturnType<typeof layout>, i: number): Tensor => {
		const { first, shape, stride } = from.tensors[i]!;
		return { name: trained[i]!.name, buffer: undefined!, offset: first * 4, shape, runStride: stride };
	};
	const { orthogonal } = OPTIMIZERS[kind];
	const table = segmentTable(
		trained.map(({ ranges, decay, rate, maps }, i) => ({
			...{ tensor: place(whole, i), decay, ...(rate && { rate }), orthogonal: orthogonal && maps !== undefined },
			...(ranges > 0 && { partial: place(ranged, i) }),
		})),
		runs,
	);
	const tensors = new Map(trained.map(({ name }, i) => [name, place(whole, i)] as const));
	const segments = bench.integers("segments", [1, table.length / segmentEntries(), segmentEntries()], [table]);
	return {
		whole,
		ranged,
		t: {
			segments,
			partials: buffer("partials", ranged.size, SENTINEL),
			gradients: buffer("gradients", whole.size, SENTINEL),
			squares: bench.output("squares", squaresShape(segments)),
			hyper: bench.output("hyper", [runs, hyperEntries()]),
			metrics: bench.output("metrics", [runs, metricsEntries()]),
			frozen: bench.given("frozen", [1, runs], () => new Float32Array(runs)).tensor,
			parameters: buffer("parameters", whole.size, SENTINEL),
			moments: { m: buffer("m", whole.size, SENTINEL), v: buffer("v", whole.size, SENTINEL) },
			averages: buffer("averages", whole.size, SENTINEL),
			...(orthogonal && { orthogonal: createOrthogonalization(bench.memory, matricesOf(trained), tensors, runs) }),
		},
	};
}

/** The matrices that Muon orthogonalizes. */
const matricesOf = (trained: readonly Shaped[]) =>
	trained.flatMap(({ name, shape, maps = [] }) =>
		maps.map((columns, i) => ({
			...{ name, rows: shape[0]!, columns },
			firstColumn: maps.slice(0, i).reduce((a, b) => a + b, 0),
		})),
	);

type Update = (
	p: Float64Array,
	gradient: Float64Array,
	moments: Record<Moment, Float64Array>,
	step: number,
	settings: ops.AdamWSettings,
	tensor: Shaped,
) => void;

/** Each optimizer in float64. */
const references: Record<OptimizerKind, Update> = {
	adamw: (p, gradient, { m, v }, step, settings) => ops.adamw(p, gradient, m, v, step, settings),
	sgd: (p, gradient, { m }, _, settings) => ops.sgd(p, gradient, m, settings),
	lion: (p, gradient, { m }, _, settings) => ops.lion(p, gradient, m, settings),
	muon: (p, gradient, { m, v }, step, settings, { shape, maps }) =>
		maps
			? ops.muon(p, gradient, m, v, { rows: shape[0]!, maps }, settings)
			: ops.adamw(p, gradient, m, v, step, settings),
};

describe.each(models.flatMap(([name, trained]) => [1, 3].map((runs) => ({ name, trained, runs }))))(
	"$name, $runs runs",
	({ trained, runs }) => {
		test.each(namesOf(OPTIMIZERS).flatMap((kind) => DECAYS.map((decay) => [kind, decay] as const)))(
			"five steps of %s, %s decay: partial sums, norm, clipping, rates of tensors, average, ratio, and nothing between",
			(kind, decay) =>
				withBench(async (bench) => {
					const { whole, ranged, t } = setUp(bench, trained, runs, kind);
					const start = whole.values.slice();
					const moments = whole.values.slice();
					const expected = Array.from({ length: runs }, (_, run) =>
						trained.map(({ name }, i) => {
							const slice = whole.slice(start, i, run);
							slice.set(randomArray(slice.length, randomKey(8, name, run)));
							whole.slice(moments, i, run).fill(0);
							const [p, averages] = [Float64Array.from(slice), Float64Array.from(slice)];
							return { p, averages, m: new Float64Array(p.length), v: new Float64Array(p.length) };
						}),
					);
					bench.write(t.parameters, start);
					bench.write(t.averages, start);
					for (const moment of Object.values(t.moments)) bench.write(moment, moments);
					for (let step = 1; step <= 5; step++) {
						const gradients = whole.values.slice();
						const partials = ranged.values.slice();
						const norms: number[] = [];
						const ratios: number[] = [];
						for (let run = 0; run < runs; run++) {
							const settings = hyper[(run + (runs === 1 ? 0 : step)) % hyper.length]!;
							const share = 1 / step;
							const rate = settings.learningRate * share;
							const average = 0.5 + 0.1 * run;
							writeHyper(bench, t.hyper, run, hyperValues({ ...settings, decay }, rate, step, { share, average }));
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
							let [changes, weights] = [0, 0];
							grads.forEach((grad, i) => {
								const { p, m, v, averages } = expected[run]![i]!;
								const learningRate = rate * (trained[i]!.rate ?? 1);
								const weightDecay = trained[i]!.decay ? settings.weightDecay : 0;
								const shrink = decay === "coupled" ? learningRate * weightDecay : share * weightDecay;
								const clipped = grad.map((g) => g * scale);
								const before = p.slice();
								const all = { ...settings, learningRate, weightDecay, shrink };
								references[kind](p, clipped, { m, v }, step, all, trained[i]!);
								for (let j = 0; j < p.length; j++) {
									averages[j] = average * averages[j]! + (1 - average) * p[j]!;
									changes += (p[j]! - before[j]!) ** 2;
									weights += before[j]! ** 2;
								}
							});
							ratios.push(Math.sqrt(changes / weights));
						}
						bench.write(t.gradients, gradients);
						bench.write(t.partials, partials);
						await bench.run(optimizer(t, kind));
						const metrics = await bench.read(t.metrics);
						for (const [run, { loss, norm, frozen, ratio }] of metrics.map((ofRun) => readMetrics(ofRun)).entries()) {
							expect([loss, frozen]).toEqual([SENTINEL, 0]);
							expect(Math.abs(norm / norms[run]! - 1)).toBeLessThan(FORWARD);
							expect(Math.abs(ratio / ratios[run]! - 1)).toBeLessThan(FORWARD);
						}
					}
					const groups: Record<"parameters" | "averages" | Moment, Tensor> = { ...t, ...t.moments };
					for (const group of ["parameters", "averages", ...momentsOf(kind)] as const) {
						const [actual] = await bench.read(groups[group]);
						for (const [run, tensors] of expected.entries())
							tensors.forEach((values, i) => {
								const slice = whole.slice(actual!, i, run);
								const of = values[group === "parameters" ? "p" : group];
								expectClose(slice, of, FORWARD, `run ${run}'s ${group} of ${trained[i]!.name}`);
								slice.fill(SENTINEL);
							});
						expect(actual!.every((value) => value === SENTINEL)).toBe(true);
					}
				}),
		);

		test("the gradient that is left is the whole one, before clipping", () =>
			withBench(async (bench) => {
				const { whole, ranged, t } = setUp(bench, trained, runs);
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
					writeHyper(bench, t.hyper, run, hyperValues({ ...hyper[0]!, clip: 1e-3 }, 1, 1));
				bench.write(t.gradients, gradients);
				bench.write(t.partials, partials);
				await bench.run(optimizer(t));
				const [actual] = await bench.read(t.gradients);
				for (const [run, tensors] of expected.entries())
					tensors.forEach((values, i) => {
						expectClose(whole.slice(actual!, i, run), values, FORWARD, `run ${run}'s ${trained[i]!.name}`);
					});
			}));
	},
);

/** A step of three runs in pieces of at most `most` FLOP: the bits of all that it writes, and its launches. */
async function stepInPieces(bench: Bench, trained: readonly Shaped[], kind: OptimizerKind, most: number) {
	const { whole, ranged, t } = setUp(bench, trained, 3, kind);
	const states = { parameters: t.parameters, ...t.moments, averages: t.averages };
	for (const [name, tensor] of Object.entries(states))
		bench.write(tensor, Float32Array.from(randomArray(whole.size, randomKey(14, name)), Math.abs));
	bench.write(t.gradients, Float32Array.from(randomArray(whole.size, randomKey(15))));
	bench.write(t.partials, Float32Array.from(randomArray(ranged.size, randomKey(16))));
	for (let run = 0; run < 3; run++) {
		writeHyper(bench, t.hyper, run, hyperValues(hyper[run]!, 0.1, 3, { average: 0.5 }));
		bench.write(t.metrics, new Float32Array(metricsEntries()), run);
	}
	const program = await bench.run(optimizer(t, kind), most);
	const written = [...Object.values(states), t.gradients, t.metrics];
	const bits = await Promise.all(written.map(async (tensor) => (await bench.read(tensor)).map(bitsOf)));
	const launches = program.describe().map(({ launches }) => launches);
	return { bits, launches, costs: program.launchCosts };
}

test.each(["adamw", "muon"] as const)("%s gives the same bits in pieces as whole, in a pack", (kind) =>
	withBench(async (bench) => {
		const whole = await stepInPieces(bench, large, kind, Number.POSITIVE_INFINITY);
		const cut = await stepInPieces(bench, large, kind, 1e6);
		expect(new Set(whole.launches)).toEqual(new Set([1]));
		const [reduce, norm, ...rest] = cut.launches;
		const [update, finish, average] = rest.splice(-3);
		expect([reduce, update, average]).toEqual(Array(3).fill(expect.toSatisfy(isSeveral)));
		expect([norm, finish]).toEqual([1, 1]);
		expect(rest.length).toBe(kind === "muon" ? 17 : 0);
		expect(Math.max(...cut.costs)).toBeGreaterThan(0);
		expect(Math.max(...cut.costs)).toBeLessThanOrEqual(1e6);
		expect(cut.bits).toEqual(whole.bits);
	}),
);

test.each(["adamw", "muon"] as const)("%s of small runs: two dispatches, cut into runs with the same bits", (kind) =>
	withBench(async (bench) => {
		const whole = await stepInPieces(bench, small, kind, Number.POSITIVE_INFINITY);
		const cut = await stepInPieces(bench, small, kind, 4e5);
		const [reduce, ...rest] = cut.launches;
		const [update, average] = rest.splice(-2);
		expect([reduce, update, average]).toEqual([3, 3, expect.toSatisfy(isSeveral)]);
		expect(rest.length).toBe(kind === "muon" ? 1 : 0);
		expect(whole.launches).toEqual(cut.launches.map(() => 1));
		expect(cut.bits).toEqual(whole.bits);
	}),
);

const isSeveral = (count: number) => count > 2;

/** As a text, which is compared much faster. */
const bitsOf = (values: Float32Array) => Buffer.from(values.slice().buffer).toString("base64");

const drawn = new Map<string, Float64Array>();

/** The same normal numbers for the same key and length, drawn once. */
function numbers(length: number, key: number): Float64Array {
	const values = drawn.get(`${key} ${length}`) ?? randomArray(length, key);
	drawn.set(`${key} ${length}`, values);
	return values;
}

const inFull = { share: 1, average: 0.5, lossLimit: 10, gradientLimit: 1000 };

describe.each(models)("%s", (_, trained) => {
	test.each<[string, number, number, OptimizerKind?]>([
		["a loss that is NaN", Number.NaN, 0.5],
		["an infinite loss", Number.POSITIVE_INFINITY, 0.5],
		["a loss at its limit", 10, 0.5],
		["a negative infinite loss", Number.NEGATIVE_INFINITY, 0.5],
		["a gradient that is NaN", 3, Number.NaN],
		["an infinite gradient", 3, Number.NEGATIVE_INFINITY],
		["a gradient whose square overflows", 3, 1e30],
		["a gradient beyond its limit", 3, 50],
		["under Muon, a loss that is NaN", Number.NaN, 0.5, "muon"],
		["under Muon, a gradient that is NaN", 3, Number.NaN, "muon"],
	])("%s freezes that run from that step on, and changes no bit of the others", (_, loss, gradient, kind = "adamw") =>
		withBench(async (bench) => {
			/** Two steps of three runs, the middle one ill in the first; the bits of everything after each. */
			const steps = async (ill: boolean) => {
				const { whole, t } = setUp(bench, trained, 3, kind);
				const states = { parameters: t.parameters, ...t.moments, averages: t.averages };
				for (const [name, tensor] of Object.entries(states)) {
					const values = whole.values.slice();
					for (let run = 0; run < 3; run++)
						for (const i of trained.keys()) {
							const slice = whole.slice(values, i, run);
							slice.set(numbers(slice.length, randomKey(11, name, run, i)).map(Math.abs));
						}
					bench.write(tensor, values);
				}
				const after: { metrics: Float32Array[]; bits: string[] }[] = [];
				const bitsNow = async () =>
					Promise.all(
						Object.values(states).map(async (tensor) => {
							const [values] = await bench.read(tensor);
							return [0, 1, 2].map((run) => {
								const parts = [...trained.keys()].map((i) => whole.slice(values!, i, run));
								return parts.map(bitsOf).join();
							});
						}),
					).then((groups) => groups.flat());
				const before = await bitsNow();
				for (let step = 7; step <= 8; step++) {
					const gradients = whole.values.slice();
					const bad = ill && step === 7;
					for (let run = 0; run < 3; run++) {
						writeHyper(bench, t.hyper, run, hyperValues(hyper[run]!, 0.1, step, inFull));
						for (const i of trained.keys()) {
							const slice = whole.slice(gradients, i, run);
							slice.set(numbers(slice.length, randomKey(12, run, i, step)));
							if (bad && run === 1) slice.fill(gradient, slice.length - 1);
							if (bad && run === 1 && gradient === 50) slice.fill(gradient);
						}
						bench.write(t.metrics, new Float32Array(metricsEntries()).fill(bad && run === 1 ? loss : 3), run);
					}
					bench.write(t.gradients, gradients);
					const table = new Uint32Array((await bench.read(t.segments))[0]!.slice().buffer);
					for (let i = 6; i < table.length; i += segmentEntries()) table[i] = 0;
					bench.write(t.segments, table);
					await bench.run(optimizer(t, kind));
					after.push({ metrics: await bench.read(t.metrics), bits: await bitsNow() });
				}
				return { before, after };
			};
			const well = await steps(false);
			const { before, after } = await steps(true);
			for (const [step, { metrics, bits }] of after.entries()) {
				expect(metrics.map((ofRun) => readMetrics(ofRun).frozen)).toEqual([0, 7, 0]);
				expect(readMetrics(metrics[1]!).ratio).toBe(0);
				bits.forEach((ofGroup, i) => {
					expect(ofGroup === (i % 3 === 1 ? before[i] : well.after[step]!.bits[i]), `group and run ${i}`).toBe(true);
				});
				expect(well.after[step]!.bits[1] === before[1]).toBe(false);
			}
		}),
	);
});

test.each([
	[1, large],
	[3, large],
	[3, small],
] as const)("the norm of what the first micro-batch left, for each of %s runs", (runs, trained) =>
	withBench(async (bench) => {
		const { whole, ranged, t } = setUp(bench, trained, runs);
		const gradients = whole.values.slice();
		const partials = ranged.values.slice();
		const expected = Array.from({ length: runs }, (_, run) =>
			ops.gradientNorm(
				trained.map(({ name, ranges }, i) => {
					const slice = ranges ? ranged.slice(partials, i, run) : whole.slice(gradients, i, run);
					slice.set(randomArray(slice.length, randomKey(13, name, run)));
					return sumRanges(slice, ranges || 1);
				}),
			),
		);
		bench.write(t.gradients, gradients);
		bench.write(t.partials, partials);
		await bench.run(firstNorm(t));
		const metrics = await bench.read(t.metrics);
		for (const [run, { loss, norm, first_norm }] of metrics.map((ofRun) => readMetrics(ofRun)).entries()) {
			expect([loss, norm]).toEqual([SENTINEL, SENTINEL]);
			expect(Math.abs(first_norm / expected[run]! - 1)).toBeLessThan(FORWARD);
		}
	}),
);

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
			{ tensor: small, partial, decay: true, rate: 0.5, orthogonal: true },
			{ tensor: long, decay: false },
		],
		2,
	);
	// The bits of the rates' factors.
	const [one, half] = [0x3f800000, 0x3f000000];
	expect(Array.from({ length: words.length / 9 }, (_, i) => Array.from(words.subarray(9 * i, 9 * i + 9)))).toEqual([
		[0, 12, 0, 1, 64, 12, 5, half, 1],
		[128, 4096, 0, 0, 0, 5000, 0, one, 0],
		[128 + 4096, 904, 0, 0, 4096, 5000, 0, one, 0],
		[64, 12, 1, 1, 64 + 64, 12, 5, half, 1],
		[128 + 5056, 4096, 1, 0, 0, 5000, 0, one, 0],
		[128 + 5056 + 4096, 904, 1, 0, 4096, 5000, 0, one, 0],
	]);
});

test("a run's hyper-parameters: the decay of either kind, and both corrections by the power of the step", () => {
	const settings = { ...hyper[0]!, beta1: 0.5, beta2: 0.75 };
	const values = (decay: Decay) => hyperValues({ ...settings, decay }, 0.25, 2, { ...inFull, share: 0.5 });
	expect(values("coupled")).toEqual({
		...{ step: 2, rate: 0.25, beta1: 0.5, beta2: 0.75, epsilon: 1e-8, decay: 0.1, fixed_decay: 0, clip: 1 },
		...{ correction1: 0.75, correction2: 0.4375, average: 0.5, loss_limit: 10, gradient_limit: 1000 },
		...{ scale: 0, frozen: 0 },
	});
	expect(values("independent")).toMatchObject({ decay: 0, fixed_decay: 0.05, clip: 1 });
});

test("hyper-parameters fill the shader's struct by name: one that is missing or unknown is refused", () => {
	const values = hyperValues(hyper[0]!, 0.25, 2, inFull);
	const array = hyperArray(2);
	array.set(1, values);
	expect(array.f32.length).toBe(2 * hyperEntries());
	expect(array.f32.subarray(0, hyperEntries()).every((value) => value === 0)).toBe(true);
	expect(array.f32[hyperEntries() + 1]).toBe(0.25);
	const { clip: _, ...without } = values;
	expect(() => array.set(0, without)).toThrow(new ShaderError("optimizer.wgsl: Hyper.clip not given"));
	expect(() => array.set(0, { ...values, momentum: 1 })).toThrow(
		new ShaderError("optimizer.wgsl: Hyper has no member momentum"),
	);
});

test("the loss is the first of a run's metrics, where the head adds to it", () => {
	const entries = Float32Array.from({ length: 2 * metricsEntries() }, (_, i) => i);
	expect(readMetrics(entries, metricsEntries()).loss).toBe(metricsEntries());
});

test.each(namesOf(OPTIMIZERS))("%s names a moment that it is not given", (kind) =>
	withBench(async (bench) => {
		const { t } = setUp(bench, small, 1, kind);
		const [first] = momentsOf(kind);
		const others: Partial<Record<Moment, Tensor>> = { ...t.moments };
		delete others[first!];
		expect(() => optimizer({ ...t, moments: others }, kind)).toThrow(`moment ${first} is missing`);
	}),
);

test("Muon must be told what to orthogonalize", () =>
	withBench(async (bench) => {
		const { t } = setUp(bench, small, 1);
		expect(() => optimizer(t, "muon")).toThrow("optimizer: muon orthogonalizes, but is not told which matrices");
	}));
