import { countPoints } from "../analysis/points/conventions.ts";
import { type PreparedPoints, preparePoints } from "../analysis/points/prepare-points.ts";
import { groupBy } from "../maths/group-by.ts";
import { canonicalJson, sha256 } from "../run/canonical-json.ts";
import type { RunResult } from "../run/run-result.ts";
import { checkUnseen, ForecastError } from "./check-unseen.ts";
import { type LawForecast, lawForecasts, type Target } from "./forecast-laws.ts";
import { type HoldOut, heldOutRuns } from "./hold-out.ts";
import type { Plan } from "./plan.ts";
import { rowsOfComparableRuns } from "./run-points.ts";
import type { Study } from "./study.ts";

/**
 * A sealed forecast: what laws fitted to the kept runs of a study say about the runs that were set aside, before those have
 * trained. Plain JSON. The hashes bind it to the study and to the results it was made from.
 */
export interface Forecast {
	study: { name: string; hash: string };
	by: HoldOut;
	/** When it was sealed, in ISO 8601. */
	sealedAt: string;
	/** Nominal coverage of the intervals. */
	interval: number;
	resamples: number;
	seed: number;
	/** Ids of the kept runs that had results, in plan order. */
	used: string[];
	/** SHA-256 of those results. */
	usedHash: string;
	/** Ids of the runs that are set aside, in plan order. */
	heldOut: string[];
	/** What is predicted, ascending in compute. */
	targets: Target[];
	/** One for each law. */
	laws: LawForecast[];
}

export interface ForecastOptions {
	/** The present time. */
	now: Date;
	/** Default 1000. */
	resamples?: number;
	/** Default 42. */
	seed?: number;
	/** Default 0.9. */
	interval?: number;
}

/**
 * Fits the laws to the kept runs and predicts the others.
 *
 * @param results of the study's runs; those of no kept run must be missing, and none of those set aside may be there
 * @throws StudyError if the study leaves nothing to fit, ForecastError if it is too early or too late for a forecast,
 *   IncomparableRuns if no run counts
 */
export async function sealForecast(
	plan: Plan,
	by: HoldOut,
	results: readonly RunResult[],
	{ now, resamples = 1000, seed = 42, interval = 0.9 }: ForecastOptions,
): Promise<Forecast> {
	const heldOut = heldOutRuns(plan, by);
	const byId = new Map(results.map((result) => [result.id, result]));
	checkUnseen(plan, heldOut, byId);
	const aside = new Set(heldOut);
	const kept = plan.runs.filter(({ id }) => !aside.has(id));
	const used = kept.flatMap(({ id }) => byId.get(id) ?? []);
	if (used.length < kept.length)
		throw new ForecastError(
			`the forecast of "${plan.study.name}" needs its ${kept.length} kept runs; ${used.length} are finished`,
		);
	const targets = targetsOf(plan, heldOut);
	const { vocabulary } = used[0]!.spec.model;
	return {
		study: { name: plan.study.name, hash: await studyHash(plan.study) },
		by,
		sealedAt: now.toISOString(),
		...{ interval, resamples, seed },
		used: used.map(({ id }) => id),
		usedHash: await resultsHash(used),
		heldOut,
		targets,
		laws: lawForecasts(pointsOfRuns(used), targets, { resamples, seed, interval, vocabulary }),
	};
}

/** The points of kept runs that `isoflop fit` makes of them, in total parameters with C = 6·N·D. */
export function pointsOfRuns(results: readonly RunResult[]): PreparedPoints {
	const { rows } = rowsOfComparableRuns(results);
	return preparePoints(countPoints(rows, { count: "total", flops: "6nd" }));
}

export async function studyHash(study: Study): Promise<string> {
	return sha256(canonicalJson(study));
}

/** SHA-256 of results in the order given. */
export async function resultsHash(results: readonly RunResult[]): Promise<string> {
	return sha256(canonicalJson(results));
}

function targetsOf({ runs, perRun }: Plan, heldOut: readonly string[]): Target[] {
	const aside = new Set(heldOut);
	const cells = groupBy(
		runs.filter(({ id }) => aside.has(id)),
		({ id }) => `${perRun[id]!.parameters.total} ${perRun[id]!.tokens}`,
	);
	return [...cells.values()]
		.map((cell): Target => {
			const { parameters, tokens, flops } = perRun[cell[0]!.id]!;
			return {
				...{ parameters: parameters.total, tokens, flops: flops.total },
				runs: cell.map(({ id }) => id),
				seeds: new Set(cell.map(({ spec }) => spec.seed)).size,
			};
		})
		.sort((p, q) => p.flops - q.flops || p.parameters - q.parameters);
}
