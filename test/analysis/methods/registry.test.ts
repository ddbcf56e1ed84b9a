import { expect, test } from "vitest";
import { fitPoints, readingsOf } from "../../../src/analysis/fit-points.ts";
import { METHOD_IDS, METHODS } from "../../../src/analysis/methods/registry.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { preparePoints } from "../../../src/analysis/points/prepare-points.ts";
import { lossAt } from "../../../src/theory/loss-law.ts";

const LAW = { E: 1.8, A: 480, B: 2100, alpha: 0.347, beta: 0.367 };

/** Six budgets with seven sizes each, without noise; half of the tokens are distinct. */
const points: Point[] = Array.from({ length: 42 }, (_, i) => {
	const flops = 1e18 * 2 ** Math.floor(i / 7);
	const parameters = Math.sqrt(flops / 120) * 1.5 ** ((i % 7) - 3);
	const tokens = flops / 6 / parameters;
	const loss = lossAt(LAW, parameters, tokens);
	return { run: `${i}`, parameters, tokens, flops, loss, uniqueTokens: tokens / 2 };
});
const options = {
	...({ loss: "huber", delta: 1e-3, resamples: 20, seed: 42, interval: 0.9, noise: 0.002 } as const),
	...{ vocabulary: 32_000, at: [] },
};
const prepared = preparePoints(points);
const all = fitPoints(prepared, { ...options, methods: METHOD_IDS });

test("ids and titles of readings are distinct", () => {
	expect(new Set(METHOD_IDS).size).toBe(METHODS.length);
	const titles = readingsOf(all, options).map(({ title }) => title);
	expect(new Set(titles).size).toBe(titles.length);
});

test.each(METHOD_IDS)("method %s alone gives the same as with the others, and only that", (id) => {
	const alone = fitPoints(prepared, { ...options, methods: [id] });
	const { points: _, notes: __, ...reports } = alone;
	expect(Object.keys(reports).length).toBeGreaterThan(0);
	expect(all).toMatchObject(reports);
	expect(readingsOf(alone, options)).toEqual(METHODS.find((method) => method.id === id)!.readings(all, options));
});

test("a reading's series are finite columns of equal length; optima and residuals are those of the fits", () => {
	for (const { title, series, allocation, law } of readingsOf(all, options)) {
		for (const { x, y } of series) {
			expect(x.values.length, title).toBe(y.values.length);
			expect([...x.values, ...y.values].every(Number.isFinite), title).toBe(true);
		}
		if (law === null) expect(series[0]!.y.values, title).toEqual(allocation.points.map(({ y }) => y));
	}
	const [residuals] = readingsOf(all, options).find(({ title }) => title === "Method 3")!.series;
	expect(residuals!.y.values).toHaveLength(42);
	expect(Math.max(...residuals!.y.values.map(Math.abs))).toBeLessThan(1e-6);
});
