import type { RunSpec } from "../run/run-spec.ts";

/** The evaluations and snapshots due after each step. */
export interface Timetable {
	/** Steps already completed, and the step to train to: usually the last. */
	from: number;
	steps: number;
	/** Slots of the losses to evaluate after a step; empty for most steps. */
	evaluations(step: number): number[];
	/** Steps after which to copy the weights. */
	snapshots: ReadonlySet<number>;
}

interface TimetableOptions {
	/** Steps after which to take checkpoints, and whether to take one after the last. */
	checkpointAt?: readonly number[];
	checkpointLast?: boolean;
	/** The step to train to, with a checkpoint if it is not the last. */
	until?: number;
}

/** All validation sets are evaluated after the last step, the training corpora's also during training as the spec asks. */
export function timetableOf(
	{ steps, validationEvery = Number.POSITIVE_INFINITY, evaluations = [], ema }: RunSpec,
	from: number,
	{ checkpointAt = [], checkpointLast = false, until = steps }: TimetableOptions = {},
): Timetable {
	const sets = 1 + evaluations.length;
	const ofAverage = ema === undefined ? [] : [sets];
	const none: number[] = [];
	const between = [0, ...ofAverage];
	const last = [...Array.from({ length: sets }, (_, set) => set), ...ofAverage];
	return {
		...{ from, steps: until },
		evaluations: (step) => (step === steps ? last : step % validationEvery === 0 ? between : none),
		snapshots: new Set([...checkpointAt, ...(checkpointLast ? [steps] : []), ...(until < steps ? [until] : [])]),
	};
}
