import { expect, test, vi } from "vitest";
import { measureMatmul, worthEnlarging } from "../../src/bench/matmul-ceiling.ts";
import { Memory } from "../../src/gpu/memory.ts";
import { LINEAR_FORWARD } from "../../src/kernels/linear-variants.ts";
import { testGpu } from "../gpu/open.ts";

/** The sides at which products are measured. */
async function sidesOf(options: { sides: number[]; limit: number }) {
	const tensor = vi.spyOn(Memory.prototype, "tensor");
	try {
		const best = await measureMatmul(await testGpu(), options);
		return { best, sides: [...new Set(tensor.mock.calls.map(([, shape]) => shape[1]))] };
	} finally {
		tensor.mockRestore();
	}
}

test("the ceiling is the best over all sizes for which there is time", async () => {
	const sides = [8, 64, 256];
	const all = await sidesOf({ sides, limit: 60_000 });
	expect(all.sides).toEqual(sides);
	// A product of 8 × 8 matrices is a launch and nothing else.
	expect(all.best.side).toBeGreaterThan(8);
	expect(LINEAR_FORWARD.variants).toHaveProperty([all.best.variant]);
	const one = await sidesOf({ sides, limit: 0 });
	expect(one.sides).toEqual([8]);
	expect(one.best).toMatchObject({ side: 8, gflops: expect.any(Number) });
	expect(all.best.gflops).toBeGreaterThan(one.best.gflops);
});

test("larger products are for the fast variants, then for the fastest, then for none", () => {
	const times = new Map([
		["slow", 100],
		["fair", 19],
		["fast", 10],
	]);
	// Three times eight times as long, each.
	expect(worthEnlarging(times, 8, 3 * 8 * 29)).toEqual(["fast", "fair"]);
	expect(worthEnlarging(times, 8, 3 * 8 * 29 - 1)).toEqual(["fast"]);
	expect(worthEnlarging(times, 8, 3 * 8 * 10 - 1)).toEqual([]);
	// On a large GPU a product takes a moment, and a submit holds several.
	expect(worthEnlarging(new Map([["a", 0.01]]), 8, 30)).toEqual(["a"]);
	expect(worthEnlarging(new Map([["a", 0.01]]), 8, 29)).toEqual([]);
	expect(worthEnlarging(new Map(), 8, 1000)).toEqual([]);
});
