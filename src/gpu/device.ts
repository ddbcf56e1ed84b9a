import { adapterName } from "./adapter-name.ts";
import { type SubgroupSizes, subgroupSizes } from "./subgroups.ts";
import type { Variants } from "./variants.ts";

/** A device, and the properties of its adapter that the rest of the program uses. */
export interface Gpu {
	device: GPUDevice;
	/** For display, for a run's record and for what is kept of the adapter; see `adapterName`. */
	name: string;
	/** The fastest variants of the kernels on this adapter; empty from `openGpu`. See `tunedFrom`. */
	variants: Variants;
	/** Model arithmetic of the slowest operation measured, FLOP per millisecond; Infinity before it is measured. See `tunedFrom`. */
	flopsPerMillisecond: number;
	subgroups: SubgroupSizes;
	/** Whether the adapter computes on the CPU. */
	software: boolean;
	/** Resolves when the device is lost, with a message for the user. */
	lost: Promise<string>;
}

/** WebGPU is not usable; the message says what is missing and what to do. */
export class GpuUnavailableError extends Error {
	override name = "GpuUnavailableError";
}

/**
 * Checks that the adapter supports the 16-bit floats that 16-bit activations need.
 *
 * @throws RangeError naming the adapter and what to do
 */
export function requireHalf({ device, name }: Pick<Gpu, "device" | "name">): void {
	if (device.features.has("shader-f16")) return;
	throw new RangeError(
		`storage is "f16", but ${name} has no 16-bit floats (WebGPU's shader-f16); it must be "f32" there: ` +
			`change the study, or use another adapter${device.adapterInfo?.vendor === "nvidia" ? HIDDEN_HALF : ""}`,
	);
}

const HIDDEN_HALF = ". Browsers hide those of NVIDIA's cards on Linux; on the command line, isoflop run has them";

/** Limits that are raised as far as the adapter allows; isoflop also works with their defaults. */
const RAISED = ["maxBufferSize", "maxStorageBufferBindingSize"] as const;

/** The most storage buffers that a kernel binds, if the adapter allows it; WebGPU's default limit is 8. */
const STORAGE_BUFFERS = 10;

// Newer than the types.
const SIZE_CONTROL = "subgroup-size-control" as GPUFeatureName;

/** Features that kernels use if the adapter has them. */
const OPTIONAL: readonly GPUFeatureName[] = ["subgroups", SIZE_CONTROL, "shader-f16"];

/** Features for measurements: a processor's time is told as well by the clock, and without readbacks. */
const FOR_GPUS: readonly GPUFeatureName[] = ["timestamp-query"];

/**
 * Opens a device on the high-performance adapter of `gpu`, with limits raised as far as the adapter allows.
 *
 * @throws GpuUnavailableError when no adapter or device is available
 */
export async function openGpu(gpu: GPU, options: { adapter?: GPUAdapter } = {}): Promise<Gpu> {
	const adapter = options.adapter ?? (await gpu.requestAdapter({ powerPreference: "high-performance" }));
	if (!adapter) throw new GpuUnavailableError("WebGPU: no adapter found; a GPU or a software Vulkan driver is needed");
	const software = adapter.info.isFallbackAdapter;
	const wanted = software ? OPTIONAL : [...OPTIONAL, ...FOR_GPUS];
	const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
	const requiredLimits = {
		...Object.fromEntries(RAISED.map((limit) => [limit, adapter.limits[limit]])),
		maxStorageBuffersPerShaderStage: Math.min(adapter.limits.maxStorageBuffersPerShaderStage, STORAGE_BUFFERS),
	};
	const device = await adapter.requestDevice({ requiredFeatures, requiredLimits }).catch((reason: Error) => {
		throw new GpuUnavailableError(`WebGPU: ${adapterName(adapter.info)} gives no device: ${reason.message}`);
	});
	const name = adapterName(adapter.info);
	const lost = device.lost.then(({ reason, message }) =>
		reason === "destroyed" ? `${name}: the device was closed` : `${name}: the GPU device was lost: ${message}`,
	);
	const subgroups = subgroupSizes(adapter.info, device.features);
	return { device, name, variants: {}, flopsPerMillisecond: Number.POSITIVE_INFINITY, subgroups, software, lost };
}
