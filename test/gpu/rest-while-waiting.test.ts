import { expect, test, vi } from "vitest";
import { Memory } from "../../src/gpu/memory.ts";
import { Program } from "../../src/gpu/program.ts";
import { timeProgram } from "../../src/gpu/timing.ts";
import { linear } from "../../src/kernels/linear.ts";
import { openDevice } from "../../src/node/device.ts";

test("a device of the command line rests while it computes, and its failures come through", async () => {
	const { device } = await openDevice();
	const nap = vi.spyOn(Atomics, "wait");
	const memory = new Memory(device);
	const tensor = (name: string) => memory.tensor(name, [1, 256, 256]);
	const program = await Program.build(device, memory, [linear({ x: tensor("x"), w: tensor("w"), y: tensor("y") })]);
	nap.mockClear();
	// As much work as it takes until it is not done at once.
	for (let times = 1; nap.mock.calls.length === 0 && times < 1e5; times *= 4) await timeProgram(device, program, times);
	expect(nap.mock.calls.length).toBeGreaterThan(0);

	const buffer = memory.buffer("staging", 4, 0x01 | 0x08);
	const mapped = buffer.mapAsync(0x01);
	buffer.destroy();
	await expect(mapped).rejects.toThrow();
	memory.destroy();
	device.destroy();
});
