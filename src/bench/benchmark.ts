import { modelConfig } from "../architecture/config.ts";
import { modelFlopsPerToken } from "../architecture/flops.ts";
import type { Gpu } from "../gpu/device.ts";
import { measureCopy } from "./copy-ceiling.ts";
import { type MatmulCeiling, measureMatmul } from "./matmul-ceiling.ts";
import { type MeasureOptions, measureStep, type StepTime } from "./measure-step.ts";
import type { Workload } from "./workloads.ts";

/** Measurements of one workload's training step. */
export interface StepRow extends StepTime {
	workload: string;
	/** Number of runs in the pack. */
	runs: number;
	/** Total over all runs. */
	tokensPerSecond: number;
	/** `tokensPerSecond` relative to a pack of 1; null if that was not measured first. */
	speedup: number | null;
	/** Model arithmetic without recomputation, 10⁹ FLOP/s. */
	gflops: number;
	/** `gflops` as a share of the adapter's fastest measured matrix product. */
	share: number;
}

export type BenchmarkEvent =
	| { type: "matmul"; matmul: MatmulCeiling }
	/** 10⁹ bytes a second; see `measureCopy`. */
	| { type: "copy"; gigabytes: number }
	| { type: "step"; row: StepRow };

/**
 * Measures the adapter's fastest matrix product, then the training steps of every workload in packs of `packs` runs, or of the
 * workload's default sizes. The product is measured again before each workload and the fastest counts, so that a brief
 * slowdown of the machine does not inflate the shares.
 */
export async function* benchmark(
	gpu: Gpu,
	{ workloads, packs, ...options }: MeasureOptions & { workloads: readonly Workload[]; packs?: readonly number[] },
): AsyncGenerator<BenchmarkEvent, void, void> {
	let matmul = await measureMatmul(gpu);
	yield { type: "matmul", matmul };
	yield { type: "copy", gigabytes: await measureCopy(gpu) };
	for (const workload of workloads) {
		let alone: number | null = null;
		for (const runs of packs ?? workload.packs) {
			const again = await measureMatmul(gpu);
			if (again.gflops > matmul.gflops) matmul = again;
			const time = await measureStep(gpu, workload, runs, options);
			const tokens = runs * workload.sequences * workload.model.context;
			const gflops = (modelFlopsPerToken(modelConfig(workload.model)) * tokens) / time.milliseconds / 1e6;
			const tokensPerSecond = (tokens * 1000) / time.milliseconds;
			if (runs === 1) alone = tokensPerSecond;
			const row: StepRow = {
				...{ workload: workload.id, runs, ...time, tokensPerSecond, gflops },
				speedup: alone && tokensPerSecond / alone,
				share: gflops / matmul.gflops,
			};
			yield { type: "step", row };
		}
	}
	yield { type: "matmul", matmul };
}
