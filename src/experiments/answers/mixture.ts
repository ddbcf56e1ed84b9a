import type { Figure, Mark, Point } from "../../figures/figure.ts";
import { formatCount, formatLoss, formatPercent } from "../../figures/format.ts";
import { italic, rich, sub } from "../../figures/rich-text.ts";
import { groupBy } from "../../maths/group-by.ts";
import { linspace } from "../../maths/search.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { RunSpec } from "../../run/run-spec.ts";
import type { Plan } from "../../study/plan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import {
	categoryColor,
	intervalCells,
	intervalColumns,
	intervalText,
	legendOf,
	linearAxis,
	measuredMarks,
} from "../drawing.ts";
import { specOf } from "../statistics/best-cells.ts";
import { type Cell, cellsOf, drawMeans, type Interval, intervalOf } from "../statistics/cells.ts";
import { fitMixingLaw, mixingError, mixingLoss } from "../statistics/mixing-law.ts";

/** One size's losses on one text against the share of the last text in training. */
interface MixCurve {
	text: string;
	parameters: number;
	shares: number[];
	losses: Interval[];
	runs: string[][];
	/** What the first share above none changes, nats per token. */
	first: Interval | null;
	/** Error of a mixture's prediction from the others, nats per token. */
	error: Interval | null;
}

/** The loss on each text against the share of the second text in the training text. */
export function answerMixture(plan: Plan, runs: readonly RunResult[], options: AnswerOptions): Answer {
	const texts = plan.study.evaluations ?? [];
	const added = texts.at(-1) ?? "";
	const curves = texts.flatMap((text) => {
		const cells = cellsOf(runs, (run) => run.evaluations?.[text] ?? null);
		const bySize = groupBy(cells, (cell) => cell.runs[0]!.parameters.total);
		return [...bySize].map(([parameters, own]) => mixCurve(text, parameters, own, added, options));
	});
	return { sentence: sentenceOf(curves, added), figure: figureOf(curves, texts, added), warnings: [] };
}

function mixCurve(text: string, parameters: number, cells: Cell[], added: string, options: AnswerOptions): MixCurve {
	cells.sort((p, q) => shareOf(specOf(p), added) - shareOf(specOf(q), added));
	const shares = cells.map((cell) => shareOf(specOf(cell), added));
	const draws = drawMeans(cells, options);
	const interval = (statistic: (means: readonly number[]) => number | null) =>
		intervalOf(cells, draws, statistic, options.interval);
	return {
		...{ text, parameters, shares },
		losses: cells.map((_, i) => interval((means) => means[i]!)!),
		runs: cells.map((cell) => cell.runs.map(({ id }) => id)),
		first: interval((means) => (means.length < 2 || shares[0] !== 0 ? null : means[1]! - means[0]!)),
		error: interval((means) => mixingError(shares, means)),
	};
}

/** The share of a text in what a run is trained on. */
function shareOf({ corpus }: RunSpec, text: string): number {
	if (!corpus.mix) return corpus.id === text ? 1 : 0;
	return corpus.mix.find(({ id }) => id === text)?.weight ?? 0;
}

function sentenceOf(curves: readonly MixCurve[], added: string): string {
	const largest = curves.filter(
		({ parameters }) => parameters === Math.max(...curves.map((curve) => curve.parameters)),
	);
	const sentences = largest.flatMap(({ text, shares, first, error }) => {
		if (!first) return [];
		const change = `${formatPercent(shares[1]!)} of ${added} changes the loss on ${text} by ${intervalText(first)} nats per token`;
		return [
			error
				? `${change}, and a mixture’s loss is predicted from the others to within ${intervalText(error)} nats.`
				: `${change}.`,
		];
	});
	return sentences.length > 0 ? sentences.join(" ") : "Fewer than two mixtures have finished runs.";
}

function figureOf(curves: readonly MixCurve[], texts: readonly string[], added: string): Figure {
	return {
		name: "mixture",
		title: rich("Loss on each text against the mixture"),
		x: linearAxis(`Share of ${added} in the training text`),
		y: linearAxis("Loss (nats per token)"),
		marks: curves.flatMap((curve) => marksOf(curve, texts.indexOf(curve.text))),
		legend: [
			...legendOf(
				texts.map((text) => `on ${text}`),
				categoryColor,
			),
			{
				text: rich(italic("L"), " = ", italic("c"), " + ", italic("k"), "·exp(", italic("t"), "·share)"),
				line: { color: "quiet", width: 1.5 },
			},
		],
		table: {
			caption: "Losses after the last step",
			columns: [
				{ id: "text", name: rich("Judged on") },
				{ id: "n_total", name: rich(italic("N"), sub("T")), format: formatCount },
				{ id: "share", name: rich(`Share of ${added}`), format: formatPercent },
				...intervalColumns("loss", "Loss"),
			],
			rows: curves.flatMap(({ text, parameters, shares, losses }) =>
				shares.map((share, i) => [rich(text), parameters, share, ...intervalCells(losses[i]!)]),
			),
		},
		summary: sentenceOf(curves, added),
		empty: "No finished runs yet.",
	};
}

function marksOf({ text, parameters, shares, losses, runs }: MixCurve, color: number): Mark[] {
	const name = `on ${text}`;
	const law = fitMixingLaw(
		shares,
		losses.map(({ estimate }) => estimate),
	);
	const points = law ? linspace(0, 1, 60).map((share): Point => [share, mixingLoss(law, share)]) : [];
	return [
		{
			kind: "line",
			...{ color: categoryColor(color), series: [name], width: 1.5, points },
			label: rich(formatCount(parameters)),
		},
		...measuredMarks(
			shares.map((x, i) => ({ x, ...losses[i]!, runs: runs[i]! })),
			{
				...{ color: categoryColor(color), series: name, line: false },
				describe: (i) => `${formatPercent(shares[i]!)}: loss ${formatLoss(losses[i]!.estimate)} ${name}`,
			},
		),
	];
}
