import type { Color, Figure, Mark, Point } from "../../figures/figure.ts";
import { formatCount } from "../../figures/format.ts";
import { italic, rich, sub } from "../../figures/rich-text.ts";
import { groupBy } from "../../maths/group-by.ts";
import { mean } from "../../maths/least-squares.ts";
import { logspace } from "../../maths/search.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { intervalText, logAxis } from "../drawing.ts";
import type { Interval } from "../statistics/cells.ts";
import { jackknife } from "../statistics/jackknife.ts";
import { type Curve, effectiveTokens, fitRepetition, tokensAtLoss, type Worth } from "../statistics/repetition.ts";

/** R_D* of Muennighoff et al. 2023, section 5. */
const PUBLISHED = 15.39;

/** What repeated text was worth to one size, along training on one amount of unique text; means over seeds. */
interface Series {
	parameters: number;
	unique: number;
	worths: Worth[];
	runs: string[];
}

/** The number of epochs of new text that as many epochs of the same text are worth. */
export function answerRepeat(_plan: Plan, runs: readonly RunResult[], { interval }: AnswerOptions): Answer {
	const bySeed = groupBy(runs.filter(hasCurve), ({ spec }) => spec.seed);
	const clusters = [...bySeed.values()];
	const worth = jackknife(clusters, (some) => logWorth(some.flat()), interval);
	const found = worth && inverseLog(worth);
	const series = seriesOf(clusters.flat());
	return { sentence: sentenceOf(series, found), figure: figureOf(series, found), warnings: warningsOf(runs) };
}

const hasCurve = ({ validationCurve }: RunResult) => (validationCurve?.tokens.length ?? 0) > 1;

function logWorth(runs: readonly RunResult[]): number | null {
	const worth = fitRepetition(seriesOf(runs).flatMap(({ worths }) => worths));
	return worth === null ? null : Math.log(worth);
}

function inverseLog({ estimate, low, high }: Interval): Interval {
	return {
		estimate: Math.exp(estimate),
		...{ low: low === null ? null : Math.exp(low), high: high === null ? null : Math.exp(high) },
	};
}

/** Compares the runs of each size on repeated text with those on all of the text. */
function seriesOf(runs: readonly RunResult[]): Series[] {
	const bySize = groupBy(runs, ({ parameters }) => parameters.total);
	return [...bySize].flatMap(([parameters, own]) => {
		const fresh = meanCurve(own.filter(({ spec }) => spec.corpus.uniqueTokens === undefined));
		if (!fresh) return [];
		const repeated = groupBy(own, ({ spec }) => spec.corpus.uniqueTokens);
		return [...repeated].flatMap(([unique, members]): Series[] => {
			const curve = unique === undefined ? null : meanCurve(members);
			if (!curve) return [];
			return [
				{ parameters, unique: unique!, worths: worthsOf(curve, fresh, unique!), runs: members.map(({ id }) => id) },
			];
		});
	});
}

/** Up to the lowest loss: the law has no overfitting, after which more reading makes things worse. */
function worthsOf({ tokens, loss }: Curve, fresh: Curve, unique: number): Worth[] {
	const lowest = loss.indexOf(Math.min(...loss));
	return tokens.slice(0, lowest + 1).flatMap((read, i) => {
		const effective = tokensAtLoss(fresh, loss[i]!);
		return effective === null ? [] : [{ unique, tokens: read, effective }];
	});
}

/** The mean validation curve of runs that were evaluated at the same tokens; null without runs. */
function meanCurve(runs: readonly RunResult[]): Curve | null {
	const curves = runs.flatMap(({ validationCurve }) => (validationCurve ? [validationCurve] : []));
	if (curves.length === 0) return null;
	const length = Math.min(...curves.map(({ tokens }) => tokens.length));
	const tokens = curves[0]!.tokens.slice(0, length);
	const losses = tokens.map((_, i) => curves.map(({ loss }) => loss[i]));
	const last = losses.findIndex((values) => values.some((value) => value === null));
	const end = last < 0 ? length : last;
	return { tokens: tokens.slice(0, end), loss: losses.slice(0, end).map((values) => mean(values as number[])) };
}

function warningsOf(runs: readonly RunResult[]): string[] {
	const without = runs.filter((run) => !hasCurve(run)).length;
	return without > 0
		? [`${without} of ${runs.length} runs were evaluated only once, so nothing is known of their way there.`]
		: [];
}

