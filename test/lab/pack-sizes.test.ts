import { expect, test } from "vitest";
import { modelFlopsPerToken } from "../../src/architecture/flops.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { PackSizes } from "../../src/lab/pack-sizes.ts";
import { runStudy } from "../../src/lab/run-study.ts";
import { corpusInfo, loadTokenized } from "../../src/node/files/corpora.ts";
import type { PlannedRun } from "../../src/run/events.ts";
import { runLine } from "../../src/run/run-lines.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { RunStore } from "../../src/run/store.ts";
import { planStudy } from "../../src/study/planner.ts";
import { packSpeed } from "../../src/train/pack-speed.ts";
import { testGpu } from "../gpu/open.ts";
import { corpora, studyWith } from "../study/fixtures.ts";

const limits = { maxStorageBufferBindingSize: 2 ** 27, maxBufferSize: 2 ** 28 };
const gpu = { name: "a test", device: { limits } } as Gpu;
const TOKENS = 512;
const runsOf = async (count: number) => {
	const seeds = Array.from({ length: 64 }, (_, i) => i);
	const study = studyWith({ sizes: [{ width: 8, layers: 1, heads: 1 }], learningRates: [0.01, 0.02], seeds });
	return (await planStudy(study, corpora)).runs.slice(0, count);
};
/** The size chosen of `count` runs on a device whose steps take `milliseconds`, and the sizes that were tried. */
async function chosen(count: number, milliseconds: (runs: number) => number) {
	const tried: number[] = [];
	const sizes = new PackSizes(async (_gpu, _spec, runs) => {
		tried.push(runs);
		return (1000 * TOKENS * runs) / milliseconds(runs);
	});
	return { size: await sizes.of(gpu, await runsOf(count)), tried };
}

test("where launches are all, all runs train together, up to 64", async () => {
	expect(await chosen(9, () => 1)).toEqual({ size: 9, tried: [1, 2, 4, 8, 9] });
	expect((await chosen(100, () => 1)).size).toBe(64);
});

test("where a pack costs more than its runs one by one, they train one by one, and no large pack is tried", async () => {
	expect(await chosen(16, (runs) => 20 * runs ** 1.3)).toEqual({ size: 1, tried: [1, 2, 4] });
	// One step as long as this is not made longer.
	expect(await chosen(16, () => 300)).toEqual({ size: 1, tried: [1] });
});

test("the smallest pack that is about the fastest is taken, for its results come first", async () => {
	const { size } = await chosen(32, (runs) => Math.max(8, runs));
	expect(size).toBe(8);
	expect((await chosen(32, (runs) => (runs === 2 ? 1.99 : 1 + runs / 1e3))).size).toBe(32);
});

test("runs that are over in seconds are not measured, as long as they fit into one pack", async () => {
	const quick = { ...gpu, flopsPerMillisecond: 1e9 };
	const never = new PackSizes(() => Promise.reject(new Error("measured")));
	expect(await never.of(quick, await runsOf(16))).toBe(16);
	await expect(never.of(quick, await runsOf(17))).rejects.toThrow("measured");
	// A fifth of a second for each of forty steps, twice.
	const [{ spec }] = (await runsOf(1)) as [PlannedRun];
	const flops = modelFlopsPerToken(spec.model) * TOKENS;
	const slow = { ...gpu, flopsPerMillisecond: flops / 200 };
	await expect(never.of(slow, await runsOf(2))).rejects.toThrow("measured");
	// Whole steps of seconds are not submitted to see how long they take.
	expect(await never.of({ ...gpu, flopsPerMillisecond: flops / 3000 }, await runsOf(2))).toBe(1);
});

test("a pack without room ends the search, and shapes are measured once", async () => {
	const tried: number[] = [];
	const sizes = new PackSizes(async (_gpu, _spec, runs) => {
		tried.push(runs);
		if (runs > 4) throw new RangeError("memory: no room");
		return 1e6 * runs;
	});
	const runs = await runsOf(16);
	expect(await sizes.of(gpu, runs)).toBe(4);
	expect(tried).toEqual([1, 2, 4, 8]);
	expect(await sizes.of(gpu, runs)).toBe(4);
	expect(tried).toHaveLength(4);
	expect(await sizes.of(gpu, runs.slice(0, 1))).toBe(1);
});

test("packs of the fastest size train to the same bits", { timeout: 120_000 }, async () => {
	const gpu = await testGpu();
	const study = studyWith({
		...{ corpora: ["sotu"], sizes: [{ width: 8, layers: 1, heads: 2 }], steps: [20], validationSequences: 32 },
		...{ learningRates: [0.01, 0.02], seeds: [1, 2], batchSequences: [8] },
	});
	const plan = await planStudy(study, await corpusInfo());
	const trained = async (speed?: (runs: number) => number) => {
		const saved: RunResult[] = [];
		const packs: number[] = [];
		const store: RunStore = { load: async () => [], save: async (result) => void saved.push(result) };
		const options = { gpu, plan, loadTokenized, store };
		const measured = speed && {
			packSize: "fastest" as const,
			packSpeed: async (_gpu: Gpu, _spec: unknown, runs: number) => speed(runs),
		};
		for await (const event of runStudy({ ...options, ...measured }))
			if (event.type === "pack") packs.push(event.ids.length);
		return { packs, lines: saved.map(runLine) };
	};
	const together = await trained();
	const alone = await trained(() => 1000);
	expect([together.packs, alone.packs]).toEqual([[4], [1, 1, 1, 1]]);
	expect(alone.lines).toEqual(together.lines);
	const asked: number[] = [];
	const store: RunStore = { load: async () => [], save: async () => {} };
	for await (const event of runStudy({ gpu, plan, loadTokenized, store, packSize: 3 }))
		if (event.type === "pack") asked.push(event.ids.length);
	expect(asked).toEqual([2, 2]);
	const { spec } = plan.runs[0]!;
	for (const runs of [1, 3]) expect(await packSpeed(gpu, spec, runs, false)).toBeGreaterThan(100);
	expect(await packSpeed(gpu, { ...spec, microBatchSequences: 4, ema: 0.9 }, 2, true)).toBeGreaterThan(100);
});
