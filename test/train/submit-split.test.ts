import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cumulativeCosts, endOfSubmit } from "../../src/train/submit-split.ts";
import { submitted } from "./submitted.ts";

/** Model arithmetic of a micro-step's launches: some do none, one may do nearly all. */
const anyFlops = fc
	.array(fc.oneof(fc.constant(0), fc.double({ min: 1e3, max: 1e9, noNaN: true })), { minLength: 1, maxLength: 60 })
	.filter((flops) => flops.some((each) => each > 0));

test("no submit is over the measure unless it holds a single launch, and every launch comes once, in order", () => {
	fc.assert(
		fc.property(anyFlops, fc.double({ min: 1e-3, max: 300, noNaN: true }), (flops, most) => {
			const costs = cumulativeCosts(flops, 1);
			const next = submitted(costs);
			const order: number[] = [];
			while (order.length < 5 * flops.length) {
				const { cost, launches } = next(most);
				expect(launches.length).toBeGreaterThan(0);
				if (launches.length > 1) expect(cost).toBeLessThanOrEqual(most * (1 + 1e-9));
				order.push(...launches);
			}
			expect(order).toEqual(order.map((_, i) => i % flops.length));
		}),
	);
});

test("submits are full, but for what the next launch takes", () => {
	fc.assert(
		fc.property(anyFlops, fc.double({ min: 1e-3, max: 10, noNaN: true }), (flops, most) => {
			const costs = cumulativeCosts(flops, 1);
			const next = submitted(costs);
			const largest = Math.max(...costs.slice(1).map((cost, i) => cost - costs[i]!));
			for (let submit = 0; submit < 20; submit++) {
				expect(next(most).cost).toBeGreaterThan(most - largest - 1e-9);
			}
		}),
	);
});

describe("costs of launches", () => {
	test("go by their arithmetic; those that do none have a tenth of the rest between them", () => {
		const costs = cumulativeCosts([0, 30, 0, 70], 1);
		const each = costs.slice(1).map((cost, i) => cost - costs[i]!);
		for (const [i, cost] of [5, 30, 5, 70].entries()) expect(each[i]).toBeCloseTo(cost / 110, 12);
		expect(costs.at(-1)).toBe(1);
		expect(cumulativeCosts([1, 3], 2)).toEqual([0, 0.5, 2]);
	});

	test("decide where a submit ends", () => {
		const costs = [0, 1, 2, 6, 7];
		expect(endOfSubmit(costs, 0, 0, 7)).toBe(4);
		expect(endOfSubmit(costs, 0, 0, 5)).toBe(2);
		expect(endOfSubmit(costs, 2, 0, 3)).toBe(3);
		expect(endOfSubmit(costs, 2, 0.5, 3)).toBe(2);
		expect(endOfSubmit(costs, 0, 5, 6)).toBe(1);
		expect(endOfSubmit(costs, 0, 5, 5)).toBe(0);
	});
});
