import { type Gpu, openGpu } from "../gpu/device.ts";
import { probeSpeed } from "../kernels/probe-speed.ts";
import type { Speed } from "../study/cost.ts";

/** The longest that a measurement may take, milliseconds. */
const LIMIT = 500;

/** Training reaches about this share of the probe's arithmetic: small matrices, and kernels that only move data. */
const TRAINING_SHARE = 0.5;

/** How fast the best adapter will train, by a quick measurement; null where it cannot be had. */
export async function quickSpeed(): Promise<Speed | null> {
	const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
	// Adapters that compute on the processor take seconds to compile a kernel.
	if (!adapter || adapter.info.isFallbackAdapter) return null;
	const gpu = await openGpu(navigator.gpu, { adapter });
	try {
		return await withinLimit(gpu);
	} finally {
		gpu.device.destroy();
	}
}

async function withinLimit(gpu: Gpu): Promise<Speed | null> {
	const over = new Promise<null>((resolve) => setTimeout(() => resolve(null), LIMIT));
	const probed = probeSpeed(gpu).then(({ flopsPerSecond, secondsPerDispatch }) => ({
		flopsPerSecond: TRAINING_SHARE * flopsPerSecond,
		secondsPerDispatch,
	}));
	// What is still under way when the device is closed fails.
	return Promise.race([probed.catch(() => null), gpu.lost.then(() => null), over]);
}
