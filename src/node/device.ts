import { create, globals } from "webgpu";
import { adapterName, type Gpu, GpuUnavailableError, openGpu } from "../gpu/device.ts";
import { restWhileWaiting } from "./device/rest-while-waiting.ts";

/** An adapter as `isoflop adapters` lists it. */
export interface AdapterDescription {
	/** What `--adapter` looks in. */
	name: string;
	/** The API that it is driven through, such as "vulkan". */
	backend: string;
	/** As runs and tunings name it. */
	adapter: string;
	description: string;
	vendor: string;
	architecture: string;
	/** Whether it computes in software. */
	software: boolean;
	features: string[];
	limits: { maxBufferSize: number; maxStorageBufferBindingSize: number; maxComputeWorkgroupStorageSize: number };
}

const WHAT_TO_DO =
	"a GPU with its driver is needed, or a software one such as lavapipe (Debian: mesa-vulkan-drivers from backports)";

// GPUBufferUsage, GPUShaderStage and the others, as browsers have them.
Object.assign(globalThis, globals);

/** Dawn's instances. Their devices fail once an instance is garbage collected, so they stay. */
const instances: GPU[] = [];

function createGpu(flags: string[]): GPU {
	const gpu = create(flags);
	instances.push(gpu);
	return gpu;
}

/** The device of the adapter whose name contains `wanted`, ignoring case; of the best adapter when absent. */
export async function openDevice(wanted?: string): Promise<Gpu> {
	const { gpu, adapter } = await wantedAdapter(wanted);
	const opened = await openGpu(gpu, { adapter });
	restWhileWaiting(opened.device);
	return opened;
}

async function wantedAdapter(wanted: string | undefined): Promise<{ gpu: GPU; adapter: GPUAdapter }> {
	if (wanted === undefined) {
		const gpu = createGpu([]);
		const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
		if (!adapter) throw new GpuUnavailableError(`WebGPU: no adapter found; ${WHAT_TO_DO}`);
		return { gpu, adapter };
	}
	const names = await adapterNames();
	const found = names.find(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
	if (!found) {
		const known = names.map(({ name }) => `"${name}"`).join(", ") || `none; ${WHAT_TO_DO}`;
		throw new GpuUnavailableError(`--adapter: no adapter's name contains "${wanted}"; there are ${known}`);
	}
	return adapterNamed(found.name);
}

/** All adapters that Dawn can drive. */
export async function describeAdapters(): Promise<AdapterDescription[]> {
	const descriptions: AdapterDescription[] = [];
	for (const { name, backend } of await adapterNames()) {
		const { adapter } = await adapterNamed(name);
		const { info, features, limits } = adapter;
		const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = limits;
		descriptions.push({
			name,
			backend,
			adapter: adapterName(adapter),
			description: info.description,
			vendor: info.vendor,
			architecture: info.architecture,
			software: info.isFallbackAdapter,
			features: [...features].sort(),
			limits: { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize },
		});
	}
	return descriptions;
}

async function adapterNamed(name: string): Promise<{ gpu: GPU; adapter: GPUAdapter }> {
	const gpu = createGpu([`adapter=${name}`]);
	const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
	if (!adapter) throw new GpuUnavailableError(`WebGPU: the adapter "${name}" cannot be used`);
	return { gpu, adapter };
}

/** Dawn names its adapters only in the message of asking for one that does not exist (see the README of `webgpu`). */
async function adapterNames(): Promise<{ name: string; backend: string }[]> {
	const refusal = await createGpu(["adapter=no adapter has this name"])
		.requestAdapter()
		.then(
			() => "",
			(error: Error) => error.message,
		);
	return [...refusal.matchAll(/backend: '(.*)', name: '(.*)'/g)].map(([, backend, name]) => ({
		name: name!,
		backend: backend!,
	}));
}
