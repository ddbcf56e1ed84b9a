import optimizerCode from "../../shaders/optimizer.wgsl?raw";
import { StructArray, structLayout } from "../gpu/struct-layout.ts";
import { entriesPerRun, type Tensor } from "../gpu/tensor.ts";
import type { OptimizerSpec } from "../run/optimizer-spec.ts";

export const OPTIMIZER_SHADER = { file: "optimizer.wgsl", code: optimizerCode };

/** Maximum number of entries in a segment. */
export const SEGMENT_ENTRIES = 4096;

/** A parameter tensor, for the segment table. */
export interface Trained {
	/** Its view into `parameters`; `gradients` has the same layout. */
	tensor: Tensor;
	/** The gradient's sums over ranges of the batch, [runs, ranges, entries]; absent if it is written as a whole. */
	partial?: Tensor;
	/** Whether weight decay applies. */
	decay: boolean;
	/** Factor of the learning rate, for μP; default 1. */
	rate?: number;
	/** Whether its steps are orthogonalized, by Muon; default false. */
	orthogonal?: boolean;
}

/** Entries per segment in the segment table, and per run in the rings of hyperparameters and metrics. */
export const segmentEntries = () => structLayout(OPTIMIZER_SHADER, "Segment").bytes / 4;
export const hyperEntries = () => structLayout(OPTIMIZER_SHADER, "Hyper").bytes / 4;
export const metricsEntries = () => structLayout(OPTIMIZER_SHADER, "Metrics").bytes / 4;

/** The segment table. Each segment is a piece of one tensor of one run; segments are ordered by run. */
export function segmentTable(trained: readonly Trained[], runs: number): Uint32Array<ArrayBuffer> {
	const segments: Record<string, number>[] = [];
	for (let run = 0; run < runs; run++)
		for (const { tensor, partial, decay, rate = 1, orthogonal = false } of trained) {
			const entries = entriesPerRun(tensor.shape);
			const first = tensor.offset / 4 + run * tensor.runStride;
			const firstPartial = partial ? partial.offset / 4 + run * partial.runStride : 0;
			for (let at = 0; at < entries; at += SEGMENT_ENTRIES)
				segments.push({
					...{ first: first + at, length: Math.min(SEGMENT_ENTRIES, entries - at), run, decay: Number(decay), rate },
					...{ partial: firstPartial + at, stride: entries, ranges: partial?.shape[1] ?? 0 },
					orthogonal: Number(orthogonal),
				});
		}
	const table = new StructArray(structLayout(OPTIMIZER_SHADER, "Segment"), segments.length);
	for (const [i, segment] of segments.entries()) table.set(i, segment);
	return table.u32;
}

/** A run's settings that are the same at every step; `decay` defaults to "coupled". */
export type OptimizerSettings = Omit<OptimizerSpec, "kind" | "learningRate" | "decay"> &
	Partial<Pick<OptimizerSpec, "decay">>;

/** Settings that may change from step to step. */
export interface StepSettings {
	/** The learning rate as a share of its peak; default 1. */
	share?: number;
	/** The decay of the weights' moving average: the share of its old value that it keeps. */
	average?: number;
	/** A loss or gradient norm of at least this, or NaN, freezes the run. */
	lossLimit?: number;
	gradientLimit?: number;
}

const LARGEST_FLOAT = 3.4028234663852886e38;

/** One run's hyperparameters at optimizer step `step` = 1, 2, …, by the member names of the shader's `Hyper`. */
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

/** An array for the hyperparameters of several runs, refilled for each step. */
export function hyperArray(runs: number): StructArray {
	return new StructArray(structLayout(OPTIMIZER_SHADER, "Hyper"), runs);
}

const METRICS = ["loss", "norm", "frozen", "ratio", "first_norm"] as const;

/** The measurements of one run's step; `frozen` is the step at which the run was frozen, or 0. */
export type StepMetrics = Record<(typeof METRICS)[number], number>;

/** Reads the metrics that begin at entry `first`, by the member names of the shader's `Metrics`. */
export function readMetrics(entries: Float32Array, first = 0): StepMetrics {
	const layout = structLayout(OPTIMIZER_SHADER, "Metrics");
	return Object.fromEntries(METRICS.map((name) => [name, entries[first + layout.placeOf(name)]!])) as StepMetrics;
}
