import { create, globals } from "webgpu";
import { adapterName } from "../gpu/adapter-name.ts";
import { type Gpu, GpuUnavailableError, openGpu } from "../gpu/device.ts";
import { DAWN_FLAGS } from "./device/dawn-flags.ts";
import { withoutLimitWarnings } from "./device/quiet-limits.ts";
import { restWhileWaiting } from "./device/rest-while-waiting.ts";

/** An adapter as `isoflop adapters` lists it. */
export interface AdapterDescription {
	/** `--adapter` matches this name. */
	name: string;
	/** The graphics API, such as "vulkan". */
	backend: string;
	/** The name in results and kernel measurements. */
	adapter: string;
	description: string;
	vendor: string;
	architecture: string;
	device: string;
	/** Whether it runs on the CPU. */
	software: boolean;
	features: string[];
	limits: { maxBufferSize: number; maxStorageBufferBindingSize: number; maxComputeWorkgroupStorageSize: number };
}

/** How to get an adapter. */
export const ADAPTER_ADVICE =
	"install the GPU's driver, or a software adapter such as lavapipe (Debian: mesa-vulkan-drivers from backports)";

// Makes GPUBufferUsage, GPUShaderStage and others global, as in browsers.
Object.assign(globalThis, globals);

/** Keeps Dawn's instances alive: garbage collection of an instance breaks its devices. */
const instances: GPU[] = [];

function createGpu(flags: string[] = []): GPU {
	const gpu = create([...DAWN_FLAGS, ...flags]);
	instances.push(gpu);
	return gpu;
}

function bestAdapter(gpu: GPU): Promise<GPUAdapter | null> {
	return withoutLimitWarnings(() => gpu.requestAdapter({ powerPreference: "high-performance" }));
}

/** Opens a device on the adapter whose name contains `wanted`, ignoring case; by default on the best adapter. */
export async function openDevice(wanted?: string): Promise<Gpu> {
	const { gpu, adapter } = await wantedAdapter(wanted);
	const opened = await openGpu(gpu, { adapter });
	// Waiting for a GPU must not add half a millisecond to what it takes, and takes no processor from it.
	if (opened.software) restWhileWaiting(opened.device);
	return opened;
}

async function wantedAdapter(wanted: string | undefined): Promise<{ gpu: GPU; adapter: GPUAdapter }> {
	if (wanted === undefined) {
		const gpu = createGpu();
		const adapter = await bestAdapter(gpu).catch(() => null);
		if (!adapter) throw new GpuUnavailableError(`WebGPU: no adapter found; ${ADAPTER_ADVICE}`);
		return { gpu, adapter };
	}
	const names = await adapterNames();
	const found = names.find(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
	if (!found) {
		const known = names.map(({ name }) => `"${name}"`).join(", ") || `none; ${ADAPTER_ADVICE}`;
		throw new GpuUnavailableError(`--adapter: no adapter name contains "${wanted}"; the adapters are ${known}`);
	}
	return adapterNamed(found.name);
}

/** All adapters that Dawn supports. */
export async function describeAdapters(): Promise<AdapterDescription[]> {
	const descriptions: AdapterDescription[] = [];
	for (const { name, backend } of await adapterNames()) {
		const { adapter } = await adapterNamed(name);
		const { info, features, limits } = adapter;
		const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = limits;
		descriptions.push({
			name,
			backend,
			adapter: adapterName(info),
			description: info.description,
			vendor: info.vendor,
			architecture: info.architecture,
			device: info.device,
			software: info.isFallbackAdapter,
			features: [...features].sort(),
			limits: { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize },
		});
	}
	return descriptions;
}

async function adapterNamed(name: string): Promise<{ gpu: GPU; adapter: GPUAdapter }> {
	const gpu = createGpu([`adapter=${name}`]);
	const adapter = await bestAdapter(gpu);
	if (!adapter) throw new GpuUnavailableError(`WebGPU: the adapter "${name}" could not be opened`);
	return { gpu, adapter };
}

/** Dawn lists its adapters only in the error for an unknown adapter (see the README of the package `webgpu`). */
async function adapterNames(): Promise<{ name: string; backend: string }[]> {
	const refusal = await bestAdapter(createGpu(["adapter=no adapter has this name"])).then(
		() => "",
		(error: Error) => error.message,
	);
	return [...refusal.matchAll(/backend: '(.*)', name: '(.*)'/g)].map(([, backend, name]) => ({
		name: name!,
		backend: backend!,
	}));
}
