import { fromStored, parameterShapes, toStored } from "../architecture/parameters.ts";
import type { Batch } from "../data/batches.ts";
import { type Gpu, requireHalf } from "../gpu/device.ts";
import { Memory, readTensor, writeTensor } from "../gpu/memory.ts";
import { reportOutOfMemory } from "../gpu/out-of-memory.ts";
import type { Clock, DispatchDescription, Program } from "../gpu/program.ts";
import type { StructArray } from "../gpu/struct-layout.ts";
import type { Ring, Tensor } from "../gpu/tensor.ts";
import { hyperArray } from "../kernels/optimizer-structs.ts";
import type { ModelState } from "../model/state.ts";
import { buildPrograms, type PackPrograms } from "./pack-programs.ts";
import type { PackShape } from "./pack-shape.ts";

/** The GPU side of runs that train together: memory, and one program for each part of a step. */
export class Pack {
	/** Filled by `writeHyper`. */
	private readonly hyper: StructArray;

	private constructor(
		readonly gpu: Gpu,
		readonly shape: PackShape,
		readonly memory: Memory,
		private readonly built: PackPrograms,
	) {
		this.hyper = hyperArray(shape.runs);
	}

	get state(): ModelState {
		return this.built.state;
	}

	get rings(): PackPrograms["rings"] {
		return this.built.rings;
	}

	/** Averaged weights by name, if kept. */
	get averages(): Map<string, Tensor> | undefined {
		return this.built.averages;
	}

	/** The step at which each run was frozen, or 0. */
	get frozen(): Tensor {
		return this.built.frozen;
	}

	/**
	 * Allocates, compiles and binds everything.
	 *
	 * @throws RangeError when a tensor exceeds the adapter's limits, memory runs out, or the adapter lacks 16-bit floats
	 */
	static async create(gpu: Gpu, shape: PackShape): Promise<Pack> {
		if (shape.storage === "f16") requireHalf(gpu);
		const memory = new Memory(gpu.device);
		try {
			return new Pack(
				gpu,
				shape,
				memory,
				await reportOutOfMemory(gpu, memory, () => buildPrograms(gpu, shape, memory)),
			);
		} catch (reason) {
			memory.destroy();
			throw reason;
		}
	}

	/**
	 * Runs work that allocates more of the pack's memory.
	 *
	 * @throws RangeError when memory runs out
	 */
	allocate<Result>(work: () => Result): Promise<Result> {
		return reportOutOfMemory(this.gpu, this.memory, work);
	}

	/** The programs of one micro-step. The first of several also measures its gradient norm; the last updates the parameters. */
	private programsOf(microStep: number): Program[] {
		const { microSteps } = this.shape;
		const within = microStep % microSteps;
		const { first, firstNorm, next, update } = this.built.programs;
		const programs = within === 0 ? [first!, ...(firstNorm ? [firstNorm] : [])] : [next!];
		return within === microSteps - 1 ? [...programs, update!] : programs;
	}

	/** The expected cost of each launch of micro-step `microStep`; see `Program.launchCosts`. */
	launchCosts(microStep: number): number[] {
		return this.programsOf(microStep).flatMap(({ launchCosts }) => launchCosts);
	}

	/** The dispatches of micro-step `microStep`; a dispatch that is cut appears once. */
	describe(microStep: number): DispatchDescription[] {
		return this.programsOf(microStep).flatMap((program) => program.describe());
	}

	/** Number of dispatches in one optimizer step. */
	get dispatchesPerStep(): number {
		return Array.from({ length: this.shape.microSteps }, (_, i) => this.describe(i).length).reduce((a, b) => a + b);
	}

	/** Sets a run's parameters by name, and its averaged weights to the same values. */
	loadParameters(run: number, parameters: ReadonlyMap<string, Float32Array>): void {
		for (const parameter of parameterShapes(this.shape.model)) {
			const { name } = parameter;
			const values = parameters.get(name);
			if (!values) throw new RangeError(`parameters: ${name} is missing; every tensor of the model must be given`);
			const stored = toStored(parameter, values);
			writeTensor(this.gpu.device, this.state.parameters.get(name)!, run, stored);
			const average = this.averages?.get(name);
			if (average) writeTensor(this.gpu.device, average, run, stored);
		}
	}

