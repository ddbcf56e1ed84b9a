import optimizerCode from "../../shaders/optimizer.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";

const shader = { file: "optimizer.wgsl", code: optimizerCode };

/** Entries a workgroup goes through at most. */
const SEGMENT_ENTRIES = 4096;

/** 32-bit words of a segment and of a run's hyper-parameters. */
export const SEGMENT_WORDS = 8;
export const HYPER_WORDS = 8;

/** A trained tensor, for the segment table. */
export interface Trained {
	/** Its place in `parameters` and `gradients`. */
	tensor: Tensor;
	/** Sums over ranges of the batch, [runs, ranges, entries]; absent where the gradient is written whole. */
	partial?: Tensor;
	/** Whether weight decay applies. */
	decay: boolean;
}

/** The segment table: pieces of one tensor of one run, in order of run. */
export function segmentTable(trained: Trained[], runs: number): Uint32Array<ArrayBuffer> {
	const words: number[] = [];
	for (let run = 0; run < runs; run++) {
		for (const { tensor, partial, decay } of trained) {
			const entries = tensor.shape.slice(1).reduce((product, axis) => product * axis, 1);
			const first = tensor.offset / 4 + run * tensor.runStride;
			const from = partial ? partial.offset / 4 + run * partial.runStride : 0;
			for (let at = 0; at < entries; at += SEGMENT_ENTRIES) {
				const length = Math.min(SEGMENT_ENTRIES, entries - at);
				words.push(first + at, length, run, Number(decay), from + at, entries, partial?.shape[1] ?? 0, 0);
			}
		}
	}
	return new Uint32Array(words);
}

/** One run's hyper-parameters at optimiser step `step` = 1, 2, …, in the shader's order. */
export function hyperWords(
	h: { beta1: number; beta2: number; epsilon: number; weightDecay: number; clip: number },
	learningRate: number,
	step: number,
): number[] {
	const corrections = [1 - h.beta1 ** step, 1 - h.beta2 ** step];
	return [learningRate, h.beta1, h.beta2, h.epsilon, h.weightDecay, h.clip, ...corrections];
}

/** Everything the optimiser touches; see optimizer.wgsl for the shapes. */
export interface OptimizerTensors {
	segments: Tensor;
	partials: Tensor;
	gradients: Tensor;
	squares: Tensor;
	hyper: Tensor;
	metrics: Tensor;
	scales: Tensor;
	parameters: Tensor;
	m: Tensor;
	v: Tensor;
}

/** Completes the gradients, takes their norm into metrics, clips, and updates the parameters. */
export function optimizer(t: OptimizerTensors): DispatchSpec[] {
	const runs = t.metrics.shape[0]!;
	const segments = t.segments.shape[1]!;
	const sizes = { segments_per_run: segments / runs };
	const { segments: table, partials, gradients, squares, hyper, metrics, scales, parameters, m, v } = t;
	const dispatch = (
		entryPoint: string,
		bindings: DispatchSpec["bindings"],
		grid: DispatchSpec["grid"],
	): DispatchSpec => ({ kernel: { shader, entryPoint }, bindings, sizes, grid });
	return [
		dispatch("reduce", { segments: table, partials, gradients, squares }, [segments, 1, 1]),
		dispatch("norm", { squares, hyper, metrics, scales }, [1, 1, runs]),
		dispatch("adamw", { segments: table, gradients, hyper, scales, parameters, m, v }, [segments, 1, 1]),
	];
}
