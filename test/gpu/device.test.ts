import { expect, test } from "vitest";
import { openGpu, requireHalf } from "../../src/gpu/device.ts";

/** An adapter with these features; its device has what is asked for. */
function adapterWith(features: string[], isFallbackAdapter = false): GPUAdapter {
	return {
		...{ features: new Set(features), limits: {} },
		info: { isFallbackAdapter, vendor: "made", description: "a test", subgroupMinSize: 8, subgroupMaxSize: 16 },
		requestDevice: async ({ requiredFeatures }: GPUDeviceDescriptor) => ({
			features: new Set(requiredFeatures),
			adapterInfo: { vendor: "made" },
			lost: new Promise(() => {}),
		}),
	} as unknown as GPUAdapter;
}

test("a device has the features that kernels and measurements use, as far as the adapter has them", async () => {
	const rich = adapterWith(["shader-f16", "subgroups", "timestamp-query", "clip-distances"]);
	const opened = await openGpu({} as GPU, { adapter: rich });
	expect([...opened.device.features].sort()).toEqual(["shader-f16", "subgroups", "timestamp-query"]);
	expect(opened).toMatchObject({ subgroups: { min: 8, max: 16, controlled: false }, name: "made (a test)" });
	expect(() => requireHalf(opened)).not.toThrow();

	const software = await openGpu({} as GPU, { adapter: adapterWith(["subgroups", "timestamp-query"], true) });
	expect([...software.device.features]).toEqual(["subgroups"]);

	const poor = await openGpu({} as GPU, { adapter: adapterWith([]) });
	expect([...poor.device.features]).toEqual([]);
	expect(poor.subgroups).toEqual({ min: 0, max: 0, controlled: false });
	expect(() => requireHalf(poor)).toThrow(
		'storage is "f16", but made (a test) has no 16-bit floats (WebGPU\'s shader-f16); it must be "f32" there: change the ' +
			"study, or use another adapter",
	);
	const nvidia = { features: new Set(), adapterInfo: { vendor: "nvidia" } } as unknown as GPUDevice;
	expect(() => requireHalf({ ...poor, device: nvidia })).toThrow(
		"or use another adapter. Browsers hide those of NVIDIA's cards on Linux; on the command line, isoflop run has them",
	);
});
