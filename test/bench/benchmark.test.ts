import { expect, test } from "vitest";
import { modelConfig } from "../../src/architecture/config.ts";
import { parameterCounts } from "../../src/architecture/size.ts";
import { benchmark, type StepRow } from "../../src/bench/benchmark.ts";
import { WORKLOADS } from "../../src/bench/workloads.ts";
import { testGpu } from "../gpu/open.ts";

const toy = WORKLOADS.find(({ id }) => id === "toy")!;

test("packs are the workload's own; all dispatches of a step are timed, and their arithmetic is the model's", async () => {
	const workloads = [{ ...toy, packs: [2, 1, 3] }];
	const rows: StepRow[] = [];
	for await (const event of benchmark(await testGpu(), { workloads, steps: 2, perKernel: true }))
		if (event.type === "step") rows.push(event.row);
		else expect(event.type === "copy" ? event.gigabytes : event.matmul.gflops).toBeGreaterThan(0);
	const [, alone, three] = rows as [StepRow, StepRow, StepRow];
	expect(rows.map(({ runs, speedup }) => [runs, speedup])).toEqual([
		[2, null],
		[1, 1],
		[3, three.tokensPerSecond / alone.tokensPerSecond],
	]);
	for (const { kernels, dispatches, gflops, milliseconds, runs } of rows) {
		expect(kernels.reduce((sum, kernel) => sum + kernel.dispatches, 0)).toBe(dispatches);
		const flops = kernels.reduce((sum, kernel) => sum + (kernel.gflops ?? 0) * kernel.milliseconds, 0);
		expect(flops / (gflops * milliseconds)).toBeCloseTo(1, 6);
		// Every weight is read at least once.
		const moved = kernels.reduce((sum, kernel) => sum + kernel.gigabytes * kernel.milliseconds, 0) * 1e6;
		expect(moved).toBeGreaterThan(4 * runs * parameterCounts(modelConfig(toy.model)).total);
	}
});

test("packs that are asked for take the place of the workload's own", async () => {
	expect(toy.packs).toEqual([1, 4, 16]);
	const runs: number[] = [];
	for await (const event of benchmark(await testGpu(), { workloads: [toy], packs: [2], steps: 1, perKernel: false }))
		if (event.type === "step") runs.push(event.row.runs);
	expect(runs).toEqual([2]);
});
