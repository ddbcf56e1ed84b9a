import { adapterName } from "../gpu/adapter-name.ts";
import { type Gpu, openGpu } from "../gpu/device.ts";
import { keptTuning, tunedFrom } from "../gpu/kept-tuning.ts";
import type { Tuning } from "../gpu/tuning.ts";
import { TUNING_PROBLEMS } from "../kernels/tuning-problems.ts";
import type { OnMeasured } from "./protocol.ts";
import { privateTunings } from "./tuning-store.ts";

/** The best adapter's name, without opening a device. Rejects without an adapter. */
export async function bestAdapter(): Promise<string> {
	const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
	if (!adapter) throw new Error("This browser has no WebGPU adapter for workers.");
	return adapterName(adapter.info);
}

/** A device of the best adapter, with its fastest kernel variants. They are measured once and kept. */
export async function openTunedGpu(onMeasured?: OnMeasured): Promise<Gpu> {
	const gpu = await openGpu(navigator.gpu);
	const options = onMeasured && { progress: onMeasured };
	const { variants, flopsPerMillisecond } = await tunedFrom(privateTunings, gpu, TUNING_PROBLEMS, options);
	return { ...gpu, variants, flopsPerMillisecond };
}

/** The kept measurements of the best adapter, if any, without opening a device. */
export async function loadTuning(): Promise<Tuning | undefined> {
	return keptTuning(privateTunings, await bestAdapter(), TUNING_PROBLEMS);
}

/** Measures the kernels on the best adapter and keeps the result. Rejects when the device is lost. */
export async function measureTuning(onMeasured?: OnMeasured): Promise<Tuning> {
	const gpu = await openGpu(navigator.gpu);
	const options = { anew: true, ...(onMeasured && { progress: onMeasured }) };
	try {
		return await tunedFrom(privateTunings, gpu, TUNING_PROBLEMS, options);
	} finally {
		gpu.device.destroy();
	}
}

/** Deletes the measurements of the best adapter, which are then made again when needed. */
export async function forgetTuning(): Promise<void> {
	await privateTunings.remove(await bestAdapter());
}
