import type { Figure, Mark } from "../../figures/figure.ts";
import { formatCount, formatLoss } from "../../figures/format.ts";
import { italic, rich, sub } from "../../figures/rich-text.ts";
import { groupBy } from "../../maths/group-by.ts";
import { leastSquaresLine } from "../../maths/least-squares.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { RunSpec } from "../../run/run-spec.ts";
import type { Plan } from "../../study/plan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { intervalCells, intervalColumns, intervalText, logAxis, measuredMarks } from "../drawing.ts";
import { bestCells, specOf } from "../statistics/best-cells.ts";
import { type Cell, cellsOf, drawMeans, type Interval, intervalOf } from "../statistics/cells.ts";

const tokensOfText = ({ corpus }: RunSpec) => corpus.uniqueTokens ?? Number.POSITIVE_INFINITY;

/**
 * The lowest validation loss over sizes and over training against the amount of text (Hestness et al. 2017). Where it was
 * still falling when training ended, the amount of training limits it, not that of text: the law leaves such amounts out.
 */
export function answerData(_plan: Plan, runs: readonly RunResult[], options: AnswerOptions): Answer {
	const cells = cellsOf(runs, lowestLoss).filter((cell) => Number.isFinite(tokensOfText(specOf(cell))));
	const best = bestCells(cells, (spec) => String(tokensOfText(spec)));
	best.sort((p, q) => tokensOfText(specOf(p)) - tokensOfText(specOf(q)));
	const draws = drawMeans(best, options);
	const settled = best.filter((cell) => !wasFalling(cell));
	const logTokens = settled.map((cell) => Math.log(tokensOfText(specOf(cell))));
	const exponent = (means: readonly number[]) =>
		exponentOf(
			logTokens,
			means.filter((_, i) => settled.includes(best[i]!)),
		);
	const slope = intervalOf(best, draws, exponent, options.interval);
	const losses = best.map((_, i) => intervalOf(best, draws, (means) => means[i]!, options.interval)!);
	return {
		sentence: sentenceOf(settled, slope),
		figure: figureOf(cells, best, settled, losses, slope),
		warnings: [...fallingWarnings(best), ...largestWarnings(cells, settled)],
	};
}

/** The last share of a run in which a lowest loss says that it had not settled. */
const LAST = 0.1;

/** Whether a run of the cell had its lowest loss at its very end, as far as it was evaluated on its way. */
function wasFalling({ runs }: Cell): boolean {
	return runs.some(({ tokens, validationCurve }) => {
		const measured = validationCurve?.loss.flatMap((loss, i) =>
			loss === null ? [] : [[validationCurve.tokens[i]!, loss]],
		);
		if (!measured || measured.length < 2) return false;
		const [at] = measured.reduce((lowest, each) => (each[1]! < lowest[1]! ? each : lowest));
		return at! > (1 - LAST) * tokens;
	});
}

/** The lowest validation loss of a run on its way: what stopping early would have kept. */
function lowestLoss({ validationLoss, validationCurve }: RunResult): number | null {
	const losses = [validationLoss, ...(validationCurve?.loss ?? [])].filter((loss) => loss !== null);
	return losses.length > 0 ? Math.min(...losses) : null;
}

/** β of L ∝ D^−β. */
function exponentOf(logTokens: readonly number[], losses: readonly number[]): number | null {
	const line = losses.length < 3 ? null : leastSquaresLine(logTokens, losses.map(Math.log));
	return line && -line.slope;
}

function sentenceOf(settled: readonly Cell[], slope: Interval | null): string {
	if (!slope) return "Fewer than three amounts of text have finished runs whose loss had settled.";
	const [first, last] = [settled[0]!, settled.at(-1)!];
	return (
		`From ${formatCount(tokensOfText(specOf(first)))} to ${formatCount(tokensOfText(specOf(last)))} tokens of text, the best loss falls ` +
		`from ${formatLoss(first.mean)} to ${formatLoss(last.mean)} nats per token, as L ∝ D^−${intervalText(slope)}.`
	);
}

