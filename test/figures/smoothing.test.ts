import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Point } from "../../src/figures/figure.ts";
import { smooth, thin } from "../../src/figures/smoothing.ts";

describe("smooth", () => {
	it("weighs a point 1 − 1/count of the one after it", () => {
		const points = smooth(
			[
				[1, 4],
				[2, 8],
				[3, 0],
			],
			2,
		);
		expect(points[0]).toEqual([1, 4]);
		expect(points[1]![1]).toBeCloseTo((8 + 4 / 2) / (1 + 1 / 2), 12);
		expect(points[2]![1]).toBeCloseTo((0 + 8 / 2 + 4 / 4) / (1 + 1 / 2 + 1 / 4), 12);
	});

	it("leaves a constant as it is, stays among the values and keeps x", () => {
		const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 50 });
		fc.assert(
			fc.property(values, fc.integer({ min: 2, max: 100 }), (ys, count) => {
				const smoothed = smooth(
					ys.map((y, i): Point => [i, y]),
					count,
				);
				expect(smoothed.map(([x]) => x)).toEqual(ys.map((_, i) => i));
				for (const [, y] of smoothed) {
					expect(y).toBeGreaterThanOrEqual(Math.min(...ys) - 1e-9);
					expect(y).toBeLessThanOrEqual(Math.max(...ys) + 1e-9);
				}
				for (const [, y] of smooth(
					ys.map((_, i): Point => [i, 7]),
					count,
				))
					expect(y).toBeCloseTo(7, 9);
			}),
		);
	});

	it("lets a gap neither disappear nor spread", () => {
		const points = smooth(
			[
				[1, 4],
				[2, Number.NaN],
				[3, 4],
			],
			10,
		);
		expect(points[1]![1]).toBeNaN();
		expect(points[2]![1]).toBeCloseTo(4);
	});
});

describe("thin", () => {
	const none = () => false;

	it("keeps the ends and the mean, in at most the points asked for", () => {
		const points = Array.from({ length: 5000 }, (_, i): Point => {
			const seen = 512 * (i + 1);
			return [seen, 3 + 1000 / seen + (i % 2 === 0 ? 0.1 : -0.1)];
		});
		const thinned = thin(points, 100, { min: 512, max: 512 * 5001 }, "log", none);
		expect(thinned.length).toBeLessThanOrEqual(100);
		expect(thinned[0]![0]).toBe(512);
		expect(thinned.at(-1)![1]).toBeCloseTo(3, 1);
		for (let i = 1; i < thinned.length; i++) expect(thinned[i]![0]).toBeGreaterThan(thinned[i - 1]![0]);
	});

	it("takes the mean of each column", () => {
		const points: Point[] = [
			[0, 1],
			[1, 3],
			[5, 10],
		];
		expect(thin(points, 2, { min: 0, max: 8 }, "linear", none)).toEqual([
			[0.5, 2],
			[5, 10],
		]);
	});

	it("keeps gaps as gaps", () => {
		const points: Point[] = [
			[0, 5],
			[1, 4],
			[2, 6],
		];
		const thinned = thin(points, 1, { min: 1, max: 10 }, "log", ([x]) => x <= 0);
		expect(thinned).toEqual([
			[0, 5],
			[1.5, 5],
		]);
		expect(thin([], 10, { min: 1, max: 10 }, "log", none)).toEqual([]);
	});
});
