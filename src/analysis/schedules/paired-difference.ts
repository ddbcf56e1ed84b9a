import { mean } from "../../maths/least-squares.ts";
import { studentQuantile } from "../../maths/student.ts";

/** How much higher a loss is than another that was measured with the same seeds, in nats per token. */
export interface PairedDifference {
	/** The mean over the seeds that both have; null if they have none in common. */
	readonly estimate: number | null;
	/** Ends of the interval; null if it cannot be known, for the reason in `reason`. */
	readonly low: number | null;
	readonly high: number | null;
	/** The number of pairs. */
	readonly seeds: number;
	/** Null if and only if there is an interval. */
	readonly reason: string | null;
}

/** Nominal coverage of intervals, as everywhere in the lab. */
export const DEFAULT_LEVEL = 0.9;

/**
 * The mean difference of values that are paired by seed, with Student's interval of the mean of the pairs' differences,
 * d̄ ± t·s/√n with n − 1 degrees of freedom (Student 1908). Runs of one seed begin with the same weights and read the same
 * text in the same order, which makes their difference scatter far less than either loss does.
 *
 * @param values by seed
 * @param reference by seed
 * @param level nominal coverage, in (0, 1)
 */
export function pairedDifference(
	values: ReadonlyMap<number, number>,
	reference: ReadonlyMap<number, number>,
	level = DEFAULT_LEVEL,
): PairedDifference {
	const pairs = [...values].filter(([seed]) => reference.has(seed));
	return meanInterval(
		pairs.map(([seed, value]) => value - reference.get(seed)!),
		level,
	);
}

/** The mean of independent differences with Student's interval. */
export function meanInterval(differences: readonly number[], level: number): PairedDifference {
	const seeds = differences.length;
	const none = { low: null, high: null, seeds };
	if (seeds === 0) return { ...none, estimate: null, reason: "no seed in common" };
	const estimate = mean(differences);
	if (seeds === 1) return { ...none, estimate, reason: "one seed; an interval needs two" };
	const variance = differences.reduce((sum, each) => sum + (each - estimate) ** 2, 0) / (seeds - 1);
	const half = studentQuantile((1 + level) / 2, seeds - 1) * Math.sqrt(variance / seeds);
	return { estimate, low: estimate - half, high: estimate + half, seeds, reason: null };
}
