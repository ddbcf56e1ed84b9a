import { submitAndWait } from "../gpu/completions.ts";
import { hyperValues, type OptimizerSettings } from "../kernels/optimizer-structs.ts";
import type { Pack } from "./pack.ts";

/** Times per step of a submit with `steps` steps. */
export interface SubmitTime {
	steps: number;
	/** From the first write until the GPU is done. */
	milliseconds: number;
	encodeMilliseconds: number;
}

/** Times one submit of `steps` steps, starting with step `first`, on the batches that are in the pack's slots. */
export async function timeSteps(
	pack: Pack,
	settings: OptimizerSettings & { learningRate: number },
	first: number,
	steps: number,
): Promise<SubmitTime> {
	const { microSteps, runs } = pack.shape;
	const { device } = pack.gpu;
	const begin = performance.now();
	for (let step = first; step < first + steps; step++) {
		const values = hyperValues(settings, settings.learningRate, step + 1);
		pack.writeHyper(step, new Array(runs).fill(values));
	}
	const written = performance.now();
	const encoder = device.createCommandEncoder();
	const pass = encoder.beginComputePass();
	for (let microStep = first * microSteps; microStep < (first + steps) * microSteps; microStep++)
		pack.encodeMicroStep(pass, { step: Math.floor(microStep / microSteps), microStep });
	pass.end();
	const commands = encoder.finish();
	const encoded = performance.now();
	await submitAndWait(device, commands);
	return {
		steps,
		milliseconds: (performance.now() - begin) / steps,
		encodeMilliseconds: (encoded - written) / steps,
	};
}
