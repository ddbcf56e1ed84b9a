import type { Batch } from "../data/batches.ts";
import type { Gpu } from "../gpu/device.ts";
import { Memory, writeTensor } from "../gpu/memory.ts";
import { type Clock, type DispatchSpec, Program } from "../gpu/program.ts";
import type { Ring } from "../gpu/tensor.ts";
import { HYPER_WORDS, optimizer } from "../kernels/optimizer.ts";
import type { ModelConfig } from "../model/config.ts";
import { createState, type ModelState } from "../model/state.ts";
import { backward, createActivations, type Feed, forward } from "../model/transformer.ts";

/** What runs of a pack have in common. */
export interface PackShape {
	model: ModelConfig;
	runs: number;
	/** Sequences per forward and backward pass. */
	microBatchSequences: number;
	/** Forward and backward passes per optimiser step. */
	microSteps: number;
	/** Whether all runs read the same tokens. */
	sharedTokens: boolean;
	/** Forward passes of one evaluation. */
	evaluationSteps: number;
	/** Micro-steps that can be handed to the GPU at once. */
	slots: number;
}

/** Loss and gradient norm: the entries of a step's metrics. */
export const METRICS_WORDS = 2;

/** The GPU side of runs that train together: memory, and one program for each part of a step. */
export class Pack {
	private constructor(
		readonly gpu: Gpu,
		readonly shape: PackShape,
		readonly memory: Memory,
		readonly state: ModelState,
		readonly rings: { ids: Ring; order: Ring; hyper: Ring; metrics: Ring; validation: Ring },
		private readonly programs: Record<"first" | "next" | "update" | "evaluateFirst" | "evaluateNext", Program>,
	) {}

	/**
	 * Allocates, compiles and binds everything.
	 *
	 * @throws RangeError when a tensor is over the adapter's limits, or its memory is not enough
	 */
	static async create(gpu: Gpu, shape: PackShape): Promise<Pack> {
		const { device } = gpu;
		const memory = new Memory(device);
		device.pushErrorScope("out-of-memory");
		const built = await Pack.build(gpu, shape, memory).catch((reason: Error) => reason);
		const outOfMemory = await device.popErrorScope();
		if (built instanceof Pack && !outOfMemory) return built;
		const { bytes } = memory;
		memory.destroy();
		if (outOfMemory)
			throw new RangeError(`${gpu.name}: ${bytes} bytes asked for, not all to be had; use smaller packs`);
		throw built;
	}

	private static async build(gpu: Gpu, shape: PackShape, memory: Memory): Promise<Pack> {
		const { model, runs, microBatchSequences: sequences, slots } = shape;
		const state = createState(memory, model, runs, sequences * model.context);
		const activations = createActivations(memory, model, runs, sequences);
		const streams = shape.sharedTokens ? 1 : runs;
		const rings = {
			ids: memory.ring("ids", [streams, sequences, model.context + 1], slots, "microStep"),
			order: memory.ring("order", [streams, sequences * model.context], slots, "microStep"),
			hyper: memory.ring("hyper", [runs, HYPER_WORDS], slots, "step"),
			metrics: memory.ring("metrics", [runs, METRICS_WORDS], slots, "step"),
			validation: memory.ring("validation", [runs, 1], 1, "step"),
		};
		const forOptimizer = {
			...state.all,
			squares: memory.tensor("squares", [1, state.all.segments.shape[1]! * 64]),
			scales: memory.tensor("scales", [1, runs]),
			hyper: rings.hyper,
			metrics: rings.metrics,
		};
		const feed: Feed = { ids: rings.ids, order: rings.order, loss: rings.metrics };
		const tokens = sequences * model.context;
		const pass = (accumulate: boolean): DispatchSpec[] => {
			const options = { scale: 1 / (tokens * shape.microSteps), accumulate };
			return [
				...forward(model, state, activations, feed, options),
				...backward(model, state, activations, feed, options),
			];
		};
		const evaluate = (accumulate: boolean) => {
			const options = { scale: 1 / (tokens * shape.evaluationSteps), accumulate };
			return forward(model, state, activations, { ...feed, loss: rings.validation }, options);
		};
		const build = (specs: DispatchSpec[]) => Program.build(gpu.device, memory, specs);
		const first = await build(pass(false));
		return new Pack(gpu, shape, memory, state, rings, {
			first,
			next: shape.microSteps > 1 ? await build(pass(true)) : first,
			update: await build(optimizer(forOptimizer)),
			evaluateFirst: await build(evaluate(false)),
			evaluateNext: await build(evaluate(true)),
		});
	}

	/** Dispatches of one optimiser step. */
	get dispatchesPerStep(): number {
		const { first, next, update } = this.programs;
		return first.length + (this.shape.microSteps - 1) * next.length + update.length;
	}

	/** Sets a run's parameters, by name. */
	loadParameters(run: number, parameters: Map<string, Float32Array>): void {
		for (const [name, tensor] of this.state.parameters) {
			const values = parameters.get(name);
			if (!values) throw new RangeError(`parameters: ${name} is missing; every tensor of the model is needed`);
			writeTensor(this.gpu.device, tensor, run, values);
		}
	}

	/** Puts a micro-batch into its slot; one batch for each stream (one in all where the runs share their tokens). */
	writeBatch(microStep: number, batches: Batch[]): void {
		const { ids, order } = this.rings;
		batches.forEach((batch, stream) => {
			this.writeSlot(ids, microStep, stream, batch.ids);
			this.writeSlot(order, microStep, stream, batch.order);
		});
	}

	/** Puts a run's hyper-parameters of an optimiser step into their slot. */
	writeHyper(step: number, run: number, words: number[]): void {
		this.writeSlot(this.rings.hyper, step, run, new Float32Array(words));
	}

	private writeSlot(
		ring: Ring,
		index: number,
		run: number,
		values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
	) {
		const offset = (index % ring.slots) * ring.slotBytes + run * ring.runStride * 4;
		this.gpu.device.queue.writeBuffer(ring.buffer, offset, values);
	}

	/** Records a micro-step; the last one of a step updates the parameters too. */
	encodeMicroStep(pass: GPUComputePassEncoder, clock: Clock): void {
		const { microSteps } = this.shape;
		const within = clock.microStep % microSteps;
		const { first, next, update } = this.programs;
		(within === 0 ? first : next).encode(pass, clock);
		if (within === microSteps - 1) update.encode(pass, clock);
	}

	/** Records forward pass number `microStep` of an evaluation. */
	encodeEvaluation(pass: GPUComputePassEncoder, microStep: number): void {
		const { evaluateFirst, evaluateNext } = this.programs;
		(microStep === 0 ? evaluateFirst : evaluateNext).encode(pass, { step: 0, microStep });
	}

	/** Frees the GPU's memory. */
	destroy(): void {
		this.memory.destroy();
	}
}
