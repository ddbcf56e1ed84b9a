import { expect, test, vi } from "vitest";
import { describeAdapters, openDevice } from "../../src/node/device.ts";

const started = vi.hoisted(() => [] as string[][]);

vi.mock("webgpu", () => ({
	globals: {},
	create: (flags: string[]) => {
		started.push(flags);
		return { requestAdapter: async () => null };
	},
}));

test("however a device is asked for, 16-bit floats of NVIDIA's are not hidden", async () => {
	await expect(openDevice()).rejects.toThrow("no adapter found");
	await expect(openDevice("some card")).rejects.toThrow('no adapter name contains "some card"');
	expect(await describeAdapters()).toEqual([]);
	expect(started).toHaveLength(3);
	for (const flags of started) expect(flags).toContain("enable-dawn-features=vulkan_enable_f16_on_nvidia");
});
