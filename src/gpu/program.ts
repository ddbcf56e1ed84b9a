import { compileKernel, type Kernel, type KernelSpec, uniformBytes, uniformLayout } from "./kernel.ts";
import type { Memory } from "./memory.ts";
import { cutGrid, type Grid, type Piece } from "./pieces.ts";
import { ShaderError } from "./shader.ts";
import { boundBytes, heldBytes, type Ring, type Tensor } from "./tensor.ts";

/**
 * A kernel, its bindings and its grid: plain data, made by the wrappers in `src/kernels`.
 * Members of the uniform struct named `<binding>_run` (entries from one run to the next) are filled in from the tensors. A
 * kernel can be cut into pieces if its struct has `origin_x`, `origin_y` and `origin_z` (for one-dimensional grids, `origin_x`):
 * a piece's first workgroup.
 */
export interface DispatchSpec {
	kernel: KernelSpec;
	bindings: Record<string, Tensor | Ring>;
	sizes: Record<string, number>;
	grid: Grid;
	/** Model arithmetic of one run, in FLOP: 2 for each multiply–add, without recomputation. */
	flops?: number;
	/** For a slow kernel without model arithmetic: the arithmetic of all runs that would take as long. Unit: FLOP. */
	cost?: number;
}

/** One dispatch command: a dispatch or a piece of one. */
interface Launch {
	kernel: Kernel;
	/** Model arithmetic of all runs, and the arithmetic that would take as long as this launch. Unit: FLOP. */
	flops: number;
	cost: number;
	/** Bytes of all that is bound to its dispatch. */
	bytes: number;
	group: GPUBindGroup;
	/** Rings in order of binding number. */
	rings: Ring[];
	grid: Grid;
}

/** A description of a dispatch, for display and for measurements. */
export interface DispatchDescription {
	/** "linear.wgsl forward" */
	kernel: string;
	/** Model arithmetic of all runs, in FLOP. */
	flops: number;
	/** Bytes of all that is bound to it: what it moves if it reads or writes each once. */
	bytes: number;
	/** Number of pieces; 1 if it is not cut. */
	launches: number;
}

/** Which slot of the rings a replay uses. */
export interface Clock {
	step: number;
	microStep: number;
}

/** Bytes from one launch's uniform struct to the next in their common buffer. */
const SLOT = 256;

const isRing = (tensor: Tensor | Ring): tensor is Ring => "slots" in tensor;

/** Dispatches with pipelines and bind groups, ready to be replayed any number of times. */
export class Program {
	/** The launches of all dispatches, in order. */
	private readonly launches: Launch[];
	/**
	 * The expected cost of each launch in FLOP: its model arithmetic for all runs, or the arithmetic that would take as long;
	 * 0 if unknown.
	 */
	readonly launchCosts: readonly number[];

	private constructor(private readonly dispatches: Launch[][]) {
		this.launches = dispatches.flat();
		this.launchCosts = this.launches.map(({ cost }) => cost);
	}

	/** All dispatches in order; one that is cut appears once. Launches are numbered in the same order. */
	describe(): DispatchDescription[] {
		return this.dispatches.map((launches) => ({
			kernel: launches[0]!.kernel.label,
			flops: launches.reduce((sum, { flops }) => sum + flops, 0),
			bytes: launches[0]!.bytes,
			launches: launches.length,
		}));
	}

