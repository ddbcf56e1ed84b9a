import fc from "fast-check";
import { expect, test } from "vitest";
import { computeGrid, curveOnGrid, envelope, envelopeOf, valueOnGrid } from "../../../src/analysis/method1/envelope.ts";

const NONE = Number.POSITIVE_INFINITY;
const grid = (...rows: number[][]) => ({
	logFlops: Float64Array.from(rows[0]!, (_, g) => g),
	logLoss: rows.map((row) => Float64Array.from(row)),
});

test("two straight lines cross where they meet", () => {
	const { best, crossings } = envelope(grid([4, 3, 2, 1], [4.5, 3.2, 1.9, 0.6]));
	expect([...best]).toEqual([0, 0, 1, 1]);
	expect(crossings).toHaveLength(1);
	expect(crossings[0]).toMatchObject({ smaller: 0, larger: 1, genuine: true });
	expect(crossings[0]!.logFlops).toBeCloseTo(1 + 0.2 / 0.3, 12);
	expect(crossings[0]!.logLoss).toBeCloseTo(3 - 0.2 / 0.3, 12);
});

test("a size that ends before it is overtaken gives a step that is not genuine", () => {
	const { best, crossings } = envelope(grid([4, 3, NONE, NONE], [5, 4, 3, 2], [6, 5, 3.5, 1.5]));
	expect([...best]).toEqual([0, 0, 1, 2]);
	expect(crossings.map((crossing) => crossing.genuine)).toEqual([false, true]);
});

test("a size that begins below the smaller one gives a step that is not genuine", () => {
	const { best, crossings } = envelope(grid([4, 3, 2, 1], [NONE, NONE, 1.5, 0.5], [5, 3.5, 3, 3]));
	expect([...best]).toEqual([0, 0, 1, 1]);
	expect(crossings.map((crossing) => crossing.genuine)).toEqual([false]);
});

test("a run cannot win where it has no data, nor where it alone has any", () => {
	expect([...envelope(grid([NONE, 3, 2.9, NONE], [5, 4, 2, NONE])).best]).toEqual([-1, 0, 1, -1]);
	expect([...envelope(grid([4, 3, NONE], [5, 4, 2])).best]).toEqual([0, 0, -1]);
});

test("noise does not make the best size fall: the cheapest ascending assignment is taken", () => {
	// The plain minimum is 0 1 0 1 1; the smaller size leads by more at the third point than it lags at the second.
	const { best } = envelope(grid([5, 4.01, 3, 2.5, 2], [6, 4, 3.05, 2, 1]));
	expect([...best]).toEqual([0, 0, 0, 1, 1]);
});

test("a size that is never best is skipped", () => {
	const { best, crossings } = envelope(grid([4, 3, 2.5, 2.2], [9, 9, 9, 9], [5, 3.5, 2, 1]));
	expect([...best]).toEqual([0, 0, 2, 2]);
	expect(crossings[0]).toMatchObject({ smaller: 0, larger: 2 });
});

test("offsets move whole curves", () => {
	const curves = grid([4, 3, 2, 1], [4.5, 3.2, 1.9, 0.6]);
	expect(envelope(curves, [0, 0.3]).crossings[0]!.logFlops).toBeCloseTo(2 + 0.2 / 0.3, 12);
	expect(envelope(curves, [0, -5]).crossings).toEqual([]);
});

test("no ascending assignment has a lower sum (against exhaustive search)", () => {
	const value = fc.double({ min: 0, max: 1, noNaN: true });
	const row = fc.array(value, { minLength: 6, maxLength: 6 });
	fc.assert(
		fc.property(fc.array(row, { minLength: 2, maxLength: 4 }), (rows) => {
			const { best } = envelope(grid(...rows));
			const cost = [...best].reduce((sum, size, g) => sum + rows[size]![g]!, 0);
			for (let g = 1; g < best.length; g++) expect(best[g]!).toBeGreaterThanOrEqual(best[g - 1]!);
			const search = (g: number, least: number): number =>
				g === 6 ? 0 : Math.min(...rows.map((values, s) => (s < least ? NONE : values[g]! + search(g + 1, s))));
			expect(cost).toBeCloseTo(search(0, 0), 9);
		}),
		{ seed: 3, numRuns: 200 },
	);
});

test("curves are interpolated in ln L against ln C, and hold no value outside their data", () => {
	const curve = { logTokens: [1, 3], logLoss: [2, 0], noise: [0, 0] };
	const logCost = 2;
	const logFlops = Float64Array.from([2.9, 3, 3.5, 4, 5, 5.1]);
	const values = curveOnGrid(curve, logCost, logFlops);
	expect(values[0]).toBe(NONE);
	expect(values[1]).toBeCloseTo(2, 9);
	expect(values[2]).toBeCloseTo(1.5, 9);
	expect(values[3]).toBeCloseTo(1, 9);
	expect(values[4]).toBeCloseTo(0, 9);
	expect(values[5]).toBe(NONE);
	const spanning = computeGrid([{ logCost, curve }], 5);
	expect(spanning[0]).toBeCloseTo(3, 12);
	expect(spanning[4]).toBeCloseTo(5, 12);
	const on = { logFlops: spanning, logLoss: [] };
	expect(valueOnGrid(on, curveOnGrid(curve, logCost, spanning), 3.25)).toBeCloseTo(1.75, 9);
	expect(valueOnGrid(on, curveOnGrid(curve, logCost, spanning), 5.2)).toBe(NONE);
});

test("one offsets' envelope is the same after any other's", () => {
	const curves = grid([4, 3, 2.5, NONE], [5, 3.5, 2, 1], [NONE, 4, 2.1, 0.5]);
	const lowest = envelopeOf(curves);
	for (const offsets of [undefined, [0, 0.3, 0], [-5, 0, 0], [0, 0, -5], [0, 0.3, 0], undefined])
		expect(lowest(offsets)).toEqual(envelope(curves, offsets));
});

test("no other division into ascending sizes has a lower sum, wherever the sizes have data", () => {
	const row = fc.record({
		losses: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 5 }),
		from: fc.integer({ min: 0, max: 4 }),
		to: fc.integer({ min: 0, max: 4 }),
	});
	fc.assert(
		fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
			const losses = rows.map((each) =>
				each.losses.map((loss, g) => (g >= each.from && g <= Math.max(each.from, each.to) ? loss : NONE)),
			);
			const { best } = envelope(grid(...losses));
			const first = best.findIndex((size) => size >= 0);
			const last = best.findLastIndex((size) => size >= 0);
			if (first < 0) return;
			// Where no size has data, each costs the same.
			const cost = (size: number, g: number) =>
				(losses[size]?.[g] ?? NONE) - Math.min(...losses.map((each) => each[g]!));
			const costOf = (size: number, g: number) => (cost(size, g) < NONE ? cost(size, g) : 1e6);
			const least = (from: number, g: number): number =>
				g > last
					? 0
					: Math.min(...losses.map((_, size) => (size < from ? NONE : costOf(size, g) + least(size, g + 1))));
			let sum = 0;
			let before = 0;
			for (let g = first; g <= last; g++) {
				sum += costOf(best[g]!, g);
				if (best[g]! < 0) continue;
				expect(best[g]).toBeGreaterThanOrEqual(before);
				before = best[g]!;
			}
			expect(sum).toBe(least(0, first));
		}),
		{ seed: 5, numRuns: 1000 },
	);
});
