import { beforeEach, expect, test, vi } from "vitest";
import { describeAdapters, openDevice } from "../../src/node/device.ts";

const dawn = vi.hoisted(() => ({ started: [] as string[][], adapter: null as unknown }));

vi.mock("webgpu", () => ({
	globals: {},
	create: (flags: string[]) => {
		dawn.started.push(flags);
		return { requestAdapter: async () => dawn.adapter };
	},
}));

beforeEach(() => {
	dawn.started = [];
	dawn.adapter = null;
});

test("however a device is asked for, 16-bit floats of NVIDIA's are not hidden", async () => {
	await expect(openDevice()).rejects.toThrow("no adapter found");
	await expect(openDevice("some card")).rejects.toThrow('no adapter name contains "some card"');
	expect(await describeAdapters()).toEqual([]);
	expect(dawn.started).toHaveLength(3);
	for (const flags of dawn.started) expect(flags).toContain("enable-dawn-features=vulkan_enable_f16_on_nvidia");
});

test("only software adapters are rested for: a GPU's end of work is seen at once", async () => {
	for (const isFallbackAdapter of [false, true]) {
		const onSubmittedWorkDone = async () => undefined;
		const device = {
			features: new Set(),
			lost: new Promise(() => {}),
			queue: { onSubmittedWorkDone },
			createBuffer() {},
		};
		dawn.adapter = {
			...{ features: new Set(), limits: {}, info: { description: "made", isFallbackAdapter } },
			requestDevice: async () => device,
		};
		expect((await openDevice()).software).toBe(isFallbackAdapter);
		expect(device.queue.onSubmittedWorkDone === onSubmittedWorkDone).toBe(!isFallbackAdapter);
	}
});