	/**
	 * Compiles missing kernels in parallel and creates the bind groups.
	 *
	 * @param options.mostFlops maximum cost of one launch; dispatches that cost more are cut if their kernel allows it
	 * @throws ShaderError for code that does not compile, and for missing, unknown or oversized bindings
	 */
	static async build(
		device: GPUDevice,
		memory: Memory,
		specs: DispatchSpec[],
		{ mostFlops = Number.POSITIVE_INFINITY }: { mostFlops?: number } = {},
	): Promise<Program> {
		const kernels = await Promise.all(
			specs.map(({ kernel, bindings }) =>
				compileKernel(device, { ...kernel, dynamic: Object.keys(bindings).filter((name) => isRing(bindings[name]!)) }),
			),
		);
		const pieces = specs.map((spec, i) => piecesOf(device, kernels[i]!, spec, mostFlops));
		const count = pieces.reduce((sum, { length }) => sum + length, 0);
		const uniforms = memory.buffer("sizes", Math.max(1, count) * SLOT, 0x40 | 0x08);
		device.pushErrorScope("validation");
		let scope: Promise<GPUError | null>;
		let dispatches: Launch[][];
		let slot = 0;
		try {
			dispatches = specs.map((spec, i) =>
				pieces[i]!.map((piece) => bind(device, kernels[i]!, spec, piece, uniforms, SLOT * slot++)),
			);
		} finally {
			scope = device.popErrorScope();
		}
		const error = await scope;
		if (error) throw new ShaderError(error.message);
		return new Program(dispatches);
	}

	/** Encodes the launches, from `from` up to but excluding `to`, into a compute pass. */
	encode(pass: GPUComputePassEncoder, clock: Clock, from = 0, to = this.launches.length): void {
		let pipeline: GPUComputePipeline | undefined;
		for (let i = from; i < to; i++) {
			const { kernel, group, rings, grid } = this.launches[i]!;
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

/** @throws ShaderError when the adapter cannot dispatch the grid */
function piecesOf(device: GPUDevice, kernel: Kernel, spec: DispatchSpec, mostFlops: number): Piece[] {
	const { grid, flops = 0, cost } = spec;
	const most = device.limits.maxComputeWorkgroupsPerDimension;
	if (grid.some((size) => size < 1 || size > most || !Number.isInteger(size)))
		throw new ShaderError(`${kernel.label}: grid is ${grid}; each side must be a whole number from 1 to ${most}`);
	const uniform = kernel.bindings.find((binding) => binding.uniform);
	const canBeCut = uniform !== undefined && uniformLayout(kernel, uniform.name).names.includes("origin_x");
	return cutGrid(grid, cost ?? flops * grid[2], canBeCut ? mostFlops : Number.POSITIVE_INFINITY);
}

function bind(
	device: GPUDevice,
	kernel: Kernel,
	{ bindings, sizes, cost }: DispatchSpec,
	{ origin, grid, flops }: Piece,
	uniforms: GPUBuffer,
	offset: number,
): Launch {
	const unknown = Object.keys(bindings).filter((name) => !kernel.bindings.some((b) => b.name === name && !b.uniform));
	if (unknown.length) throw new ShaderError(`${kernel.label}: has no binding ${unknown.join(", ")}`);
	const entries = kernel.bindings.map(({ name, binding, uniform }): GPUBindGroupEntry => {
		if (uniform) {
			const values = { ...derivedMembers(uniformLayout(kernel, name).names, bindings, origin), ...sizes };
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
		flops: cost === undefined ? flops : 0,
		cost: flops,
		bytes: Object.values(bindings).reduce((sum, tensor) => sum + heldBytes(tensor), 0),
		group: device.createBindGroup({ label: kernel.label, layout: kernel.layout, entries }),
		rings,
		grid,
	};
}

/** @throws ShaderError when the kernel's and the tensor's entries differ in width */
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

/**
 * The members of the uniform struct that wrappers omit: `<binding>_run`, which is 0 for a tensor that is shared by the runs or
 * not bound, and the piece's first workgroup.
 */
function derivedMembers(members: string[], bindings: DispatchSpec["bindings"], origin: Grid): Record<string, number> {
	const origins: Record<string, number> = { origin_x: origin[0], origin_y: origin[1], origin_z: origin[2] };
	const values: Record<string, number> = {};
	for (const member of members)
		if (member in origins) values[member] = origins[member]!;
		else if (member.endsWith("_run")) {
			const tensor = bindings[member.slice(0, -"_run".length)];
			values[member] = !tensor || tensor.shape[0] === 1 ? 0 : tensor.runStride;
		}
	return values;
}
