import type { Convention } from "../../architecture/flops.ts";
import type { LeftOut } from "../fitting/fit.ts";
import { comparableRuns } from "../points/comparable-runs.ts";
import type { CurveRun } from "../points/curve-run.ts";
import { groupBySize, mergedSizesNote } from "../points/one-size.ts";
import { bestAtEnd, RATE_RULES, type RateRule } from "./choose-rates.ts";
import { frontierOf, type SizeCurves } from "./frontier.ts";
import { fitMethod1 } from "./method1.ts";
import { chosenRates, type FrontierRecipes, ruleText } from "./rate-ranges.ts";
import { type Recipe, recipesOf, sizeLabel } from "./recipes.ts";
import type { AnalysisOptions, ChosenRate, StudyAnalysis, StudyReading } from "./study-analysis.ts";

/**
 * Fits a study's runs, finished (`RunResult`) or still training, by Chinchilla's Method 1 in both conventions: the lower
 * envelope of the curves of all learning rates, schedules, batches and lengths, and beside it that of the rates that are
 * best at the end (`RateRule`).
 *
 * Losses are compared between runs, so all runs must share corpus, vocabulary and context (see `comparableRuns`). If they
 * do not, every fit has a reason instead of an estimate.
 *
 * @throws RangeError if resamples is not a whole number up to 1,000,000, interval is not in (0, 1) or rates is no rule
 */
export function analyzeStudy(runs: readonly CurveRun[], options: AnalysisOptions = {}): StudyAnalysis {
	const { resamples = 1000, seed = 42, interval = 0.9, trimEdges = true, rates = "envelope" } = options;
	const complete = checked({ resamples, seed, interval, trimEdges, rates });
	const all = recipesOf(runs);
	const kinds = comparableRuns(runs).length;
	const unfit =
		kinds > 1
			? `the runs differ in corpus, vocabulary or context (${kinds} combinations), so their losses cannot be compared`
			: null;
	const read = (rule: RateRule) => readStudy(rule, all, complete, unfit);
	const { reading, frontiers, used } = read(rates);
	const other = read(rates === "envelope" ? "final" : "envelope").reading;
	const chosen = chosenRates(runs, used, frontiers);
	return {
		options: complete,
		...reading,
		chosen,
		warnings: [...rateWarnings(chosen), ...sizeWarnings(all.recipes), ...runWarnings(runs)],
		otherRule: reading.rule === null && other.rule === null ? null : other,
	};
}

/** The fits under one rule, with what they rest on. */
function readStudy(
	rule: RateRule,
	all: { recipes: readonly Recipe[]; leftOut: readonly LeftOut[] },
	options: Required<AnalysisOptions>,
	unfit: string | null,
): { reading: StudyReading; frontiers: FrontierRecipes[]; used: readonly Recipe[] } {
	const { recipes: used, leftOut: beaten } =
		rule === "final" ? bestAtEnd(all.recipes) : { recipes: all.recipes, leftOut: [] };
	const leftOut = [...all.leftOut, ...beaten];
	const text = ruleText(rule, all.recipes);
	const frontiers: FrontierRecipes[] = [];
	const fit = (convention: Convention) => {
		const { sizes, recipes } = sizesIn(used, convention);
		const frontier = sizes.length > 0 && unfit === null ? frontierOf(sizes) : null;
		if (frontier) frontiers.push({ convention, frontier, recipes });
		return fitMethod1(frontier, leftOut, options, { path: convention, unfit, rule: text });
	};
	const conventions = { total: fit("total"), nonEmbedding: fit("nonEmbedding") };
	return { reading: { rates: rule, rule: text, leftOut, conventions }, frontiers, used };
}

/** One entry per size, ascending. Shapes within 1 % in N are one size, of which the best recipe counts. */
function sizesIn(used: readonly Recipe[], convention: Convention): { sizes: SizeCurves[]; recipes: Recipe[][] } {
	const groups = groupBySize(used, (recipe) => parametersOf(recipe, convention));
	const sizes = groups.map(({ parameters, members }): SizeCurves => {
		const labels = new Set(members.map((recipe) => sizeLabel(recipe.members[0]!.run)));
		return {
			label: [...labels].join(" or "),
			parameters,
			recipes: members.map((recipe) => ({
				runs: recipe.members.map((member) => member.run.id),
				curves: recipe.members.map((member) => member.curve),
			})),
		};
	});
	return { sizes, recipes: groups.map(({ members }) => members) };
}

function parametersOf({ members }: Recipe, convention: Convention): number {
	return members[0]!.run.parameters[convention];
}

function sizeWarnings(used: readonly Recipe[]): string[] {
	return (["total", "nonEmbedding"] as const).flatMap((convention) => {
		const of = (recipe: Recipe) => parametersOf(recipe, convention);
		const what = `Sizes in ${convention === "total" ? "total" : "non-embedding"} parameters`;
		return mergedSizesNote(groupBySize(used, of), of, what) ?? [];
	});
}

function rateWarnings(chosen: readonly ChosenRate[]): string[] {
	const edge = chosen.filter((choice) => choice.atGridEdge);
	if (edge.length === 0) return [];
	const list = edge.map((choice) => `${choice.size}: ${choice.learningRate}`).join("; ");
	const where = edge.some(({ bestAt }) => bestAt) ? " where sizes cross" : "";
	return [
		`The best learning rate${where} is the lowest or highest one tried, so a better one may lie outside the grid (${list}).`,
	];
}

function runWarnings(runs: readonly CurveRun[]): string[] {
	const count = (status: CurveRun["status"]) => runs.filter((run) => run.status === status).length;
	const warnings: string[] = [];
	const say = (n: number, what: string) => `${n} of ${runs.length} runs ${n === 1 ? `is ${what}` : `are ${what}`}.`;
	if (count("training") > 0) warnings.push(say(count("training"), "still training: all numbers are provisional"));
	if (count("diverged") > 0) warnings.push(say(count("diverged"), "left out because the loss diverged"));
	if (count("stopped") > 0)
		warnings.push(
			say(count("stopped"), "stopped early, behind other learning rates: such curves count as far as they go"),
		);
	return warnings;
}

function checked(options: Required<AnalysisOptions>): Required<AnalysisOptions> {
	const { resamples, seed, interval, rates } = options;
	if (!(Number.isInteger(resamples) && resamples >= 0 && resamples <= 1e6))
		throw new RangeError(`analyzeStudy: resamples is ${resamples}; it must be a whole number from 0 to 1,000,000`);
	if (!Number.isInteger(seed)) throw new RangeError(`analyzeStudy: seed is ${seed}; it must be a whole number`);
	if (!(interval > 0 && interval < 1))
		throw new RangeError(`analyzeStudy: interval is ${interval}; it must lie between 0 and 1`);
	if (!RATE_RULES.includes(rates))
		throw new RangeError(`analyzeStudy: rates is "${rates}"; it must be one of ${RATE_RULES.join(", ")}`);
	return options;
}
