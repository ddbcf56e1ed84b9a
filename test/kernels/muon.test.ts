import { describe, expect, test } from "vitest";
import type { HiddenMatrix } from "../../src/architecture/orthogonal.ts";
import { createOrthogonalization, orthogonalize } from "../../src/kernels/muon.ts";
import { hyperArray, hyperEntries, hyperValues } from "../../src/kernels/optimizer-structs.ts";
import { randomArray } from "../reference/compare.ts";
import { muon, newtonSchulz } from "../reference/optimizer.ts";
import { type Bench, FORWARD, withBench } from "./helpers.ts";

const beta1 = 0.9;
const settings = { beta1, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, clip: 1 };
const scale = 0.5;

/** Matrices [rows, Σ maps] with the columns of the maps that they hold. */
type Held = { rows: number; maps: number[] };

const within: Held[] = [
	{ rows: 8, maps: [8, 8, 8] },
	{ rows: 5, maps: [7] },
	{ rows: 7, maps: [5, 1] },
	{ rows: 32, maps: [32, 128] },
	{ rows: 131, maps: [30] },
	{ rows: 1, maps: [9] },
];
const large: Held[] = [...within.slice(0, 3), { rows: 33, maps: [33, 40, 9] }, { rows: 150, maps: [70] }];

/** The tensors of `held` for `runs` runs, and the dispatches of one step; the runs in `frozen` are frozen. */
function setUp(bench: Bench, held: Held[], runs: number, frozen: number[] = [], scaleOf = 1) {
	const shapes = held.map(({ rows, maps }) => [rows, maps.reduce((a, b) => a + b)]);
	const sizes = shapes.map(([rows, columns]) => Math.ceil((rows! * columns!) / 64) * 64);
	const total = sizes.reduce((a, b) => a + b, 0);
	const first = (i: number) => runs * sizes.slice(0, i).reduce((a, b) => a + b, 0);
	const whole = (name: string, scale: number) =>
		bench.given(name, [1, runs * total], () => randomArray(runs * total, name.charCodeAt(0), scale));
	const [gradients, m] = [whole("gradients", scaleOf), whole("m", scaleOf)];
	const v = whole("v", 1);
	const parameters = new Map(
		shapes.map((shape, i) => [
			`${i}`,
			{ ...v.tensor, name: `${i}`, offset: 4 * first(i), shape: [runs, ...shape], runStride: sizes[i]! },
		]),
	);
	const matrices: HiddenMatrix[] = held.flatMap(({ rows, maps }, i) =>
		maps.map((columns, j) => ({
			...{ name: `${i}`, rows, columns },
			firstColumn: maps.slice(0, j).reduce((a, b) => a + b, 0),
		})),
	);
	const hyper = bench.output("hyper", [runs, hyperEntries()]);
	for (let run = 0; run < runs; run++) {
		const array = hyperArray(1);
		array.set(0, { ...hyperValues(settings, 0.1, 1), scale, frozen: frozen.includes(run) ? 3 : 0 });
		bench.write(hyper, array.f32, run);
	}
	const t = { gradients: gradients.tensor, hyper, m: m.tensor, v: v.tensor };
	const orthogonal = createOrthogonalization(bench.memory, matrices, parameters, runs);
	/** What the reference makes of m and v: everything that is no entry of an unfrozen run stays. */
	const expected = () => {
		const [newM, newV] = [m.values[0]!.slice(), v.values[0]!.slice()];
		for (const [i, { rows, maps }] of held.entries())
			for (let run = 0; run < runs; run++) {
				if (frozen.includes(run)) continue;
				const begin = first(i) + run * sizes[i]!;
				const slice = (values: Float64Array) => values.subarray(begin, begin + shapes[i]![0]! * shapes[i]![1]!);
				const clipped = slice(gradients.values[0]!).map((g) => g * scale);
				const none = { ...settings, learningRate: 0 };
				muon(new Float64Array(clipped.length), clipped, slice(newM), slice(newV), { rows, maps }, none);
			}
		return { m: newM, v: newV };
	};
	return { t, specs: orthogonalize(orthogonal, t, runs), expected };
}

describe.each([1, 3])("%s runs", (runs) => {
	test.each([
		["in one dispatch", within, 1],
		["in dispatches of their own", large, 17],
	] as const)("matrices of several shapes %s, after several steps", (_, held, dispatches) =>
		withBench(async (bench) => {
			const { t, specs, expected } = setUp(bench, held, runs);
			expect(specs.length).toBe(dispatches);
			await bench.run(specs);
			const { m, v } = expected();
			await bench.expect(t.m, () => m, FORWARD);
			await bench.expect(t.v, () => v, FORWARD);
		}),
	);
});

test.each([within, large])("a run's bits do not depend on the others, and nothing of a frozen run changes", (...held) =>
	withBench(async (bench) => {
		const well = setUp(bench, held, 3);
		await bench.run(well.specs);
		const ill = setUp(bench, held, 3, [1]);
		await bench.run(ill.specs);
		const { m, v } = ill.expected();
		const before = setUp(bench, held, 3, [0, 1, 2]).expected();
		for (const [name, values] of Object.entries({ m, v }) as ["m" | "v", Float64Array][]) {
			const [a, b] = [(await bench.read(well.t[name]))[0]!, (await bench.read(ill.t[name]))[0]!];
			for (let i = 0; i < values.length; i++)
				if (values[i] === before[name][i]) expect(b[i]).toBe(values[i]);
				else expect(b[i]).toBe(a[i]);
		}
	}),
);

test.each([within, large])("the same bits in pieces as whole", (...held) =>
	withBench(async (bench) => {
		const results = async (most: number) => {
			const { t, specs } = setUp(bench, held, 3);
			const program = await bench.run(specs, most);
			const launches = program.describe().map(({ launches }) => launches);
			return { launches, bits: [await bench.read(t.m), await bench.read(t.v)] };
		};
		const [whole, cut] = [await results(Number.POSITIVE_INFINITY), await results(20_000)];
		expect(Math.max(...whole.launches)).toBe(1);
		expect(Math.min(...cut.launches)).toBeGreaterThan(2);
		expect(cut.bits).toEqual(whole.bits);
	}),
);

test.each([within, large])("gradients of any size give the same directions, and zeros give zeros", (...held) =>
	withBench(async (bench) => {
		for (const size of [1e-4, 1e6]) {
			const { t, specs, expected } = setUp(bench, held, 1, [], size);
			await bench.run(specs);
			await bench.expect(t.v, () => expected().v, FORWARD);
		}
		const { t, specs, expected } = setUp(bench, held, 1, [], 0);
		await bench.run(specs);
		await bench.expect(t.v, () => expected().v, FORWARD);
	}),
);

test("singular values end up near 1", () => {
	const x = newtonSchulz(randomArray(12 * 30, 4), 12, 30);
	const squares = x.reduce((sum, value) => sum + value * value, 0);
	expect(Math.abs(squares / 12 - 0.8)).toBeLessThan(0.4);
});
