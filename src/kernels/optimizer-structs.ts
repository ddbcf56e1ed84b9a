import optimizerCode from "../../shaders/optimizer.wgsl?raw";
import { StructArray, structLayout } from "../gpu/struct-layout.ts";
import { entriesPerRun, type Tensor } from "../gpu/tensor.ts";
import type { OptimizerSpec } from "../run/optimizer-spec.ts";

export const OPTIMIZER_SHADER = { file: "optimizer.wgsl", code: optimizerCode };

/** Most entries of a segment. */
export const SEGMENT_ENTRIES = 4096;

/** A trained tensor, for the segment table. */
export interface Trained {
	/** Its place in `parameters` and `gradients`. */
	tensor: Tensor;
	/** Sums over ranges of the batch, [runs, ranges, entries]; absent if the gradient is written whole. */
	partial?: Tensor;
	/** Whether weight decay applies. */
	decay: boolean;
	/** Factor of the learning rate, as μP asks for; 1 unless given. */
	rate?: number;
}

/** Entries of a segment in the segment table, and of a run's hyper-parameters and metrics in their rings. */
export const segmentEntries = () => structLayout(OPTIMIZER_SHADER, "Segment").bytes / 4;
export const hyperEntries = () => structLayout(OPTIMIZER_SHADER, "Hyper").bytes / 4;
export const metricsEntries = () => structLayout(OPTIMIZER_SHADER, "Metrics").bytes / 4;

/** The segment table: pieces of one tensor of one run, in order of run. */
export function segmentTable(trained: readonly Trained[], runs: number): Uint32Array<ArrayBuffer> {
	const segments: Record<string, number>[] = [];
	for (let run = 0; run < runs; run++)
		for (const { tensor, partial, decay, rate = 1 } of trained) {
			const entries = entriesPerRun(tensor.shape);
			const first = tensor.offset / 4 + run * tensor.runStride;
			const firstPartial = partial ? partial.offset / 4 + run * partial.runStride : 0;
			for (let at = 0; at < entries; at += SEGMENT_ENTRIES)
				segments.push({
					...{ first: first + at, length: Math.min(SEGMENT_ENTRIES, entries - at), run, decay: Number(decay), rate },
					...{ partial: firstPartial + at, stride: entries, ranges: partial?.shape[1] ?? 0 },
				});
		}
	const table = new StructArray(structLayout(OPTIMIZER_SHADER, "Segment"), segments.length);
	for (const [i, segment] of segments.entries()) table.set(i, segment);
	return table.u32;
}

/** A run's settings, the same at every step; decay is "coupled" unless given. */
export type OptimizerSettings = Omit<OptimizerSpec, "kind" | "learningRate" | "decay"> &
	Partial<Pick<OptimizerSpec, "decay">>;

/** What else may change from step to step. */
export interface StepSettings {
	/** The rate as a share of its peak; 1 unless given. */
	share?: number;
	/** The share of itself that the average of the weights keeps. */
	average?: number;
	/** A loss or a gradient norm of this size or more freezes the run, as NaN does. */
	lossLimit?: number;
	gradientLimit?: number;
}

const LARGEST_FLOAT = 3.4028234663852886e38;

/** One run's hyper-parameters at optimizer step `step` = 1, 2, …, by the names of the shader's `Hyper`. */
export function hyperValues(
	settings: OptimizerSettings,
	learningRate: number,
	step: number,
	{ share = 1, average = 0, lossLimit = LARGEST_FLOAT, gradientLimit = LARGEST_FLOAT }: StepSettings = {},
): Record<string, number> {
	const { beta1, beta2, epsilon, weightDecay, decay = "coupled", clip } = settings;
	return {
		...{ step, rate: learningRate, beta1, beta2, epsilon, clip, average },
		decay: decay === "coupled" ? weightDecay : 0,
		fixed_decay: decay === "independent" ? weightDecay * share : 0,
		...{ correction1: 1 - beta1 ** step, correction2: 1 - beta2 ** step },
		...{ loss_limit: lossLimit, gradient_limit: gradientLimit },
		// Written by the shader.
		...{ scale: 0, frozen: 0 },
	};
}

/** Room for the hyper-parameters of several runs, to be filled again for each step. */
export function hyperArray(runs: number): StructArray {
	return new StructArray(structLayout(OPTIMIZER_SHADER, "Hyper"), runs);
}

const METRICS = ["loss", "norm", "frozen", "ratio", "first_norm"] as const;

/** What a step of a run measured; `frozen` is the step at which the run was frozen, or 0. */
export type StepMetrics = Record<(typeof METRICS)[number], number>;

/** Reads the metrics that begin at entry `first`, by the names of the shader's `Metrics`. */
export function readMetrics(entries: Float32Array, first = 0): StepMetrics {
	const layout = structLayout(OPTIMIZER_SHADER, "Metrics");
	return Object.fromEntries(METRICS.map((name) => [name, entries[first + layout.placeOf(name)]!])) as StepMetrics;
}
