import { create, globals } from "webgpu";
import { type Gpu, openGpu } from "../../src/gpu/device.ts";
import { DAWN_FLAGS } from "../../src/node/device/dawn-flags.ts";
import { restWhileWaiting } from "../../src/node/device/rest-while-waiting.ts";
import { softwareManifest } from "../../src/node/setup/adapter.mjs";

let opened: Promise<Gpu> | undefined;

// Dawn ends the process when its instance is collected while a device lives.
let instance: GPU;

/** The test process's WebGPU, for tests that need a device of their own. */
export function testGpuInstance(): GPU {
	Object.assign(globalThis, globals);
	instance ??= create([...DAWN_FLAGS]);
	return instance;
}

/** The test process's device. Validation errors that nobody awaits fail the process. */
export function testGpu(): Promise<Gpu> {
	opened ??= openGpu(testGpuInstance()).then(prepared);
	return opened;
}

function prepared(gpu: Gpu): Gpu {
	if (gpu.software) restWhileWaiting(gpu.device);
	gpu.device.onuncapturederror = ({ error }) => {
		throw new Error(`WebGPU: ${error.message}`);
	};
	return gpu;
}

let openedQuads: Promise<Gpu | undefined> | undefined;
let quadsInstance: GPU;

/**
 * A device whose subgroups have four invocations, beside the one that tests run on: SwiftShader's. Undefined where it is
 * not installed.
 */
export function quadsGpu(): Promise<Gpu | undefined> {
	openedQuads ??= openQuads();
	return openedQuads;
}

async function openQuads(): Promise<Gpu | undefined> {
	const manifest = softwareManifest("swiftshader");
	if (!manifest) return undefined;
	// The Vulkan loader reads the variable when Dawn first looks for adapters: by then the other device must be open.
	await testGpu();
	const before = process.env.VK_DRIVER_FILES;
	process.env.VK_DRIVER_FILES = manifest;
	quadsInstance = create([...DAWN_FLAGS]);
	try {
		return prepared(await openGpu(quadsInstance));
	} finally {
		if (before === undefined) delete process.env.VK_DRIVER_FILES;
		else process.env.VK_DRIVER_FILES = before;
	}
}
