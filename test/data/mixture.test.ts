import fc from "fast-check";
import { expect, test } from "vitest";
import { partOfDraw } from "../../src/data/mixture.ts";

test("of every ten draws at 7 : 3, seven and three, each part counting its own", () => {
	const draws = Array.from({ length: 20 }, (_, draw) => partOfDraw(draw, [0.7, 0.3]));
	for (const first of [0, 10]) expect(draws.slice(first, first + 10).filter(({ part }) => part === 0)).toHaveLength(7);
	for (const part of [0, 1]) {
		const indices = draws.filter((draw) => draw.part === part).map(({ index }) => index);
		expect(indices).toEqual(indices.map((_, i) => i));
	}
});

test("one part takes every draw", () => {
	expect(partOfDraw(12345, [2])).toEqual({ part: 0, index: 12345 });
});

test("at any weights: parts count without gaps, and none is behind its share by more than a draw per part", () => {
	fc.assert(
		fc.property(fc.array(fc.double({ min: 0.01, max: 5, noNaN: true }), { minLength: 1, maxLength: 6 }), (weights) => {
			const sum = weights.reduce((a, b) => a + b, 0);
			const next = weights.map(() => 0);
			for (let draw = 0; draw < 300; draw++) {
				const { part, index } = partOfDraw(draw, weights);
				expect(index).toBe(next[part]!++);
				next.forEach((count, p) => {
					expect(Math.abs(count - ((draw + 1) * weights[p]!) / sum)).toBeLessThan(weights.length);
				});
			}
		}),
		{ numRuns: 50 },
	);
});
