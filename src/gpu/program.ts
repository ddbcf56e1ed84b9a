import { compileKernel, type Kernel, type KernelSpec, ShaderError, uniformBytes } from "./kernel.ts";
import type { Memory } from "./memory.ts";
import { boundBytes, type Ring, type Tensor } from "./tensor.ts";

/**
 * A kernel, what it is bound to, and its grid: plain data, made by the wrappers in `src/kernels`.
 * Members of the uniform struct named `<binding>_run` (entries from run to run) are filled in from the tensors.
 */
export interface DispatchSpec {
	kernel: KernelSpec;
	bindings: Record<string, Tensor | Ring>;
	sizes: Record<string, number>;
	/** Workgroups in x, y, z. */
	grid: readonly [number, number, number];
	/** Model arithmetic of one run, FLOP: a multiply–add counts 2, recomputation nothing. */
	flops?: number;
}

interface Dispatch {
	kernel: Kernel;
	/** Of all runs. */
	flops: number;
	group: GPUBindGroup;
	/** Rings in order of binding number. */
	rings: Ring[];
	grid: readonly [number, number, number];
}

/** Which slot of the rings a replay uses. */
export interface Clock {
	step: number;
	microStep: number;
}

const isRing = (tensor: Tensor | Ring): tensor is Ring => "slots" in tensor;

/** Dispatches with pipelines and bind groups ready, to be replayed as often as wanted. */
export class Program {
	private constructor(private readonly dispatches: Dispatch[]) {}

	/** Number of dispatches. */
	get length(): number {
		return this.dispatches.length;
	}

	/** Every dispatch's kernel and model arithmetic. */
	describe(): { kernel: string; flops: number }[] {
		return this.dispatches.map(({ kernel, flops }) => ({ kernel: kernel.label, flops }));
	}

	/**
	 * Compiles what is not compiled yet, all at once, and binds it.
	 *
	 * @throws ShaderError for code that does not compile, and for missing, unknown or oversized bindings
	 */
	static async build(device: GPUDevice, memory: Memory, specs: DispatchSpec[]): Promise<Program> {
		const kernels = await Promise.all(
			specs.map(({ kernel, bindings }) =>
				compileKernel(device, { ...kernel, dynamic: Object.keys(bindings).filter((name) => isRing(bindings[name]!)) }),
			),
		);
		const uniforms = memory.buffer("sizes", Math.max(256, specs.length * 256), 0x40 | 0x08);
		device.pushErrorScope("validation");
		let scope: Promise<GPUError | null>;
		let dispatches: Dispatch[];
		try {
			dispatches = specs.map((spec, i) => bind(device, kernels[i]!, spec, uniforms, i * 256));
		} finally {
			scope = device.popErrorScope();
		}
		const error = await scope;
		if (error) throw new ShaderError(error.message);
		return new Program(dispatches);
	}

	/** Records the dispatches, or those from number `from` to before number `to`, into a compute pass. */
	encode(pass: GPUComputePassEncoder, clock: Clock, from = 0, to = this.dispatches.length): void {
		let pipeline: GPUComputePipeline | undefined;
		for (let i = from; i < to; i++) {
			const { kernel, group, rings, grid } = this.dispatches[i]!;
			if (pipeline !== kernel.pipeline) {
				pipeline = kernel.pipeline;
				pass.setPipeline(pipeline);
			}
			if (rings.length === 0) pass.setBindGroup(0, group);
			else {
				const offsets = rings.map((ring) => (clock[ring.clock] % ring.slots) * ring.slotBytes);
				pass.setBindGroup(0, group, offsets);
			}
			pass.dispatchWorkgroups(...grid);
		}
	}
}

function bind(
	device: GPUDevice,
	kernel: Kernel,
	{ bindings, sizes, grid, flops = 0 }: DispatchSpec,
	uniforms: GPUBuffer,
	offset: number,
): Dispatch {
	const unknown = Object.keys(bindings).filter((name) => !kernel.bindings.some((b) => b.name === name && !b.uniform));
	if (unknown.length) throw new ShaderError(`${kernel.label}: has no binding ${unknown.join(", ")}`);
	const most = device.limits.maxComputeWorkgroupsPerDimension;
	if (grid.some((size) => size < 1 || size > most || !Number.isInteger(size)))
		throw new ShaderError(`${kernel.label}: grid is ${grid}; each side must be a whole number from 1 to ${most}`);
	const entries = kernel.bindings.map(({ name, binding, uniform }): GPUBindGroupEntry => {
		if (uniform) {
			const values = { ...runStrides(kernel, name, bindings), ...sizes };
			const bytes = uniformBytes(kernel, name, values);
			device.queue.writeBuffer(uniforms, offset, bytes);
			return { binding, resource: { buffer: uniforms, offset, size: bytes.byteLength } };
		}
		const tensor = bindings[name];
		if (!tensor) throw new ShaderError(`${kernel.label}: nothing is bound to ${name}`);
		checkEntries(kernel, name, tensor);
		return { binding, resource: { buffer: tensor.buffer, offset: tensor.offset, size: boundBytes(tensor) } };
	});
	const rings = [...kernel.bindings]
		.sort((a, b) => a.binding - b.binding)
		.map(({ name }) => bindings[name])
		.filter((tensor): tensor is Ring => tensor !== undefined && isRing(tensor));
	return {
		kernel,
		flops: flops * grid[2],
		group: device.createBindGroup({ label: kernel.label, layout: kernel.layout, entries }),
		rings,
		grid,
	};
}

/** @throws ShaderError when the kernel would read or write entries of another width than the tensor has */
function checkEntries({ label, definitions }: Kernel, name: string, { half = false }: Tensor): void {
	const { elementType } = definitions.storages[name]!.typeDefinition as { elementType?: { type?: string } };
	const type = elementType?.type ?? "a struct";
	const expected = type === "f16" || type === "vec4h";
	const bits = (isHalf: boolean) => (isHalf ? 16 : 32);
	if (half !== expected)
		throw new ShaderError(
			`${label}: ${name} has entries of ${bits(half)} bits, the kernel's are ${type}, of ${bits(expected)}; they must agree`,
		);
}

/** The `<binding>_run` members of the uniform struct: 0 for a tensor that the runs share, or that is not bound. */
function runStrides(kernel: Kernel, uniform: string, bindings: DispatchSpec["bindings"]): Record<string, number> {
	const { fields = {} } = kernel.definitions.uniforms[uniform]!.typeDefinition as { fields?: Record<string, unknown> };
	const members = Object.keys(fields).filter((member) => member.endsWith("_run"));
	return Object.fromEntries(
		members.map((member) => {
			const tensor = bindings[member.slice(0, -"_run".length)];
			return [member, !tensor || tensor.shape[0] === 1 ? 0 : tensor.runStride];
		}),
	);
}