	/** A run's parameters by name, or the gradients of its last step before clipping. */
	async readRun(run: number, what: "parameters" | "gradients" = "parameters"): Promise<Map<string, Float32Array>> {
		const values = new Map<string, Float32Array>();
		for (const parameter of parameterShapes(this.shape.model)) {
			const all = await readTensor(this.gpu.device, this.state[what].get(parameter.name)!);
			const entries = all.length / this.shape.runs;
			values.set(parameter.name, fromStored(parameter, all.subarray(run * entries, (run + 1) * entries)));
		}
		return values;
	}

	/** Writes a micro-batch to its slot: one batch for each token stream. Runs that share tokens have one stream. */
	writeBatch(microStep: number, batches: Batch[]): void {
		const ids = batches.map((batch) => batch.ids);
		const order = batches.map((batch) => batch.order);
		this.writeSlot(this.rings.ids, microStep, ids);
		this.writeSlot(this.rings.order, microStep, order);
	}

	/** Writes the hyperparameters of a step to their slot, for every run in order (see `hyperValues`). */
	writeHyper(step: number, ofRuns: readonly Readonly<Record<string, number>>[]): void {
		const { hyper } = this.rings;
		for (const [run, values] of ofRuns.entries()) this.hyper.set(run, values);
		this.gpu.device.queue.writeBuffer(hyper.buffer, (step % hyper.slots) * hyper.slotBytes, this.hyper.f32);
	}

	/** Writes all copies in one call, because every call has a cost. */
	private writeSlot(ring: Ring, index: number, copies: readonly Uint32Array[]): void {
		const entries = new Uint32Array((copies.length - 1) * ring.runStride + copies.at(-1)!.length);
		for (const [i, copy] of copies.entries()) entries.set(copy, i * ring.runStride);
		this.gpu.device.queue.writeBuffer(ring.buffer, (index % ring.slots) * ring.slotBytes, entries);
	}

	/**
	 * Encodes a micro-step, or its launches from `from` up to but excluding `to`. The last micro-step of a step also updates
	 * the parameters.
	 */
	encodeMicroStep(pass: GPUComputePassEncoder, clock: Clock, from = 0, to = Number.POSITIVE_INFINITY): void {
		let begin = 0;
		for (const program of this.programsOf(clock.microStep)) {
			const { length } = program.launchCosts;
			const end = begin + length;
			if (from < end && to > begin)
				program.encode(pass, clock, Math.max(0, from - begin), Math.min(length, to - begin));
			begin = end;
		}
	}

	private evaluationProgram({ number, slot }: { number: number; slot: number }): Program {
		const ofAverage = slot >= (this.shape.evaluationSets ?? 1);
		return this.built.programs[`evaluate${ofAverage ? "Average" : ""}${number === 0 ? "First" : "Next"}`]!;
	}

	/** The expected cost of each launch of an evaluation's forward pass. */
	launchCostsOfEvaluation(pass: { number: number; slot: number }): readonly number[] {
		return this.evaluationProgram(pass).launchCosts;
	}

	/**
	 * Encodes the launches of an evaluation's forward pass `number`, from `from` up to but excluding `to`. The ring of losses
	 * has a slot for each validation set, then as many for the averaged weights.
	 *
	 * @param at.microStep the micro-step whose slot holds the tokens
	 */
	encodeEvaluation(
		pass: GPUComputePassEncoder,
		at: { microStep: number; number: number; slot: number },
		from: number,
		to: number,
	): void {
		this.evaluationProgram(at).encode(pass, { step: at.slot, microStep: at.microStep }, from, to);
	}

	/** Frees the GPU's memory. */
	destroy(): void {
		this.memory.destroy();
	}
}
