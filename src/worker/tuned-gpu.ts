import { adapterName, type Gpu, openGpu } from "../gpu/device.ts";
import { keptTuning, tunedFrom } from "../gpu/kept-tuning.ts";
import type { Tuning } from "../gpu/tuning.ts";
import { TUNING_PROBLEMS } from "../kernels/tuning-problems.ts";
import { privateTunings } from "./tuning-store.ts";

/** The best adapter's name. Opens no device; rejects when there is no adapter. */
export async function bestAdapter(): Promise<string> {
	const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
	if (!adapter) throw new Error("This browser gives workers no WebGPU adapter.");
	return adapterName(adapter);
}

/** The best adapter's device with the fastest variants of the kernels and their speed: measured once, then kept. */
export async function openTuned(): Promise<Gpu> {
	const gpu = await openGpu(navigator.gpu);
	const { variants, flopsPerMillisecond } = await tunedFrom(privateTunings, gpu, TUNING_PROBLEMS);
	return { ...gpu, variants, flopsPerMillisecond };
}

/** What was measured on the best adapter, if it was. Opens no device. */
export async function tuningHere(): Promise<Tuning | undefined> {
	return keptTuning(privateTunings, await bestAdapter(), TUNING_PROBLEMS);
}

/** Measures the best adapter anew, on a device of its own, and keeps it. Rejects when that device is lost. */
export async function tuneAnew(): Promise<Tuning> {
	const gpu = await openGpu(navigator.gpu);
	// A call that waits for a lost device may never return.
	const lost = gpu.lost.then((reason): never => {
		throw new Error(reason);
	});
	lost.catch(() => {});
	try {
		return await Promise.race([tunedFrom(privateTunings, gpu, TUNING_PROBLEMS, { anew: true }), lost]);
	} finally {
		gpu.device.destroy();
	}
}

/** Forgets what was measured on the best adapter: the next device is measured again. */
export async function forgetTuning(): Promise<void> {
	await privateTunings.remove(await bestAdapter());
}
