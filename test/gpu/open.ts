import { create, globals } from "webgpu";
import { type Gpu, openGpu } from "../../src/gpu/device.ts";
import { restWhileWaiting } from "../../src/node/rest-while-waiting.ts";

let opened: Promise<Gpu> | undefined;

// Dawn ends the process when its instance is collected while a device lives.
let instance: GPU;

/** The test process's WebGPU, for tests that need a device of their own. */
export function testGpuInstance(): GPU {
	Object.assign(globalThis, globals);
	instance ??= create([]);
	return instance;
}

/** The test process's device. Validation errors that nobody awaits fail the process. */
export function testGpu(): Promise<Gpu> {
	opened ??= openGpu(testGpuInstance()).then((gpu) => {
		restWhileWaiting(gpu.device);
		gpu.device.onuncapturederror = ({ error }) => {
			throw new Error(`WebGPU: ${error.message}`);
		};
		return gpu;
	});
	return opened;
}
