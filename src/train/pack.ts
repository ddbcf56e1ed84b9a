import type { ActivationStorage } from "../architecture/choices.ts";
import type { ModelConfig } from "../architecture/config.ts";
import { fromStored, parameterShapes, toStored } from "../architecture/parameters.ts";
import type { Batch } from "../data/batches.ts";
import { type Gpu, requireHalf } from "../gpu/device.ts";
import { Memory, readTensor, writeTensor } from "../gpu/memory.ts";
import { type Clock, type DispatchDescription, type DispatchSpec, Program } from "../gpu/program.ts";
import type { StructArray } from "../gpu/struct-layout.ts";
import type { Ring, Tensor } from "../gpu/tensor.ts";
import { firstNorm, optimizer, squaresShape } from "../kernels/optimizer.ts";
import { hyperArray, hyperEntries, metricsEntries } from "../kernels/optimizer-structs.ts";
import { createState, type ModelState } from "../model/state.ts";
import { createActivations, type Feed, forward, forwardBackward } from "../model/transformer.ts";
import { DEFAULT_OPTIMIZER, momentsOf, type OptimizerKind } from "../run/choices.ts";

/** What the runs of a pack have in common. */
export interface PackShape {
	model: ModelConfig;
	runs: number;
	/** Sequences per forward and backward pass. */
	microBatchSequences: number;
	/** Forward and backward passes per optimizer step. */
	microSteps: number;
	/** Whether all runs read the same tokens. */
	sharedTokens: boolean;
	/** Forward passes of one evaluation. */
	evaluationSteps: number;
	/** Validation sets; 1 unless given. */
	evaluationSets?: number;
	/** Most micro-steps in one submit. */
	slots: number;
	/** `DEFAULT_OPTIMIZER` unless given. */
	optimizer?: OptimizerKind;
	/** Whether an average of the weights is kept and evaluated. */
	average?: boolean;
	/** `DEFAULT_STORAGE` unless given. */
	storage?: ActivationStorage;
}

/**
 * Launches are cut to take at most this long at the speed of the slowest operation: even one that takes 2.5 times as long
 * neither freezes the desktop nor trips a watchdog.
 */
const MOST_LAUNCH_MILLISECONDS = 100;

type ProgramName = "first" | "firstNorm" | "next" | "update" | `evaluate${"" | "Average"}${"First" | "Next"}`;

/** The GPU side of runs that train together: memory, and one program for each part of a step. */
export class Pack {
	/** Filled by `writeHyper`. */
	private readonly hyper: StructArray;

	private constructor(
		readonly gpu: Gpu,
		readonly shape: PackShape,
		readonly memory: Memory,
		readonly state: ModelState,
		readonly rings: { ids: Ring; order: Ring; hyper: Ring; metrics: Ring; validation: Ring },
		/** Averages of the weights by name, if they are kept, and the step at which each run was frozen, or 0. */
		readonly averages: Map<string, Tensor> | undefined,
		readonly frozen: Tensor,
		private readonly programs: Partial<Record<ProgramName, Program>>,
	) {
		this.hyper = hyperArray(shape.runs);
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
			return await withMemory(gpu, memory, () => Pack.build(gpu, shape, memory));
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
		return withMemory(this.gpu, this.memory, work);
	}

	private static async build(gpu: Gpu, shape: PackShape, memory: Memory): Promise<Pack> {
		const { model, runs, microBatchSequences: sequences, slots } = shape;
		const moments = momentsOf(shape.optimizer ?? DEFAULT_OPTIMIZER);
		const state = createState(memory, model, { runs, tokens: sequences * model.context, moments });
		const activations = createActivations(memory, model, runs, sequences, shape.storage);
		const streams = shape.sharedTokens ? 1 : runs;
		const averaged = shape.average ? memory.tensor("averages", state.all.parameters.shape) : undefined;
		const averages = averaged && viewsOf(averaged, state.parameters);
		const evaluations = (shape.evaluationSets ?? 1) * (averages ? 2 : 1);
		const rings = {
			ids: memory.ring("ids", [streams, sequences, model.context + 1], slots, "microStep"),
			order: memory.ring("order", [streams, sequences * model.context], slots, "microStep"),
			hyper: memory.ring("hyper", [runs, hyperEntries()], slots, "step"),
			metrics: memory.ring("metrics", [runs, metricsEntries()], slots, "step"),
			validation: memory.ring("validation", [runs, 1], evaluations, "step"),
		};
		const forOptimizer = {
			...state.all,
			squares: memory.tensor("squares", squaresShape(state.all.segments)),
			frozen: memory.tensor("frozen", [1, runs]),
			hyper: rings.hyper,
			metrics: rings.metrics,
			...(averaged && { averages: averaged }),
		};
		const feed: Feed = { ids: rings.ids, order: rings.order, loss: rings.metrics };
		const tokens = sequences * model.context;
		const pass = (accumulate: boolean): DispatchSpec[] => {
			const options = { scale: 1 / (tokens * shape.microSteps), accumulate, variants: gpu.variants };
			return forwardBackward(model, state, activations, feed, options);
		};
		const evaluate = (parameters: ModelState["parameters"], accumulate: boolean) => {
			const options = { scale: 1 / (tokens * shape.evaluationSteps), accumulate, variants: gpu.variants };
			return forward(model, { ...state, parameters }, activations, { ...feed, loss: rings.validation }, options);
		};
		const specs: Partial<Record<ProgramName, DispatchSpec[]>> = {
			first: pass(false),
			...(shape.microSteps > 1 && { firstNorm: firstNorm(forOptimizer), next: pass(true) }),
			update: optimizer(forOptimizer, shape.optimizer),
			evaluateFirst: evaluate(state.parameters, false),
			evaluateNext: evaluate(state.parameters, true),
			...(averages && {
				evaluateAverageFirst: evaluate(averages, false),
				evaluateAverageNext: evaluate(averages, true),
			}),
		};
		const programs: Partial<Record<ProgramName, Program>> = {};
		const mostFlops = MOST_LAUNCH_MILLISECONDS * gpu.flopsPerMillisecond;
		// In sequence, so that each finds compiled what the last one shares with it.
		for (const [name, dispatches] of Object.entries(specs) as [ProgramName, DispatchSpec[]][])
			programs[name] = await Program.build(gpu.device, memory, dispatches, { mostFlops });
		return new Pack(gpu, shape, memory, state, rings, averages, forOptimizer.frozen, programs);
	}

