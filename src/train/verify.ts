import type { ModelConfig } from "../architecture/config.ts";
import { sortedPlaces } from "../data/batches.ts";
import type { Gpu } from "../gpu/device.ts";
import { readTensor } from "../gpu/memory.ts";
import { hyperValues, readMetrics } from "../kernels/optimizer-structs.ts";
import { microBatch } from "../run/micro-batch.ts";
import { Pack } from "./pack.ts";
import { readTrace } from "./trace-file.ts";

/** Relative differences between the GPU's results and a trace. */
export interface VerifyReport {
	adapter: string;
	steps: number;
	model: ModelConfig;
	/** Largest |loss − expected| / |expected| over the steps. */
	loss: number;
	/** The same for the gradient norm before clipping. */
	gradientNorm: number;
	/** Per tensor: largest |gradient − expected| at step 0, divided by the tensor's largest |expected|. */
	gradients: Record<string, number>;
	/** The largest of `gradients`. */
	gradient: number;
	losses: { expected: number; actual: number }[];
	/** Size of the GPU buffers in bytes. */
	bytes: number;
}

/**
 * Loads the weights and tokens of a trace (see `readTrace`), repeats its steps on the GPU, and compares the results.
 *
 * @throws Error naming what is missing from the file
 */
export async function verifyTrace(gpu: Gpu, bytes: Uint8Array): Promise<VerifyReport> {
	const trace = readTrace(bytes);
	const { model, batch, optimizer, storage } = trace;
	const sequences = microBatch(batch, model.context);
	const microSteps = batch / sequences;
	const pack = await Pack.create(gpu, {
		...{ model, runs: 1, microBatchSequences: sequences, microSteps, optimizer: optimizer.kind },
		...{ sharedTokens: true, evaluationSteps: 1, slots: 1, storage },
	});
	try {
		pack.loadParameters(0, trace.init);
		const losses: VerifyReport["losses"] = [];
		let gradients: Record<string, number> = {};
		let gradientNorm = 0;
		for (let step = 0; step < trace.loss.length; step++) {
			const share = trace.rates[step]! / optimizer.learningRate;
			pack.writeHyper(step, [hyperValues(optimizer, trace.rates[step]!, step + 1, { share })]);
			for (let within = 0; within < microSteps; within++) {
				const microStep = step * microSteps + within;
				const begin = microStep * sequences * (model.context + 1);
				const ids = Uint32Array.from(trace.tokens.subarray(begin, begin + sequences * (model.context + 1)));
				pack.writeBatch(microStep, [{ ids, order: sortedPlaces(ids, sequences, model.context, model.vocabulary) }]);
				submit(pack, step, microStep);
			}
			const { loss, norm } = readMetrics(await readTensor(gpu.device, pack.rings.metrics));
			losses.push({ expected: trace.loss[step]!, actual: loss });
			gradientNorm = Math.max(gradientNorm, Math.abs(norm / trace.gradientNorm[step]! - 1));
			if (step > 0) continue;
			const actual = [...(await pack.readRun(0, "gradients"))];
			gradients = Object.fromEntries(
				actual.map(([name, values]) => [name, relativeDifference(values, trace.grads.get(name)!)]),
			);
		}
		return {
			...{ adapter: gpu.name, steps: losses.length, model, losses, gradientNorm, gradients },
			loss: Math.max(...losses.map(({ actual, expected }) => Math.abs(actual / expected - 1))),
			gradient: Math.max(...Object.values(gradients)),
			bytes: pack.memory.bytes,
		};
	} finally {
		pack.destroy();
	}
}

/** Submits a micro-step to the GPU. */
export function submit(pack: Pack, step: number, microStep: number): void {
	const encoder = pack.gpu.device.createCommandEncoder();
	const pass = encoder.beginComputePass();
	pack.encodeMicroStep(pass, { step, microStep });
	pass.end();
	pack.gpu.device.queue.submit([encoder.finish()]);
}

function relativeDifference(actual: Float32Array, expected: Float32Array): number {
	let difference = 0;
	let largest = 0;
	for (let i = 0; i < expected.length; i++) {
		difference = Math.max(difference, Math.abs(actual[i]! - expected[i]!));
		largest = Math.max(largest, Math.abs(expected[i]!));
	}
	return largest === 0 ? difference : difference / largest;
}
