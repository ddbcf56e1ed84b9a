import optimizerCode from "../../shaders/optimizer.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import { entriesPerRun, type Tensor } from "../gpu/tensor.ts";

const shader = { file: "optimizer.wgsl", code: optimizerCode };

/** Entries a workgroup goes through at most. */
export const SEGMENT_ENTRIES = 4096;

/** Invocations that go through a segment; LANES of optimizer.wgsl. */
const LANES = 32;

/**
 * An entry takes about as long as so much model arithmetic of an adapter's slowest operation, FLOP: 16 to 26 on software
 * adapters; reading and writing it seven times, more where arithmetic is cheap.
 */
const ENTRY_COST = 64;

/** 32-bit words of a segment and of a run's hyper-parameters. */
export const SEGMENT_WORDS = 8;
export const HYPER_WORDS = 16;

/** A trained tensor, for the segment table. */
export interface Trained {
	/** Its place in `parameters` and `gradients`. */
	tensor: Tensor;
	/** Sums over ranges of the batch, [runs, ranges, entries]; absent where the gradient is written whole. */
	partial?: Tensor;
	/** Whether weight decay applies. */
	decay: boolean;
	/** Factor of the learning rate, as μP asks for; 1 unless given. */
	rate?: number;
}

/** The segment table: pieces of one tensor of one run, in order of run. */
export function segmentTable(trained: Trained[], runs: number): Uint32Array<ArrayBuffer> {
	const words: number[] = [];
	for (let run = 0; run < runs; run++) {
		for (const { tensor, partial, decay, rate = 1 } of trained) {
			const entries = tensor.shape.slice(1).reduce((product, axis) => product * axis, 1);
			const first = tensor.offset / 4 + run * tensor.runStride;
			const from = partial ? partial.offset / 4 + run * partial.runStride : 0;
			for (let at = 0; at < entries; at += SEGMENT_ENTRIES) {
				const length = Math.min(SEGMENT_ENTRIES, entries - at);
				words.push(first + at, length, run, Number(decay), from + at, entries, partial?.shape[1] ?? 0, bitsOf(rate));
			}
		}
	}
	return new Uint32Array(words);
}

/** The bits of a number as WGSL's f32. */
function bitsOf(value: number): number {
	return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}

/** What turns gradients into updates, and the shader's entry point that does. */
export type OptimizerKind = "adamw" | "sgd" | "lion";

/** A run's settings, the same at every step. */
export interface OptimizerSettings {
	beta1: number;
	beta2: number;
	epsilon: number;
	weightDecay: number;
	/** Whether decay is multiplied by the rate ("coupled", the default) or by its share of the peak. */
	decay?: "coupled" | "independent";
	clip: number;
}

/** What else a step of a run is told. */
export interface StepSettings {
	/** The rate as a share of its peak; 1 unless given. */
	share?: number;
	/** How much the average of the weights keeps of itself. */
	average?: number;
	/** A loss or a gradient norm of this size or more freezes the run, as one that is no number does. */
	lossLimit?: number;
	gradientLimit?: number;
}

const LARGEST_FLOAT = 3.4028234663852886e38;

/** One run's hyper-parameters at optimiser step `step` = 1, 2, …, in the shader's order. */
export function hyperWords(
	settings: OptimizerSettings,
	learningRate: number,
	step: number,
	{ share = 1, average = 0, lossLimit = LARGEST_FLOAT, gradientLimit = LARGEST_FLOAT }: StepSettings = {},
): number[] {
	const { beta1, beta2, epsilon, weightDecay, decay = "coupled", clip } = settings;
	return [
		...[step, learningRate, beta1, beta2, epsilon],
		...(decay === "coupled" ? [weightDecay, 0] : [0, weightDecay * share]),
		...[clip, 1 - beta1 ** step, 1 - beta2 ** step, average, lossLimit, gradientLimit, 0, 0, 0],
	];
}

/** A run's metrics of a step, in the shader's order; `frozen` is the step at which it was frozen, or 0. */
export const METRICS = ["loss", "norm", "frozen", "ratio", "firstNorm"] as const;

/** Everything the optimiser touches; see optimizer.wgsl for the shapes. */
export interface OptimizerTensors {
	segments: Tensor;
	partials: Tensor;
	gradients: Tensor;
	squares: Tensor;
	hyper: Tensor;
	metrics: Tensor;
	frozen: Tensor;
	parameters: Tensor;
	m: Tensor;
	v: Tensor;
	/** The average of the weights, where there is one. */
	averages?: Tensor;
}

/** Shape of `squares` for a segment table. */
export function squaresShape(segments: Tensor): number[] {
	return [1, 2, segments.shape[1]!, LANES];
}

function dispatcher({ metrics, segments, parameters }: OptimizerTensors) {
	const count = segments.shape[1]!;
	const runs = metrics.shape[0]!;
	const sizes = { segments: count, segments_per_run: count / runs };
	const dispatch = (entryPoint: string, bindings: DispatchSpec["bindings"], x: number, z: number): DispatchSpec => ({
		kernel: { shader, entryPoint },
		bindings,
		sizes,
		grid: [x, 1, z],
	});
	return {
		perSegment: (entryPoint: string, bindings: DispatchSpec["bindings"]): DispatchSpec => ({
			...dispatch(entryPoint, bindings, count, 1),
			cost: ENTRY_COST * entriesPerRun(parameters.shape) * parameters.shape[0]!,
		}),
		perRun: (entryPoint: string, bindings: DispatchSpec["bindings"]) => dispatch(entryPoint, bindings, 1, runs),
	};
}

/** Completes the gradients, takes their norm, clips or freezes, updates the parameters, and measures by how much. */
export function optimizer(t: OptimizerTensors, kind: OptimizerKind = "adamw"): DispatchSpec[] {
	const { segments, partials, gradients, squares, hyper, metrics, frozen, parameters, m, v, averages } = t;
	const { perSegment, perRun } = dispatcher(t);
	return [
		perSegment("reduce", { segments, partials, gradients, squares }),
		perRun("norm", { squares, hyper, metrics, frozen }),
		perSegment(kind, { segments, gradients, hyper, squares, parameters, m, ...(kind === "adamw" && { v }) }),
		perRun("finish", { squares, metrics }),
		...(averages ? [perSegment("average", { segments, hyper, parameters, averages })] : []),
	];
}

/** After the first of several micro-batches: the norm of what it adds to the gradient. */
export function firstNorm(t: OptimizerTensors): DispatchSpec[] {
	const { segments, partials, gradients, squares, metrics } = t;
	const { perSegment, perRun } = dispatcher(t);
	return [perSegment("reduce", { segments, partials, gradients, squares }), perRun("first_norm", { squares, metrics })];
}
