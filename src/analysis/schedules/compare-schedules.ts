import { mean } from "../../maths/least-squares.ts";
import { canonicalJson } from "../../run/canonical-json.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { RunSpec } from "../../run/run-spec.ts";
import { DEFAULT_LEVEL, type PairedDifference, pairedDifference } from "./paired-difference.ts";

/** Runs of one schedule, which differ in nothing but their seed; all or some of them, or none. */
export interface ScheduleRuns {
	readonly name: string;
	readonly runs: readonly RunResult[];
}

/** Final validation losses of a schedule, with the weights as trained or averaged. */
export interface Outcome {
	/** Nats per token, mean over the seeds; null without a run that has ended. */
	readonly loss: number | null;
	/** Against the reference, paired by seed. */
	readonly difference: PairedDifference;
	/** 1 for the lowest loss; null for a schedule that cannot be ranked, for the reason in `Standing.problem`. */
	readonly rank: number | null;
}

/** How a schedule compares with the reference. */
export interface Standing {
	readonly name: string;
	/** How many of its runs have a final loss. */
	readonly seeds: number;
	readonly raw: Outcome;
	/** Null where no average of the weights was kept. */
	readonly averaged: Outcome | null;
	/** Why it is not ranked; null if it is. */
	readonly problem: string | null;
}

export interface ScheduleComparison {
	/** The name of the schedule that the others are compared with. */
	readonly reference: string;
	/** Nominal coverage of the intervals, each of one difference. */
	readonly level: number;
	/** From the lowest loss to the highest; those without a rank come last. */
	readonly standings: readonly Standing[];
}

/** Equal for runs whose schedules can be compared: model, text, budget and all else but schedule, rate and seed. */
export function comparisonKey({ schedule: _, seed: _seed, optimizer, ...rest }: RunSpec): string {
	return canonicalJson({ ...rest, optimizer: { ...optimizer, learningRate: null } });
}

/**
 * Compares the final losses of schedules with those of a reference, paired by seed, and ranks them by the mean difference. A
 * schedule with a diverged run has no rank: the seeds that are left would be its luckier ones.
 *
 * @param reference one of the names
 * @throws Error if there is no such schedule, or runs differ in more than schedule, learning rate and seed
 */
export function compareSchedules(
	schedules: readonly ScheduleRuns[],
	reference: string,
	level = DEFAULT_LEVEL,
): ScheduleComparison {
	const base = schedules.find(({ name }) => name === reference);
	if (!base)
		throw new Error(
			`schedules: the reference is "${reference}"; it must be one of ${schedules.map(({ name }) => `"${name}"`).join(", ")}`,
		);
	checkAlike(schedules);
	const standings = schedules.map((own): Standing => {
		const problem = problemOf(own, base);
		const outcome = (measure: Measure): Outcome => {
			const losses = lossesOf(own, measure);
			const difference = pairedDifference(losses, lossesOf(base, measure), level);
			return { loss: losses.size > 0 ? mean([...losses.values()]) : null, difference, rank: null };
		};
		const hasAverage = own.runs.some(({ validationLossEma }) => validationLossEma !== undefined);
		return {
			...{ name: own.name, seeds: lossesOf(own, raw).size, problem },
			...{ raw: outcome(raw), averaged: hasAverage ? outcome(averaged) : null },
		};
	});
	return { reference, level, standings: ranked(standings) };
}

type Measure = (run: RunResult) => number | null | undefined;
const raw: Measure = ({ validationLoss }) => validationLoss;
const averaged: Measure = ({ validationLossEma }) => validationLossEma;

/** Final losses by seed. */
function lossesOf({ runs }: ScheduleRuns, measure: Measure): Map<number, number> {
	return new Map(
		runs.flatMap((run) => {
			const loss = measure(run);
			return typeof loss === "number" ? [[run.spec.seed, loss] as const] : [];
		}),
	);
}

function problemOf(own: ScheduleRuns, base: ScheduleRuns): string | null {
	if (own.runs.length === 0) return "not trained yet";
	const failed = own.runs.filter(({ status }) => status === "diverged").length;
	if (failed > 0) return `${failed} of ${own.runs.length} runs diverged`;
	const reference = lossesOf(base, raw);
	const losses = lossesOf(own, raw);
	if (losses.size === 0) return "stopped before its end";
	return [...losses.keys()].some((seed) => reference.has(seed)) ? null : `no seed in common with ${base.name}`;
}

function checkAlike(schedules: readonly ScheduleRuns[]): void {
	const runs = schedules.flatMap(({ name, runs }) => runs.map((run) => ({ name, run })));
	const [first] = runs;
	const other = runs.find(({ run }) => comparisonKey(run.spec) !== comparisonKey(first!.run.spec));
	if (first && other)
		throw new Error(
			`schedules: a run of "${other.name}" differs from one of "${first.name}" in more than schedule, learning rate and seed; ` +
				"compared runs share model, text and budget",
		);
}

function ranked(standings: readonly Standing[]): Standing[] {
	const places = (of: (standing: Standing) => Outcome | null) =>
		standings
			.filter((each) => each.problem === null && of(each)?.difference.estimate != null)
			.sort((a, b) => of(a)!.difference.estimate! - of(b)!.difference.estimate!);
	const [byRaw, byAveraged] = [places(({ raw }) => raw), places(({ averaged }) => averaged)];
	const place = (list: readonly Standing[], standing: Standing) => {
		const at = list.indexOf(standing);
		return at < 0 ? null : at + 1;
	};
	const rest = standings.filter((standing) => !byRaw.includes(standing));
	return [...byRaw, ...rest].map((standing) => ({
		...standing,
		raw: { ...standing.raw, rank: place(byRaw, standing) },
		averaged: standing.averaged && { ...standing.averaged, rank: place(byAveraged, standing) },
	}));
}
