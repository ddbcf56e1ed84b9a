import { expect, test } from "vitest";
import { CompletionWatch, endOfWork, isLate, probeCompletions } from "../../src/gpu/completions.ts";
import { Memory, readTensor } from "../../src/gpu/memory.ts";
import { lateDevice } from "./late-device.ts";
import { testGpu } from "./open.ts";

/** Which of these times between ends of work count, and whether the device is late by them. */
function watched(times: number[], nudged = false) {
	const device = {} as GPUDevice;
	const watch = new CompletionWatch(device);
	return { counted: times.filter((time) => watch.isTrue(time, nudged)), late: isLate(device) };
}

test("times in steps of 100 ms do not count, and after two of them the device is late", () => {
	expect(watched([61, 0.2, 99, 0.1])).toEqual({ counted: [], late: false });
	expect(watched([61, 0.2, 99, 0.1, 203])).toEqual({ counted: [], late: true });
	// With one step now and then it is not, and what is seen together with other work has no time of its own.
	expect(watched([61, 40, 100, 1, 41, 100, 42, 2])).toEqual({ counted: [40, 41, 42, 2], late: false });
});

test("other times count but for the first, and all that were nudged", () => {
	expect(watched([40, 38, 41, 60, 85, 150, 240, 0.5])).toEqual({
		...{ counted: [38, 41, 60, 85, 150, 240, 0.5], late: false },
	});
	// Long work takes as long again and again, and is not taken for steps.
	expect(watched([400, 400, 401, 1000]).late).toBe(false);
	expect(watched([40, 100, 100, 100], true)).toEqual({ counted: [40, 100, 100, 100], late: false });
});

test("a device that sees the end of work late is found out, and then nudged", async () => {
	const gpu = await testGpu();
	const { device, nudges } = lateDevice(gpu.device);
	await probeCompletions(device);
	expect(isLate(device)).toBe(true);
	expect(nudges()).toBe(0);
	const begin = performance.now();
	for (let i = 0; i < 5; i++) await endOfWork(device, device.queue.onSubmittedWorkDone());
	expect(performance.now() - begin).toBeLessThan(300);
	expect(nudges()).toBeGreaterThan(0);
	const memory = new Memory(device);
	const tensor = memory.tensor("x", [1, 4]);
	memory.write(tensor, Float32Array.of(1, 2, 3, 4));
	expect(await readTensor(device, tensor)).toEqual(Float32Array.of(1, 2, 3, 4));
	memory.destroy();
});

test("a device that sees it at once is not late, and not nudged", async () => {
	const { device } = await testGpu();
	await probeCompletions(device);
	expect(isLate(device)).toBe(false);
});
