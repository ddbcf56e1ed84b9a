import type { ActivationStorage } from "../../src/architecture/choices.ts";
import type { ModelConfig } from "../../src/architecture/config.ts";
import { fromStored, parameterShapes, toStored } from "../../src/architecture/parameters.ts";
import { sortedPlaces } from "../../src/data/batches.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { Memory, readTensor, writeTensor } from "../../src/gpu/memory.ts";
import { Program } from "../../src/gpu/program.ts";
import { entriesPerRun, type Ring } from "../../src/gpu/tensor.ts";
import type { Variants } from "../../src/gpu/variants.ts";
import { randomBits, randomKey } from "../../src/maths/random.ts";
import { createActivations } from "../../src/model/activations.ts";
import { forwardBackward } from "../../src/model/language-model.ts";
import { createState } from "../../src/model/state.ts";
import { sumRanges } from "../kernels/helpers.ts";
import { centralDifferences } from "../reference/central-differences.ts";
import { randomArray } from "../reference/compare.ts";
import * as reference from "../reference/model.ts";

/** A pack's model, its random weights and tokens. */
export interface ModelCase {
	config: ModelConfig;
	runs: number;
	/** Whose tokens differ: `runs`, or 1 where all runs read the same. */
	streams: number;
	/** Per micro-batch. */
	sequences: number;
	/** "f32" unless given. */
	storage?: ActivationStorage;
	/** The first of each operation unless given. */
	variants?: Variants;
}

/** Weights far from initialization, so that no term of a gradient is negligible. */
function randomParameters(config: ModelConfig, run: number): reference.Tensors {
	return Object.fromEntries(
		Object.entries(reference.parameterShapes(config)).map(([name, shape]) => {
			const values = randomArray(
				shape.reduce((a, b) => a * b, 1),
				randomKey(11, name, run),
				0.3,
			);
			return [name, /(ln_|_norm).*weight/.test(name) ? values.map((value) => Math.fround(1 + value)) : values];
		}),
	);
}

/** Forward and backward over one or more micro-batches on the GPU, and the same in float64 as one batch. */
export class GpuModel {
	readonly parameters: reference.Tensors[];
	private readonly memory: Memory;
	private readonly state;
	private readonly rings: { ids: Ring; order: Ring; loss: Ring };
	private readonly ids: Uint32Array<ArrayBuffer>[][];
	private programs: Program[] = [];

	constructor(
		private readonly gpu: Gpu,
		private readonly size: ModelCase,
		readonly microSteps: number,
	) {
		const { config, runs, streams, sequences } = size;
		const tokens = sequences * config.context;
		this.memory = new Memory(gpu.device);
		this.state = createState(this.memory, config, { runs, tokens, moments: [] });
		this.parameters = Array.from({ length: runs }, (_, run) => randomParameters(config, run));
		this.rings = {
			ids: this.memory.ring("ids", [streams, sequences, config.context + 1], microSteps, "microStep"),
			order: this.memory.ring("order", [streams, tokens], microSteps, "microStep"),
			loss: this.memory.ring("loss", [runs, 1], 1, "step"),
		};
		this.ids = Array.from({ length: microSteps }, (_, microStep) =>
			Array.from({ length: streams }, (_, stream) => {
				const key = randomKey(12, "ids", microStep, stream);
				const length = sequences * (config.context + 1);
				return Uint32Array.from({ length }, (_, i) => randomBits(key, i) % config.vocabulary);
			}),
		);
	}

	private shapeOf(name: string) {
		return parameterShapes(this.size.config).find((shape) => shape.name === name)!;
	}

	async run(): Promise<void> {
		const { gpu, size, microSteps, state, rings } = this;
		const { config, runs, sequences, storage, variants } = size;
		for (const [run, tensors] of this.parameters.entries())
			for (const [name, values] of Object.entries(tensors))
				writeTensor(
					gpu.device,
					state.parameters.get(name)!,
					run,
					toStored(this.shapeOf(name), Float32Array.from(values)),
				);
		for (const [microStep, streams] of this.ids.entries())
			for (const [stream, ids] of streams.entries()) {
				const slot = (ring: Ring) => ({ ...ring, offset: microStep * ring.slotBytes });
				const order = sortedPlaces(ids, sequences, config.context, config.vocabulary);
				writeTensor(gpu.device, slot(rings.ids), stream, ids);
				writeTensor(gpu.device, slot(rings.order), stream, order);
			}
		const activations = createActivations(this.memory, config, runs, sequences, storage);
		const scale = 1 / (microSteps * sequences * config.context);
		for (const accumulate of [false, true]) {
			const pass = forwardBackward(config, state, activations, rings, { scale, accumulate, variants });
			this.programs.push(await Program.build(gpu.device, this.memory, pass));
		}
		this.replay();
	}

	/** All micro-steps; what an earlier step left must not count. */
	replay(): void {
		const encoder = this.gpu.device.createCommandEncoder();
		const pass = encoder.beginComputePass();
		for (let microStep = 0; microStep < this.microSteps; microStep++)
			this.programs[Math.min(1, microStep)]!.encode(pass, { step: 0, microStep });
		pass.end();
		this.gpu.device.queue.submit([encoder.finish()]);
	}

	/** Run by run. */
	loss(): Promise<Float32Array> {
		return readTensor(this.gpu.device, this.rings.loss);
	}

	/** Run by run and by name; sums over ranges are completed here. */
	async gradients(): Promise<reference.Tensors[]> {
		const { runs } = this.size;
		const result: reference.Tensors[] = Array.from({ length: runs }, () => ({}));
		for (const name of this.state.parameters.keys()) {
			const partial = this.state.partials.get(name);
			const tensor = partial ?? this.state.gradients.get(name)!;
			const values = await readTensor(this.gpu.device, tensor);
			const entries = entriesPerRun(tensor.shape);
			result.forEach((tensors, run) => {
				const ofRun = values.subarray(run * entries, (run + 1) * entries);
				const sum = sumRanges(ofRun, partial ? tensor.shape[1]! : 1);
				tensors[name] = Float64Array.from(fromStored(this.shapeOf(name), Float32Array.from(sum)));
			});
		}
		return result;
	}

	/** Inputs (0) or targets (1) of a run's micro-batches, one after the other. */
	private places(run: number, shift: number): number[] {
		const { context } = this.size.config;
		return this.ids.flatMap((streams) =>
			Array.from(streams[run % streams.length]!).filter((_, i) =>
				shift ? i % (context + 1) > 0 : i % (context + 1) < context,
			),
		);
	}

	/** The same step in float64, as one batch. */
	reference(run: number) {
		const { config } = this.size;
		const [tokens, targets] = [this.places(run, 0), this.places(run, 1)];
		const { loss, grads } = reference.lossAndGradients(config, this.parameters[run]!, tokens, targets);
		return { loss, gradients: grads };
	}

	/** d loss / d parameter in float64 at a few places of a tensor, without the reference's backward pass. */
	slopes(run: number, name: string, sample: number[]): Float64Array {
		const [tokens, targets] = [this.places(run, 0), this.places(run, 1)];
		const parameters = this.parameters[run]!;
		const loss = () => reference.forward(this.size.config, parameters, tokens, targets).loss;
		return centralDifferences(loss, parameters[name]!, sample);
	}

	destroy(): void {
		this.memory.destroy();
	}
}
