import type { Gpu } from "../gpu/device.ts";
import { classKey, type TuningStore, tunedFrom } from "../gpu/kept-tuning.ts";
import { isLost } from "../gpu/trials.ts";
import type { Variants } from "../gpu/variants.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { tuningClass } from "./tuning-class.ts";
import { tuningProblems } from "./tuning-problems.ts";

/** The time that measuring one class may take, in milliseconds: a study has a few. */
const LIMIT = 1000;

/**
 * The kernel variants for runs like this one: on a GPU those that are fastest for its class of shapes, measured and kept when it
 * is first trained; operations for which there was no time, and software adapters, which compile for seconds, have the
 * adapter's.
 *
 * @throws Error when the device is lost
 */
export async function classVariants(
	store: TuningStore,
	gpu: Gpu,
	spec: Pick<RunSpec, "model" | "microBatchSequences">,
): Promise<Variants> {
	if (gpu.software) return gpu.variants;
	const { name, shape } = tuningClass(spec);
	const named = { ...gpu, name: classKey(gpu.name, name) };
	try {
		const { variants } = await tunedFrom(store, named, tuningProblems(shape), { limit: LIMIT });
		return { ...gpu.variants, ...variants };
	} catch (failure) {
		// What cannot be measured on these shapes, as for lack of memory, need not keep a study from training.
		if (await isLost(gpu)) throw failure;
		return gpu.variants;
	}
}
