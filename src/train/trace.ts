import { DEFAULT_STORAGE } from "../architecture/choices.ts";
import type { RunCorpora } from "../data/corpus.ts";
import type { Gpu } from "../gpu/device.ts";
import { readTensor } from "../gpu/memory.ts";
import { readMetrics } from "../kernels/optimizer-structs.ts";
import { initialParameters } from "../model/init.ts";
import type { PlannedRun } from "../run/events.ts";
import { rateShare } from "../run/schedule.ts";
import { Feeder } from "./feeder.ts";
import { Pack } from "./pack.ts";
import type { Trace } from "./trace-file.ts";
import { submit } from "./verify.ts";

/**
 * Trains a single run for its first steps and records them.
 *
 * @param steps number of steps to record, at most the run's own
 * @param initial initial weights, instead of random ones from the run's seed
 * @throws RangeError when the run has fewer steps; Error when a recorded loss is not finite
 */
export async function traceRun(
	gpu: Gpu,
	run: PlannedRun,
	corpora: RunCorpora,
	steps: number,
	initial?: ReadonlyMap<string, Float32Array>,
): Promise<Trace> {
	const { model, seed, optimizer, schedule, batchSequences, microBatchSequences, storage } = run.spec;
	if (steps > run.spec.steps)
		throw new RangeError(`trace: steps is ${steps}, the run has ${run.spec.steps}; steps must be at most that`);
	const microSteps = batchSequences / microBatchSequences;
	const pack = await Pack.create(gpu, {
		...{ model, runs: 1, microBatchSequences, microSteps, optimizer: optimizer.kind },
		...{ sharedTokens: true, evaluationSteps: 1, slots: 1, ...(storage && { storage }) },
	});
	try {
		const init = initial ?? initialParameters(model, seed);
		pack.loadParameters(0, init);
		const feeder = new Feeder(pack, [run], [corpora]);
		const tokens: number[] = [];
		const loss = new Float64Array(steps);
		const gradientNorm = new Float64Array(steps);
		let grads: Trace["grads"] = new Map();
		for (let step = 0; step < steps; step++) {
			for (let microStep = step * microSteps; microStep < (step + 1) * microSteps; microStep++) {
				for (const id of feeder.writeMicroStep(microStep)[0]!.ids) tokens.push(id);
				submit(pack, step, microStep);
			}
			const metrics = readMetrics(await readTensor(gpu.device, pack.rings.metrics));
			if (!Number.isFinite(metrics.loss))
				throw new Error(`trace: the loss is ${metrics.loss} at step ${step + 1}; trace fewer steps`);
			loss[step] = metrics.loss;
			gradientNorm[step] = metrics.norm;
			if (step === 0) grads = await pack.readRun(0, "gradients");
		}
		const shares = Float64Array.from({ length: steps }, (_, step) => rateShare(schedule, step + 1, run.spec.steps));
		return {
			...{
				model,
				optimizer,
				storage: storage ?? DEFAULT_STORAGE,
				batch: batchSequences,
				tokens: Int32Array.from(tokens),
				loss,
				gradientNorm,
			},
			...{ rates: shares.map((share) => optimizer.learningRate * share), init, grads },
			final: await pack.readRun(0),
		};
	} finally {
		pack.destroy();
	}
}
