import { expect, test } from "vitest";
import { jackknife } from "../../../src/experiments/statistics/jackknife.ts";
import { mean } from "../../../src/maths/least-squares.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";

const average = (clusters: readonly number[]) => (clusters.length > 0 ? mean(clusters) : null);

test("the interval of a mean is Student's", () => {
	const { estimate, low, high } = jackknife([1, 2, 3, 4], average, 0.9)!;
	expect(estimate).toBe(2.5);
	// s/√n = 1.29099/2, t(3) = 2.35336
	expect(high).toBeCloseTo(2.5 + 2.35336 * 0.645497, 5);
	expect(low).toBeCloseTo(2.5 - 2.35336 * 0.645497, 5);
});

test("too few clusters, or clusters that are all needed, have no interval", () => {
	expect(jackknife([1, 2], average, 0.9)).toEqual({ estimate: 1.5, low: null, high: null });
	expect(jackknife([], average, 0.9)).toBeNull();
	const needsFour = (clusters: readonly number[]) => (clusters.length < 4 ? null : 1);
	expect(jackknife([1, 2, 3, 4], needsFour, 0.9)).toEqual({ estimate: 1, low: null, high: null });
});

test("a 90 % interval of a slope through clusters of dependent points holds it in about nine of ten cases", () => {
	let inside = 0;
	const cases = 400;
	for (let at = 0; at < cases; at++) {
		const key = randomKey(7, at);
		// Eight clusters of four points, each cluster moved as a whole.
		const clusters = Array.from({ length: 8 }, (_, c) =>
			[0, 1, 2, 3].map((i) => ({
				x: c / 4 + i,
				y: 1.2 * (c / 4 + i) + 0.1 * normal(key, c) + 0.02 * normal(key, 8 + 4 * c + i),
			})),
		);
		const slope = (some: readonly { x: number; y: number }[][]) => {
			const points = some.flat();
			const middle = mean(points.map(({ x }) => x));
			const spread = points.reduce((sum, { x }) => sum + (x - middle) ** 2, 0);
			return points.reduce((sum, { x, y }) => sum + (x - middle) * y, 0) / spread;
		};
		const { low, high } = jackknife(clusters, slope, 0.9)!;
		if (low! <= 1.2 && high! >= 1.2) inside++;
	}
	expect(inside / cases).toBeGreaterThan(0.85);
	expect(inside / cases).toBeLessThan(0.95);
});
