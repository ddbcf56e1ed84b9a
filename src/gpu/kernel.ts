import "./float16.ts";
import { makeShaderDataDefinitions, type ShaderDataDefinitions, type StructDefinition } from "webgpu-utils";
import { ShaderError, type ShaderFile } from "./shader.ts";
import { StructArray, StructLayout } from "./struct-layout.ts";
import { requiredSize, subgroupSizes, withSubgroupSize } from "./subgroups.ts";
import { unroll } from "./unroll.ts";

/** An entry point of a WGSL file, and the header that precedes the file. */
export interface KernelSpec {
	shader: ShaderFile;
	entryPoint: string;
	/** WGSL for tile sizes and element types, prepended to the file. May contain `enable` lines anywhere. */
	header?: string;
	/** The smallest subgroup that it is right for; workgroups hold a multiple. By default it uses none. */
	subgroup?: number | undefined;
	/** Names of bindings with a dynamic offset. */
	dynamic?: readonly string[];
}

/** A compiled WGSL entry point and its bindings by name. */
export interface Kernel {
	label: string;
	pipeline: GPUComputePipeline;
	layout: GPUBindGroupLayout;
	/** In order of binding number. `uniform` marks the struct of sizes. */
	bindings: { name: string; binding: number; uniform: boolean }[];
	definitions: ShaderDataDefinitions;
}

const cache = new WeakMap<GPUDevice, Map<string, Promise<Kernel>>>();

/** Compiles a kernel, once per device. */
export function compileKernel(device: GPUDevice, spec: KernelSpec): Promise<Kernel> {
	const kernels = cache.get(device) ?? new Map<string, Promise<Kernel>>();
	cache.set(device, kernels);
	const key = [spec.shader.file, spec.entryPoint, spec.header, spec.subgroup, ...(spec.dynamic ?? [])].join("\n");
	const kernel = kernels.get(key) ?? compile(device, spec);
	kernels.set(key, kernel);
	return kernel;
}

async function compile(device: GPUDevice, spec: KernelSpec): Promise<Kernel> {
	const { shader, entryPoint, dynamic = [] } = spec;
	const header = enablesFirst(spec.header ?? "");
	const label = `${shader.file} ${entryPoint}`;
	const source = `${header}\n${shader.code}`;
	const failure = async (reason: unknown) =>
		new ShaderError((await compilerMessage(device, label, header, source)) ?? `${label}: ${(reason as Error).message}`);
	let definitions: ShaderDataDefinitions;
	try {
		definitions = makeShaderDataDefinitions(source);
	} catch (reason) {
		throw await failure(reason);
	}
	const entry = definitions.entryPoints[entryPoint];
	if (!entry) throw new ShaderError(`${shader.file}: has no entry point ${entryPoint}`);
	const storages = entry.resources.filter(({ name }) => name in definitions.storages).length;
	const most = device.limits.maxStorageBuffersPerShaderStage;
	if (storages > most)
		throw new ShaderError(
			`${label}: binds ${storages} storage buffers; this adapter's kernels may bind ${most} at most`,
		);
	const layout = device.createBindGroupLayout({
		label,
		entries: entry.resources.map(({ name, entry: { binding, buffer } }) => ({
			binding,
			visibility: 4, // GPUShaderStage.COMPUTE
			buffer: { ...buffer, hasDynamicOffset: dynamic.includes(name) },
		})),
	});
	device.pushErrorScope("validation");
	const size = spec.subgroup && requiredSize(subgroupSizes(device.adapterInfo, device.features), spec.subgroup);
	const unrolled = unroll(source);
	const code = size ? withSubgroupSize(unrolled, entryPoint, size) : unrolled;
	const module = device.createShaderModule({ label, code });
	const scope = device.popErrorScope();
	const pipeline = await device
		.createComputePipelineAsync({
			label,
			layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
			compute: { module, entryPoint },
		})
		.catch(async (reason: unknown) => {
			throw await failure(reason);
		});
	await scope;
	return {
		label,
		pipeline,
		layout,
		bindings: entry.resources.map(({ name, entry: { binding } }) => ({
			name,
			binding,
			uniform: name in definitions.uniforms,
		})),
		definitions,
	};
}

/** WGSL requires `enable` lines to come first. */
function enablesFirst(header: string): string {
	const isEnable = (line: string) => line.startsWith("enable ");
	const lines = header.split("\n");
	return [...lines.filter(isEnable), ...lines.filter((line) => !isEnable(line))].join("\n");
}

/** The compiler's first error, with line numbers of the file itself: without the header, before loops are unrolled. */
async function compilerMessage(device: GPUDevice, label: string, header: string, source: string) {
	device.pushErrorScope("validation");
	const module = device.createShaderModule({ label, code: source });
	const [{ messages }] = await Promise.all([module.getCompilationInfo(), device.popErrorScope()]);
	const error = messages.find((message) => message.type === "error");
	if (!error) return undefined;
	const line = error.lineNum - header.split("\n").length;
	return `${label}, line ${line}: ${error.message}\n    ${source.split("\n")[error.lineNum - 1]?.trim() ?? ""}`;
}

/** The layout of a kernel's uniform struct. */
export function uniformLayout({ label, definitions }: Kernel, name: string): StructLayout {
	return new StructLayout(label, name, definitions.uniforms[name]!.typeDefinition as StructDefinition);
}

/**
 * Encodes the values of a kernel's uniform struct.
 *
 * @throws ShaderError when a member is missing, unknown or not a number
 */
export function uniformBytes(kernel: Kernel, name: string, values: Record<string, number>): Uint8Array<ArrayBuffer> {
	const struct = new StructArray(uniformLayout(kernel, name), 1);
	struct.set(0, values);
	return new Uint8Array(struct.u32.buffer);
}
