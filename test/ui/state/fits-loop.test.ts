import { expect, it } from "vitest";
import { COUNTINGS, type Counting } from "../../../src/architecture/counting.ts";
import type { RunResult } from "../../../src/run/run-result.ts";
import { FitsLoop } from "../../../src/ui/state/fits-loop.ts";
import type { FitsApi } from "../../../src/worker/protocol.ts";

const runs = (count: number) => Array.from({ length: count }, (_, i) => ({ id: String(i) }) as unknown as RunResult);
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A loop whose worker answers at once, or when `open` is called. */
function watch({ held = false } = {}) {
	const asked: [runs: number, counting: Counting, resamples: number][] = [];
	const delivered: Counting[] = [];
	let open = () => {};
	const api: FitsApi = {
		async fit(results, counting, resamples) {
			asked.push([results.length, counting, resamples]);
			if (held)
				await new Promise<void>((resolve) => {
					open = resolve;
				});
			return { counting, fits: null, reason: "" };
		},
	};
	const loop = new FitsLoop(api, ({ counting }) => delivered.push(counting), 40);
	return { loop, asked, delivered, open: () => open() };
}

it("fits in every way of counting, the one that is shown first", async () => {
	const { loop, asked, delivered } = watch();
	loop.show("exact");
	loop.request(runs(3), "final");
	await settled();
	expect(delivered).toEqual(["exact", "nonembedding", "nonembedding+head", "total"]);
	expect(asked.every(([count, , resamples]) => count === 3 && resamples === 1000)).toBe(true);
});

it("does not fit the same runs again, unless better", async () => {
	const { loop, asked } = watch();
	const three = runs(3);
	for (const effort of ["quick", "quick", "final", "final", "quick"] as const) {
		loop.request(three, effort);
		await settled();
	}
	expect(asked.map(([, , resamples]) => resamples)).toEqual([...Array(4).fill(200), ...Array(4).fill(1000)]);
	loop.request([], "final");
	await settled();
	expect(asked).toHaveLength(8);
});

it("gives way to newer runs, and to another way of counting", async () => {
	const { loop, asked, delivered, open } = watch({ held: true });
	loop.request(runs(3), "final");
	loop.request(runs(4), "final");
	open();
	await settled();
	expect(asked.map(([count]) => count)).toEqual([3, 4]);
	loop.show("nonembedding");
	open();
	await settled();
	expect(asked.at(-1)).toEqual([4, "nonembedding", 1000]);
	expect(delivered).toEqual(["total", "total"]);
});

it("rests between quick fits, but not before final ones", async () => {
	const { loop, asked } = watch();
	loop.request(runs(1), "quick");
	await settled();
	loop.request(runs(2), "quick");
	await new Promise((resolve) => setTimeout(resolve));
	expect(asked).toHaveLength(COUNTINGS.length);
	loop.request(runs(3), "final");
	await settled();
	expect(asked.slice(COUNTINGS.length).map(([count]) => count)).toEqual([3, 3, 3, 3]);
});

it("drops what is under way after a reset", async () => {
	const { loop, asked, delivered, open } = watch({ held: true });
	loop.request(runs(3), "final");
	loop.reset();
	open();
	await settled();
	expect([asked.length, delivered.length]).toEqual([1, 0]);
});