function fallingWarnings(best: readonly Cell[]): string[] {
	const falling = best.filter(wasFalling).map((cell) => formatCount(tokensOfText(specOf(cell))));
	if (falling.length === 0) return [];
	return [
		`With ${falling.join(", ")} tokens of text the best model's loss was still falling when its training ended: longer training ` +
			"would lower it, so the law leaves these amounts out.",
	];
}

function largestWarnings(cells: readonly Cell[], best: readonly Cell[]): string[] {
	const size = (cell: Cell) => cell.runs[0]!.parameters.total;
	const largest = Math.max(...cells.map(size));
	const limited = best.filter((cell) => size(cell) === largest && cells.some((other) => size(other) < largest));
	if (limited.length === 0) return [];
	const amounts = limited.map((cell) => formatCount(tokensOfText(specOf(cell)))).join(", ");
	return [`With ${amounts} tokens of text the largest model is the best one, so a larger one may do better.`];
}

function figureOf(
	cells: readonly Cell[],
	best: readonly Cell[],
	settled: readonly Cell[],
	losses: readonly Interval[],
	slope: Interval | null,
): Figure {
	const measured = best.map((cell, i) => ({
		...losses[i]!,
		x: tokensOfText(specOf(cell)),
		runs: cell.runs.map(({ id }) => id),
		settled: settled.includes(cell),
	}));
	const dots = (kept: typeof measured, color: "total" | "quiet") =>
		measuredMarks(kept, {
			...{ color, series: "best", line: false },
			describe: (i) => `${formatCount(kept[i]!.x)} tokens of text: ${formatLoss(kept[i]!.estimate)}`,
		});
	return {
		name: "data",
		title: rich("Best loss against the amount of text"),
		x: logAxis(rich("Tokens of text ", italic("D"))),
		y: logAxis("Lowest validation loss (nats per token)"),
		marks: [
			...sizeLines(cells),
			...lawLine(settled, slope),
			...dots(
				measured.filter((each) => each.settled),
				"total",
			),
			...dots(
				measured.filter((each) => !each.settled),
				"quiet",
			),
		],
		legend: [
			{ text: rich("best of all sizes"), series: "best", dot: { color: "total", shape: "circle" } },
			{ text: rich("still falling at the end"), dot: { color: "quiet", shape: "circle" } },
			{ text: rich("each size"), series: "sizes", line: { color: "quiet", width: 1 } },
		],
		table: {
			caption: "The best size for each amount of text",
			columns: [
				{ id: "unique_tokens", name: rich("Tokens of text"), format: formatCount },
				{ id: "n_total", name: rich("Best ", italic("N"), sub("T")), format: formatCount },
				...intervalColumns("loss", "Lowest loss"),
				{ id: "still_falling", name: rich("Still falling at the end") },
			],
			rows: best.map((cell, i) => [
				...[tokensOfText(specOf(cell)), cell.runs[0]!.parameters.total, ...intervalCells(losses[i]!)],
				settled.includes(cell) ? null : rich("yes"),
			]),
		},
		summary: sentenceOf(settled, slope),
		empty: "No finished runs yet.",
	};
}

function sizeLines(cells: readonly Cell[]): Mark[] {
	const bySize = groupBy(cells, (cell) => cell.runs[0]!.parameters.total);
	return [...bySize].map(([parameters, own]): Mark => {
		const points = own.map((cell): [number, number] => [tokensOfText(specOf(cell)), cell.mean]);
		points.sort((p, q) => p[0] - q[0]);
		return {
			kind: "line",
			...{ color: "quiet", series: ["sizes"], width: 1, points, label: rich(formatCount(parameters)) },
			describe: ([, loss]) => `${formatCount(parameters)} parameters: ${formatLoss(loss)}`,
		};
	});
}

function lawLine(settled: readonly Cell[], slope: Interval | null): Mark[] {
	const x = settled.map((cell) => tokensOfText(specOf(cell)));
	const line = leastSquaresLine(
		x.map(Math.log),
		settled.map(({ mean }) => Math.log(mean)),
	);
	if (!slope || !line) return [];
	const at = (tokens: number): [number, number] => [tokens, Math.exp(line.intercept) * tokens ** line.slope];
	return [{ kind: "line", color: "total", series: ["best"], width: 2, points: [at(x[0]!), at(x.at(-1)!)] }];
}
