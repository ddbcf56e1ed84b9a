import { expect, test, vi } from "vitest";
import { type MeasureOptions, measureStep } from "../../src/bench/measure-step.ts";
import { WORKLOADS, type Workload } from "../../src/bench/workloads.ts";
import { testGpu } from "../gpu/open.ts";

const toy = WORKLOADS.find(({ id }) => id === "toy")!;

const measured = async (workload: Workload, runs: number, options: Partial<MeasureOptions> = {}) =>
	measureStep(await testGpu(), workload, runs, { steps: 2, perKernel: false, ...options });

test("a step's losses are PyTorch's, alone and in a pack, with as many dispatches", async () => {
	const alone = await measured(toy, 1);
	const pack = await measured(toy, 3);
	expect(alone.valid && pack.valid).toBe(true);
	expect(pack.losses).toEqual(alone.losses);
	expect(pack.dispatches).toBe(alone.dispatches);
});

test("a step whose dispatches are cut counts them once, with its kernels, and has the same losses", async () => {
	const options = { steps: 1, perKernel: true };
	const whole = await measured(toy, 2, options);
	const cut = await measureStep({ ...(await testGpu()), flopsPerMillisecond: 100 }, toy, 2, options);
	expect([cut.dispatches, cut.losses]).toEqual([whole.dispatches, whole.losses]);
	const dispatches = ({ kernels }: typeof cut) => kernels.map(({ kernel, dispatches }) => [kernel, dispatches]).sort();
	expect(dispatches(cut)).toEqual(dispatches(whole));
});

test("steps are submitted together as far as the time of a submit allows, to the same losses", async () => {
	const submit = vi.spyOn((await testGpu()).device.queue, "submit");
	const measure = async (submitMilliseconds: number) => {
		submit.mockClear();
		const time = await measured(toy, 2, { steps: 3, submitMilliseconds });
		return { ...time, submits: submit.mock.calls.length };
	};
	try {
		const apart = await measure(0);
		const together = await measure(1e9);
		const readLosses = toy.losses.length;
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

test("a step with other losses does not count", async () => {
	expect((await measured({ ...toy, losses: [4.18622, 4.2] }, 1)).valid).toBe(false);
});