	/** The programs of one micro-step. The first of several also measures its gradient; the last also updates. */
	private programsOf(microStep: number): Program[] {
		const { microSteps } = this.shape;
		const within = microStep % microSteps;
		const { first, firstNorm, next, update } = this.programs;
		const programs = within === 0 ? [first!, ...(firstNorm ? [firstNorm] : [])] : [next!];
		return within === microSteps - 1 ? [...programs, update!] : programs;
	}

	/** What each launch of micro-step `microStep` is expected to take: see `Program.launchCosts`. */
	launchCosts(microStep: number): number[] {
		return this.programsOf(microStep).flatMap(({ launchCosts }) => launchCosts);
	}

	/** Dispatches of micro-step `microStep`, once each whether or not they are cut. */
	describe(microStep: number): DispatchDescription[] {
		return this.programsOf(microStep).flatMap((program) => program.describe());
	}

	/** Dispatches of one optimizer step. */
	get dispatchesPerStep(): number {
		return Array.from({ length: this.shape.microSteps }, (_, i) => this.describe(i).length).reduce((a, b) => a + b);
	}

	/** Sets a run's parameters by name, and its average of the weights to the same. */
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

	/** Writes a micro-batch to its slot: one batch for each token stream, of which there is one if the runs share tokens. */
	writeBatch(microStep: number, batches: Batch[]): void {
		const ids = batches.map((batch) => batch.ids);
		const order = batches.map((batch) => batch.order);
		this.writeSlot(this.rings.ids, microStep, ids);
		this.writeSlot(this.rings.order, microStep, order);
	}

	/** Writes the hyper-parameters of a step to their slot: those of every run, in order (see `hyperValues`). */
	writeHyper(step: number, ofRuns: readonly Readonly<Record<string, number>>[]): void {
		const { hyper } = this.rings;
		for (const [run, values] of ofRuns.entries()) this.hyper.set(run, values);
		this.gpu.device.queue.writeBuffer(hyper.buffer, (step % hyper.slots) * hyper.slotBytes, this.hyper.f32);
	}

	/** One write for all copies, because each write has a cost. */
	private writeSlot(ring: Ring, index: number, copies: readonly Uint32Array[]): void {
		const entries = new Uint32Array((copies.length - 1) * ring.runStride + copies.at(-1)!.length);
		for (const [i, copy] of copies.entries()) entries.set(copy, i * ring.runStride);
		this.gpu.device.queue.writeBuffer(ring.buffer, (index % ring.slots) * ring.slotBytes, entries);
	}

	/**
	 * Records a micro-step, or its launches from number `from` to before number `to`. The last micro-step of a step also
	 * updates the parameters.
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
		return this.programs[`evaluate${ofAverage ? "Average" : ""}${number === 0 ? "First" : "Next"}`]!;
	}

	/** What each launch of an evaluation's forward pass is expected to take. */
	launchCostsOfEvaluation(pass: { number: number; slot: number }): readonly number[] {
		return this.evaluationProgram(pass).launchCosts;
	}

	/**
	 * Records launches of forward pass `number` of an evaluation, from number `from` to before number `to`. The ring of losses
	 * has a slot for each validation set, then as many for the average of the weights.
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

/** Runs work that allocates. WebGPU reports a failed allocation only if asked; otherwise buffers would read as zeros. */
async function withMemory<Result>(
	{ device, name }: Gpu,
	memory: Memory,
	work: () => Result | Promise<Result>,
): Promise<Result> {
	device.pushErrorScope("out-of-memory");
	const outcome = await (async () => work())().then(
		(result) => ({ result }),
		(reason: unknown) => ({ reason }),
	);
	if (await device.popErrorScope())
		throw new RangeError(
			`${name}: out of memory, ${memory.bytes} bytes are needed; use a smaller model or batch, or close other programs`,
		);
	if ("reason" in outcome) throw outcome.reason;
	return outcome.result;
}

/** Views into `whole` at the same places as other views in their buffer. */
function viewsOf(whole: Tensor, others: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
	return new Map([...others].map(([name, view]) => [name, { ...view, buffer: whole.buffer }]));
}
