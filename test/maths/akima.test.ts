import { describe, expect, test } from "vitest";
import { akima, akimaMinimum } from "../../src/maths/akima.ts";

describe("Akima's curve", () => {
	test("has the slopes of a line and, where points are even, of a parabola", () => {
		const line = akima([0, 1, 3, 4, 9], [1, 3, 7, 9, 19]);
		for (const slope of line.slope) expect(slope).toBeCloseTo(2, 12);
		const x = [-3, -2, -1, 0, 1, 2, 3];
		akima(
			x,
			x.map((value) => value * value),
		).slope.forEach((slope, i) => {
			expect(slope).toBeCloseTo(2 * x[i]!, 12);
		});
	});

	test("takes a point's slope from the two chords on either side, each weighted by the change of the others", () => {
		// Chords 1, 2, 5, 4: at the middle |4 − 5| · 2 and |2 − 1| · 5, halved.
		expect(akima([0, 1, 2, 3, 4], [0, 1, 3, 8, 12]).slope[2]).toBeCloseTo((1 * 2 + 1 * 5) / 2, 12);
		// Chords 0, 0, 1, 3: the two of no change win, so that a level stretch stays level.
		expect(akima([0, 1, 2, 3, 4], [0, 0, 0, 1, 4]).slope[2]).toBe(0);
		// A bend between two straight stretches: the mean of both.
		expect(akima([0, 1, 2, 3, 4], [2, 1, 0, 1, 2]).slope[2]).toBe(0);
	});

	test("one bad point moves it only nearby, where it bends a parabola everywhere", () => {
		const x = Array.from({ length: 13 }, (_, i) => i);
		const y = x.map((value) => (value - 6.3) ** 2);
		const moved = akima(
			x,
			y.map((value, i) => (i === 0 ? value + 20 : value)),
		);
		expect([...moved.slope].slice(4)).toEqual([...akima(x, y).slope].slice(4));
	});
});

test("the lowest place on an even grid", () => {
	const x = [-3, -2, -1, 0, 1, 2, 3];
	const curve = akima(
		x,
		x.map((value) => (value - 0.4) ** 2 + 1),
	);
	const { x: at, y, step } = akimaMinimum(curve, 601);
	expect(at).toBeCloseTo(0.4, 9);
	expect(y).toBeCloseTo(1, 9);
	expect(step).toBe(340);
	const falling = akima(
		x,
		x.map((value) => -value),
	);
	expect(akimaMinimum(falling, 601)).toEqual({ x: 3, y: -3, step: 600 });
});
