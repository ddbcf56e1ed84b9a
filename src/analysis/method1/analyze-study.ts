import type { Convention } from "../../architecture/flops.ts";
import { groupBy } from "../../maths/group-by.ts";
import type { CurveRun } from "../points/curve-run.ts";
import { type Choice, chooseRates } from "./choose-rates.ts";
import type { SizeCurves } from "./frontier.ts";
import { fitMethod1 } from "./method1.ts";
import type { AnalysisOptions, ChosenRate, StudyAnalysis } from "./study-analysis.ts";

/**
 * Fits a study's runs, finished (`RunResult`) or still training, by Chinchilla's Method 1 in both conventions. It first
 * picks the best learning rate of each size, then takes the envelope of the curves at these rates.
 *
 * Losses are compared between runs, so all runs must share corpus, vocabulary and context (see `comparableRuns`). If they
 * do not, every fit has a reason instead of an estimate.
 *
 * @throws RangeError if resamples is not a whole number up to 1,000,000, or interval is not in (0, 1)
 */
export function analyzeStudy(runs: readonly CurveRun[], options: AnalysisOptions = {}): StudyAnalysis {
	const { resamples = 1000, seed = 42, interval = 0.9, trimEdges = true } = options;
	const complete = checked({ resamples, seed, interval, trimEdges });
	const { choices, leftOut } = chooseRates(runs);
	const kinds = comparableRuns(runs).length;
	const unfit =
		kinds > 1
			? `the runs differ in corpus, vocabulary or context (${kinds} combinations), so their losses cannot be compared`
			: null;
	const fit = (convention: Convention) =>
		fitMethod1(sizesIn(choices, convention), leftOut, complete, convention, unfit);
	return {
		options: complete,
		chosen: choices.map((choice) => choice.chosen),
		leftOut,
		warnings: [...rateWarnings(choices.map((choice) => choice.chosen)), ...runWarnings(runs)],
		conventions: { total: fit("total"), nonEmbedding: fit("nonEmbedding") },
	};
}

/** Divides runs into groups whose losses can be compared: same corpus, vocabulary and context. */
export function comparableRuns<T extends CurveRun>(runs: readonly T[]): T[][] {
	const keyOf = ({ spec: { corpus, model } }: T) =>
		`${corpus.hash} ${corpus.uniqueTokens} ${model.vocabulary} ${model.context}`;
	return [...groupBy(runs, keyOf).values()];
}

/** One entry per model shape, ascending in parameters. */
function sizesIn(choices: readonly Choice[], convention: Convention): SizeCurves[] {
	const sizes = new Map<string, SizeCurves>();
	for (const { sizeKey, chosen, members } of choices) {
		const size = sizes.get(sizeKey) ?? { label: chosen.size, parameters: chosen.parameters[convention], recipes: [] };
		size.recipes.push({ runs: chosen.runIds, curves: members.map((member) => member.curve) });
		sizes.set(sizeKey, size);
	}
	return [...sizes.values()].sort((p, q) => p.parameters - q.parameters);
}

function rateWarnings(chosen: readonly ChosenRate[]): string[] {
	const edge = chosen.filter((choice) => choice.atGridEdge);
	if (edge.length === 0) return [];
	const list = edge.map((choice) => `${choice.size}: ${choice.learningRate}`).join("; ");
	return [
		`The best learning rate is the lowest or highest one tried, so a better one may lie outside the grid (${list}).`,
	];
}

function runWarnings(runs: readonly CurveRun[]): string[] {
	const count = (status: CurveRun["status"]) => runs.filter((run) => run.status === status).length;
	const warnings: string[] = [];
	const say = (n: number, what: string) => `${n} of ${runs.length} runs ${n === 1 ? `is ${what}` : `are ${what}`}.`;
	if (count("training") > 0) warnings.push(say(count("training"), "still training: all numbers are provisional"));
	if (count("diverged") > 0) warnings.push(say(count("diverged"), "left out because the loss diverged"));
	return warnings;
}

function checked(options: Required<AnalysisOptions>): Required<AnalysisOptions> {
	const { resamples, seed, interval } = options;
	if (!(Number.isInteger(resamples) && resamples >= 0 && resamples <= 1e6))
		throw new RangeError(`analyzeStudy: resamples is ${resamples}; it must be a whole number from 0 to 1,000,000`);
	if (!Number.isInteger(seed)) throw new RangeError(`analyzeStudy: seed is ${seed}; it must be a whole number`);
	if (!(interval > 0 && interval < 1))
		throw new RangeError(`analyzeStudy: interval is ${interval}; it must lie between 0 and 1`);
	return options;
}
