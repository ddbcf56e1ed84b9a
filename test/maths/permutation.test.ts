import fc from "fast-check";
import { expect, test } from "vitest";
import { permuted } from "../../src/maths/permutation.ts";
import { randomKey } from "../../src/maths/random.ts";

const all = (key: number, size: number) => Array.from({ length: size }, (_, i) => permuted(key, i, size));

test("every place is taken once, whatever the size and the key", () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 700 }), fc.nat(), (size, seed) => {
			expect(new Set(all(randomKey(seed), size)).size).toBe(size);
			expect(Math.max(...all(randomKey(seed), size))).toBe(size - 1);
		}),
	);
});

test("another key gives another order", () => {
	expect(all(randomKey(1), 50)).not.toEqual(all(randomKey(2), 50));
	expect(all(randomKey(1), 50)).toEqual(all(randomKey(1), 50));
});

test("an entry goes to every place equally often, and neighbors are no likelier to stay neighbors", () => {
	const size = 11;
	const draws = 11_000;
	const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
	let neighbors = 0;
	for (let seed = 0; seed < draws; seed++) {
		const places = all(randomKey(seed, "order"), size);
		places.forEach((place, i) => {
			counts[i]![place]!++;
		});
		for (let i = 1; i < size; i++) if (places[i] === places[i - 1]! + 1) neighbors++;
	}
	// 1,000 expected in each cell; chi-squared with 100 degrees of freedom is below 180 but for one in 10^6.
	const chiSquared = counts.flat().reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
	expect(chiSquared).toBeLessThan(180);
	// Of the 10 pairs of a random order, (size − 1) / size follow one another: 10,000 in all, give or take 100.
	expect(Math.abs(neighbors - 10_000)).toBeLessThan(500);
});

test("sizes up to 2^32", () => {
	const places = Array.from({ length: 100 }, (_, i) => permuted(7, 2 ** 32 - 1 - i, 2 ** 32));
	expect(new Set(places).size).toBe(100);
	for (const place of places) expect(place >= 0 && place < 2 ** 32 && Number.isInteger(place)).toBe(true);
});
