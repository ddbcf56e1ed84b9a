import { expect, test } from "vitest";
import { benchmark, type StepRow } from "../../src/bench/benchmark.ts";
import { WORKLOADS } from "../../src/bench/workloads.ts";
import { testGpu } from "../gpu/open.ts";

const toy = WORKLOADS.filter(({ id }) => id === "toy");

async function measured(workloads: typeof WORKLOADS, packs: number[]): Promise<StepRow[]> {
	const rows: StepRow[] = [];
	for await (const event of benchmark(await testGpu(), { workloads, packs, steps: 2, perKernel: true }))
		if (event.type === "step") rows.push(event.row);
		else expect(event.matmul.gflops).toBeGreaterThan(0);
	return rows;
}

test("a step's losses are PyTorch's, alone and in a pack, with as many dispatches", async () => {
	const [alone, pack] = await measured(toy, [1, 3]);
	expect(alone!.valid && pack!.valid).toBe(true);
	expect(pack!.losses).toEqual(alone!.losses);
	expect(pack!.dispatches).toBe(alone!.dispatches);
});

test("all dispatches of a step are timed, and their arithmetic is the model's", async () => {
	const [{ kernels, dispatches, gflops, milliseconds }] = (await measured(toy, [1])) as [StepRow];
	expect(kernels.reduce((sum, kernel) => sum + kernel.dispatches, 0)).toBe(dispatches);
	const flops = kernels.reduce((sum, kernel) => sum + (kernel.gflops ?? 0) * kernel.milliseconds, 0);
	expect(flops / (gflops * milliseconds)).toBeCloseTo(1, 6);
});

test("a step with other losses does not count", async () => {
	const [row] = await measured([{ ...toy[0]!, losses: [4.18622, 4.2] }], [1]);
	expect(row!.valid).toBe(false);
});
