import { bestAtEnd } from "../analysis/method1/choose-rates.ts";
import { recipesOf } from "../analysis/method1/recipes.ts";
import type { RunResult } from "../run/run-result.ts";
import { ForecastError } from "./check-unseen.ts";
import { type Forecast, resultsHash } from "./forecast.ts";
import type { LawForecast, Predicted } from "./forecast-laws.ts";

/** How one prediction came out. */
export interface Verdict extends Predicted {
	/** Nats per token. */
	came: number;
	/** Null without an interval. */
	inside: boolean | null;
	/** Predicted − came, nats per token: positive where the law predicted too high a loss. */
	error: number;
	/** The same in percent of what came. */
	percent: number;
}

/** A run that was set aside, and what became of it. */
export interface JudgedRun {
	run: string;
	/** Position of its target in the forecast. */
	target: number;
	/** Its final training loss, in nats per token; null while it has none. */
	came: number | null;
	/** Why it is not judged; null where it is. */
	reason: string | null;
	/** Whether it has no result yet. */
	waits: boolean;
}

export interface LawJudgement {
	law: string;
	title: string;
	/** One for each judged run, in the order of `runs`; null where the law does not apply to it. */
	runs: (Verdict | null)[];
	best: Verdict | null;
}

/** A run that the forecast was made from, at the best learning rate of its size and length. */
export interface KeptRun {
	run: string;
	/** N_T. */
	parameters: number;
	/** 6·N_T·D, FLOP. */
	flops: number;
	/** Its final training loss, nats per token. */
	loss: number;
}

/** A forecast beside the results. */
export interface Judgement {
	kept: KeptRun[];
	/** All runs that were set aside, in plan order. */
	runs: JudgedRun[];
	/** The run with the lowest loss among those judged; null while there is none. */
	best: string | null;
	/** How many runs have no result yet. The best model is judged when all have theirs. */
	waiting: number;
	laws: LawJudgement[];
}

/**
 * Compares a forecast with what came. Only the best learning rate of a size and length is judged: the laws predict that one.
 *
 * @param results of any runs; those of the forecast are picked out
 * @throws ForecastError if the forecast was not made from these results
 */
export async function judgeForecast(forecast: Forecast, results: readonly RunResult[]): Promise<Judgement> {
	const byId = new Map(results.map((result) => [result.id, result]));
	const used = await usedResults(forecast, byId);
	const targetOf = new Map(forecast.targets.flatMap(({ runs }, t) => runs.map((run) => [run, t] as const)));
	const ended = forecast.heldOut.flatMap((id) => byId.get(id) ?? []);
	const { losses, reasons } = finalLosses(ended);
	const runs = forecast.heldOut.map((run): JudgedRun => {
		const came = losses.get(run) ?? null;
		const reason = byId.has(run) ? (reasons.get(run) ?? null) : "it has not finished";
		return { run, target: targetOf.get(run)!, came, reason, waits: !byId.has(run) };
	});
	const judged = runs.filter(({ reason }) => reason === null);
	const waiting = forecast.heldOut.length - ended.length;
	const lowest = judged.length === 0 ? null : judged.reduce((low, each) => (each.came! < low.came! ? each : low));
	return {
		kept: keptRuns(used),
		...{ runs, waiting, best: lowest?.run ?? null },
		laws: judgeLaws(forecast.laws, runs, waiting === 0 ? (lowest?.came ?? null) : null),
	};
}

/**
 * How each law did.
 *
 * @param lowest the lowest loss among the runs that are judged; null while some are missing
 */
export function judgeLaws(
	laws: readonly LawForecast[],
	runs: readonly JudgedRun[],
	lowest: number | null,
): LawJudgement[] {
	return laws.map(({ law, title, targets, best }) => ({
		...{ law, title },
		runs: runs.map(({ target, came, reason }) => (reason === null ? verdict(targets[target]!, came!) : null)),
		best: lowest === null ? null : verdict(best, lowest),
	}));
}

/** The results that the forecast was made from. */
async function usedResults(
	{ used, usedHash, study }: Forecast,
	byId: ReadonlyMap<string, RunResult>,
): Promise<RunResult[]> {
	const results = used.flatMap((id) => byId.get(id) ?? []);
	if (results.length < used.length)
		throw new ForecastError(
			`the forecast of "${study.name}" was made from ${used.length} runs; ${results.length} of them are among those given`,
		);
	const hash = await resultsHash(results);
	if (hash !== usedHash)
		throw new ForecastError(
			`the forecast of "${study.name}" was made from results with SHA-256 ${usedHash.slice(0, 12)}…, those given have ` +
				`${hash.slice(0, 12)}…; it belongs to other results`,
		);
	return results;
}

function keptRuns(used: readonly RunResult[]): KeptRun[] {
	const { losses, reasons } = finalLosses(used);
	return used
		.filter(({ id }) => losses.has(id) && !reasons.has(id))
		.map(({ id, parameters, flops }) => ({
			...{ run: id, parameters: parameters.total, flops: flops.total },
			loss: losses.get(id)!,
		}));
}

/** The loss at the end of each smoothed curve, as the fits read it, and why runs do not count. */
function finalLosses(results: readonly RunResult[]) {
	const { recipes, leftOut } = recipesOf(results);
	const best = bestAtEnd(recipes);
	const losses = new Map(
		recipes.flatMap(({ members }) =>
			members.map(({ run, curve }) => [run.id, Math.exp(curve.logLoss.at(-1)!)] as const),
		),
	);
	const reasons = new Map([...leftOut, ...best.leftOut].map(({ run, reason }) => [run, reason] as const));
	for (const { id, status } of results)
		if (status === "stopped" && !reasons.has(id)) reasons.set(id, "it was stopped before its end");
	return { losses, reasons };
}

function verdict(predicted: Predicted | null | undefined, came: number): Verdict | null {
	if (!predicted) return null;
	const { loss, low, high } = predicted;
	const error = loss - came;
	const inside = low === null || high === null ? null : low <= came && came <= high;
	return { ...predicted, came, inside, error, percent: (100 * error) / came };
}
