import { expect, test, vi } from "vitest";
import { isLate } from "../../src/gpu/completions.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import { Pace } from "../../src/train/pace.ts";
import { train } from "../../src/train/train.ts";
import { lateDevice } from "../gpu/late-device.ts";
import { testGpu } from "../gpu/open.ts";
import { corpus, madeRun, only } from "./made.ts";

test("a GPU whose end of work is seen every 100 ms is nudged, and its pace does not learn from that", {
	timeout: 120_000,
}, async () => {
	const gpu = { ...(await testGpu()), software: false };
	const { device, nudges } = lateDevice(gpu.device);
	const run = madeRun("a", { steps: 1500 });
	/** Milliseconds to train the run, and milliseconds by which the pace was told that work took, for each micro-step. */
	const measured = async (device: GPUDevice) => {
		const told = vi.spyOn(Pace.prototype, "measured");
		const begin = performance.now();
		let results: RunResult[] = [];
		for await (const event of train({ ...gpu, device }, [run], [only(corpus)]))
			if (event.type === "end") results = event.results;
		const times = told.mock.calls.filter(([work]) => work > 0.999).map(([work, time]) => time / work);
		told.mockRestore();
		return { results, times, milliseconds: performance.now() - begin };
	};
	const at = (times: number[], share: number) => times.sort((a, b) => a - b)[Math.floor(share * (times.length - 1))]!;
	const prompt = await measured(gpu.device);
	const slow = await measured(device);
	expect(slow.results).toEqual(prompt.results);
	expect(isLate(device)).toBe(true);
	expect(nudges()).toBeGreaterThan(5);
	// Other work on the machine takes its share of either.
	expect(slow.milliseconds).toBeLessThan(4 * prompt.milliseconds + 1000);
	expect(at(slow.times, 0.5)).toBeLessThan(4 * at(prompt.times, 0.5));
	expect(at(slow.times, 0.5)).toBeGreaterThan(at(prompt.times, 0.5) / 4);
});
