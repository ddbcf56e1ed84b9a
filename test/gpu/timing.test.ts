import { expect, test } from "vitest";
import { openGpu } from "../../src/gpu/device.ts";
import { Memory } from "../../src/gpu/memory.ts";
import { Program } from "../../src/gpu/program.ts";
import { timePass, timeProgram } from "../../src/gpu/timing.ts";
import { linear } from "../../src/kernels/linear.ts";
import { testGpuInstance } from "./open.ts";

/** A device that sees the end of work late, and whose pass has these stamps, in nanoseconds; without them it has none. */
function lateDevice(latency: number, stamps?: [number, number]): GPUDevice {
	const pass = { end() {} };
	const encoder = { beginComputePass: () => pass, resolveQuerySet() {}, copyBufferToBuffer() {}, finish() {} };
	const buffer = {
		mapAsync: async () => {},
		getMappedRange: () => new BigInt64Array(stamps!.map(BigInt)).buffer,
		destroy() {},
	};
	return {
		features: new Set(stamps ? ["timestamp-query"] : []),
		createCommandEncoder: () => encoder,
		createQuerySet: () => ({ destroy() {} }),
		createBuffer: () => buffer,
		queue: { submit() {}, onSubmittedWorkDone: () => new Promise((done) => setTimeout(done, latency)) },
	} as unknown as GPUDevice;
}

test("a GPU's own time counts, without that of noticing it", async () => {
	expect(await timePass(lateDevice(30, [5_000_000, 7_300_000]), () => {})).toBe(2.3);
	// What it does not tell, or tells wrongly, the clock tells.
	for (const stamps of [undefined, [7, 7], [7, 3], [0, 1e12]] as const)
		expect(await timePass(lateDevice(30, stamps && [...stamps]), () => {})).toBeGreaterThan(25);
});

test("timestamps agree with the clock where there is nothing but the work", async () => {
	const adapter = (await testGpuInstance().requestAdapter())!;
	expect(adapter.features.has("timestamp-query")).toBe(true);
	const device = await adapter.requestDevice({ requiredFeatures: ["timestamp-query"] });
	const { device: plain } = await openGpu(testGpuInstance());
	const milliseconds: number[] = [];
	for (const each of [device, plain]) {
		const memory = new Memory(each);
		const tensor = (name: string) => memory.tensor(name, [1, 256, 256]);
		const program = await Program.build(each, memory, [linear({ x: tensor("x"), w: tensor("w"), y: tensor("y") })]);
		await timeProgram(each, program, 10);
		const times: number[] = [];
		for (let round = 0; round < 5; round++) times.push(await timeProgram(each, program, 10));
		milliseconds.push(Math.min(...times));
		memory.destroy();
		each.destroy();
	}
	const [stamped, clocked] = milliseconds as [number, number];
	expect(stamped / clocked).toBeGreaterThan(0.3);
	expect(stamped / clocked).toBeLessThan(3);
});
