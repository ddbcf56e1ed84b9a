import { sortedPlaces } from "../data/batches.ts";
import type { Gpu } from "../gpu/device.ts";
import { randomKey, uniform } from "../maths/random.ts";
import { initialParameters } from "../model/init.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { TARGET_MILLISECONDS } from "./pace.ts";
import { Pack } from "./pack.ts";
import { packShape } from "./pack-shape.ts";
import { timeSteps } from "./time-steps.ts";

/** Submits of which the fastest counts, as far as they do not take longer than this together. */
const SUBMITS = 3;
const MOST_MILLISECONDS = 200;

/**
 * Tokens a second, of all runs together, that a pack of runs like this one trains at: a few steps of copies on random tokens,
 * after one that is not timed.
 *
 * @param sharedTokens whether all runs would read the same tokens
 * @throws RangeError if the pack does not fit
 */
export async function packSpeed(gpu: Gpu, spec: RunSpec, runs: number, sharedTokens: boolean): Promise<number> {
	const { model, microBatchSequences: sequences, batchSequences, optimizer, seed } = spec;
	const shape = packShape(spec, runs, sharedTokens);
	const { slots, microSteps } = shape;
	const pack = await Pack.create(gpu, shape);
	try {
		const parameters = initialParameters(model, seed);
		for (let run = 0; run < runs; run++) pack.loadParameters(run, parameters);
		const length = sequences * (model.context + 1);
		const key = randomKey(seed, "pack speed");
		const ids = Uint32Array.from({ length }, (_, i) => Math.floor(uniform(key, i) * model.vocabulary));
		const batch = { ids, order: sortedPlaces(ids, sequences, model.context, model.vocabulary) };
		for (let slot = 0; slot < slots; slot++) pack.writeBatch(slot, new Array(sharedTokens ? 1 : runs).fill(batch));
		const perSubmit = Math.max(1, Math.floor(slots / microSteps));
		const { milliseconds: first } = await timeSteps(pack, optimizer, 0, 1);
		let milliseconds = Number.POSITIVE_INFINITY;
		let step = 1;
		for (
			let timed = 0, submits = 0;
			timed < TARGET_MILLISECONDS || (submits < SUBMITS && timed < MOST_MILLISECONDS);
			submits++
		) {
			const fitting = Math.floor(TARGET_MILLISECONDS / Math.min(first, milliseconds));
			const steps = Math.max(1, Math.min(perSubmit, fitting));
			const { milliseconds: took } = await timeSteps(pack, optimizer, step, steps);
			milliseconds = Math.min(milliseconds, took);
			timed += took * steps;
			step += steps;
		}
		return (1000 * runs * batchSequences * model.context) / milliseconds;
	} finally {
		pack.destroy();
	}
}