function sentenceOf(series: readonly Series[], worth: Interval | null): string {
	if (!worth) return "Too few runs on repeated and on new text are finished.";
	const most = Math.max(...series.flatMap(({ worths }) => worths.map(({ tokens, unique }) => tokens / unique)));
	const four = effectiveTokens(1, 4, worth.estimate) / 4;
	return (
		`Repetitions lose their worth with R_D* = ${intervalText(worth)} (Muennighoff et al.: ${PUBLISHED}); four epochs are worth ` +
		`${Math.round(100 * four)} % of as much new text. Read up to ${formatCount(most)} times.`
	);
}

const colorOf = (series: readonly Series[], unique: number): Color => {
	const all = [...new Set(series.map((each) => each.unique))].sort((a, b) => a - b);
	return { size: all.indexOf(unique), of: all.length };
};

function figureOf(series: readonly Series[], worth: Interval | null): Figure {
	const uniques = [...new Set(series.map(({ unique }) => unique))].sort((a, b) => a - b);
	return {
		name: "repeat",
		title: rich("What repeated text is worth"),
		x: logAxis(rich("Epochs read, ", italic("D"), " / ", italic("U"))),
		y: logAxis(rich("Epochs of new text with the same loss, ", italic("D"), "′ / ", italic("U"))),
		marks: series.length === 0 ? [] : [...lawMarks(series, worth), ...series.map((each) => seriesMark(each, series))],
		legend: [
			...uniques.map((unique) => ({
				text: rich(`${formatCount(unique)} unique tokens`),
				series: String(unique),
				dot: { color: colorOf(series, unique), shape: "circle" as const },
			})),
			{ text: rich("fitted"), series: "fitted", line: { color: "ink", width: 2 } },
			{ text: rich("Muennighoff et al."), series: "published", line: { color: "quiet", width: 1.5, dash: [6, 4] } },
			{ text: rich("as good as new"), series: "new", line: { color: "quiet", width: 1, dash: [2, 4] } },
		],
		table: {
			caption: "The longest reading of each amount of text, up to its lowest loss",
			columns: [
				{ id: "n_total", name: rich(italic("N"), sub("T")), format: formatCount },
				{ id: "unique_tokens", name: rich(italic("U")), format: formatCount },
				{ id: "tokens", name: rich(italic("D")), format: formatCount },
				{ id: "effective_tokens", name: rich(italic("D"), "′"), format: formatCount },
				{ id: "epochs", name: rich(italic("D"), " / ", italic("U")), format: formatCount },
				{ id: "effective_epochs", name: rich(italic("D"), "′ / ", italic("U")), format: formatCount },
			],
			rows: series.flatMap(({ parameters, worths }) => {
				const last = worths.at(-1);
				if (!last) return [];
				const { unique, tokens, effective } = last;
				return [[parameters, unique, tokens, effective, tokens / unique, effective / unique]];
			}),
		},
		summary: sentenceOf(series, worth),
		empty: "No finished runs on repeated and on new text yet.",
	};
}

function seriesMark({ parameters, unique, worths, runs }: Series, series: readonly Series[]): Mark {
	return {
		kind: "dots",
		...{ color: colorOf(series, unique), series: [String(unique)], runs },
		shape: parameters === Math.min(...series.map((each) => each.parameters)) ? "circle" : "diamond",
		points: worths.map(({ tokens, effective }): Point => [tokens / unique, effective / unique]),
		describe: (i) => {
			const { tokens, effective } = worths[i]!;
			return (
				`${formatCount(parameters)} parameters: ${formatCount(unique)} tokens read ${formatCount(tokens / unique)} times are worth ` +
				`${formatCount(effective / unique)} times as many new ones`
			);
		},
	};
}

function lawMarks(series: readonly Series[], worth: Interval | null): Mark[] {
	const most = Math.max(2, ...series.flatMap(({ worths, unique }) => worths.map(({ tokens }) => tokens / unique)));
	const epochs = logspace(0, Math.log10(most), 40);
	const curve = (of: (read: number) => number) => epochs.map((read): Point => [read, of(read)]);
	const marks: Mark[] = [
		{
			kind: "line",
			color: "quiet",
			series: ["new"],
			width: 1,
			dash: [2, 4],
			points: curve((read) => read),
			stretch: false,
		},
		{
			kind: "line",
			...{ color: "quiet", series: ["published"], width: 1.5, dash: [6, 4], stretch: false },
			points: curve((read) => effectiveTokens(1, read, PUBLISHED)),
		},
	];
	if (worth)
		marks.push({
			kind: "line",
			...{ color: "ink", series: ["fitted"], width: 2 },
			points: curve((read) => effectiveTokens(1, read, worth.estimate)),
		});
	return marks;
}
