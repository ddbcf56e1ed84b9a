import { expect, test, vi } from "vitest";
import { benchmark, type StepRow } from "../../src/bench/benchmark.ts";
import { type MeasureOptions, measureStep } from "../../src/bench/measure-step.ts";
import { WORKLOADS } from "../../src/bench/workloads.ts";
import { testGpu } from "../gpu/open.ts";

const toy = WORKLOADS.filter(({ id }) => id === "toy");

async function measured(
	workloads: typeof WORKLOADS,
	packs?: number[],
	options: Partial<MeasureOptions> = {},
): Promise<StepRow[]> {
	const rows: StepRow[] = [];
	const how = { workloads, steps: 2, perKernel: true, ...(packs && { packs }), ...options };
	for await (const event of benchmark(await testGpu(), how))
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

test("packs are those of the workload unless others are asked for, and are compared with a pack of 1", async () => {
	const rows = await measured([{ ...toy[0]!, packs: [2, 1, 3] }], undefined, { perKernel: false });
	const speeds = rows.map(({ tokensPerSecond }) => tokensPerSecond);
	expect(rows.map(({ runs, speedup }) => [runs, speedup])).toEqual([
		[2, null],
		[1, 1],
		[3, speeds[2]! / speeds[1]!],
	]);
	expect(toy[0]!.packs).toEqual([1, 4, 16]);
});

test("steps are submitted together as far as the time of a submit allows, to the same losses", async () => {
	const gpu = await testGpu();
	const submit = vi.spyOn(gpu.device.queue, "submit");
	const measure = async (submitMilliseconds: number) => {
		submit.mockClear();
		const time = await measureStep(gpu, toy[0]!, 2, { steps: 3, perKernel: false, submitMilliseconds });
		return { ...time, submits: submit.mock.calls.length };
	};
	try {
		const apart = await measure(0);
		const together = await measure(1e9);
		const readLosses = toy[0]!.losses.length;
		expect(apart.stepsPerSubmit).toBe(1);
		expect(apart.submits).toBe(4 + readLosses + 3);
		// The first step by itself, the other three with a reference, then as many as training has slots for.
		expect(together.stepsPerSubmit).toBe(128);
		expect(together.submits).toBe(2 + readLosses + 3);
		expect(together.losses).toEqual(apart.losses);
		expect(together.valid).toBe(true);
	} finally {
		submit.mockRestore();
	}
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
