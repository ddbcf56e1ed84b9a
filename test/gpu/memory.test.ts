import { expect, test } from "vitest";
import { Memory, readTensor, writeTensor } from "../../src/gpu/memory.ts";
import { testGpu } from "./open.ts";

test("tensors are zero, and bytes count all of them until they are freed", async () => {
	const { device } = await testGpu();
	const memory = new Memory(device);
	const tensor = memory.tensor("x", [3, 5]);
	memory.ring("ids", [2, 65], 4, "step");
	expect(memory.bytes).toBe(3 * 256 + 4 * 2 * 512);
	expect(await readTensor(device, tensor)).toEqual(new Float32Array(15));
	memory.destroy();
	expect(memory.bytes).toBe(0);
});

test("what is written run by run is read back without the padding between", async () => {
	const { device } = await testGpu();
	const memory = new Memory(device);
	const whole = memory.tensor("whole", [1, 5 * 64]);
	memory.write(whole, new Float32Array(5 * 64).fill(-1));
	const tensor = { ...whole, offset: 256, shape: [3, 2, 5], runStride: 64 };
	for (let run = 0; run < 3; run++)
		writeTensor(
			device,
			tensor,
			run,
			Float32Array.from({ length: 10 }, (_, i) => 10 * run + i),
		);
	expect(await readTensor(device, tensor)).toEqual(Float32Array.from({ length: 30 }, (_, i) => i));
	const around = await readTensor(device, whole);
	const run = (n: number) => Array.from({ length: 64 }, (_, i) => (i < 10 ? 10 * n + i : -1));
	const outside = new Array(64).fill(-1);
	expect(Array.from(around)).toEqual([...outside, ...run(0), ...run(1), ...run(2), ...outside]);
	memory.destroy();
});

test("16-bit floats take half the bytes, and round", async () => {
	const { device } = await testGpu();
	const memory = new Memory(device);
	const tensor = memory.tensor("u", [2, 129], true);
	expect(memory.bytes).toBe(2 * 512);
	const values = Float32Array.from({ length: 129 }, (_, i) => i + 1 / 3);
	writeTensor(device, tensor, 1, values);
	const read = await readTensor(device, tensor);
	expect(read.subarray(0, 129)).toEqual(new Float32Array(129));
	for (const [i, value] of values.entries()) expect(Math.abs(read[129 + i]! / value - 1)).toBeLessThan(2 ** -11);
	expect(read[129 + 128]).toBe(128.375);
	memory.destroy();
});

test("values that do not fill a run's copy are refused", async () => {
	const { device } = await testGpu();
	const memory = new Memory(device);
	const tensor = memory.tensor("wpe.weight", [2, 3, 4]);
	expect(() => writeTensor(device, tensor, 0, new Float32Array(11))).toThrow(
		new RangeError("wpe.weight: given 11 values; [2,3,4] holds 12 per run"),
	);
	memory.destroy();
});

test("a tensor over the adapter's limit names itself and both numbers, and allocates nothing", async () => {
	const { device } = await testGpu();
	const memory = new Memory(device);
	const most = device.limits.maxStorageBufferBindingSize;
	const shape = [1, Math.ceil(most / 256) + 1, 64];
	expect(() => memory.tensor("dz", shape)).toThrow(
		new RangeError(`dz: [${shape}] takes ${shape[1]! * 256} bytes; this adapter binds at most ${most}`),
	);
	expect(memory.bytes).toBe(0);
});

test("a buffer over the adapter's limit names itself and both numbers", async () => {
	const { device } = await testGpu();
	const memory = new Memory(device);
	const most = device.limits.maxBufferSize;
	expect(() => memory.buffer("parameters", most + 256, 0x80)).toThrow(
		new RangeError(`parameters: needs a buffer of ${most + 256} bytes; this adapter allows ${most}`),
	);
	const slots = Math.floor(most / 256) + 1;
	expect(() => memory.ring("ids", [1, 64], slots, "step")).toThrow(`ids: needs a buffer of ${slots * 256} bytes`);
	expect(memory.bytes).toBe(0);
});
