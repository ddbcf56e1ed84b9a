import type { Figure, Mark } from "../../figures/figure.ts";
import { formatCount, formatLoss } from "../../figures/format.ts";
import { italic, rich, sub } from "../../figures/rich-text.ts";
import { groupBy } from "../../maths/group-by.ts";
import { leastSquaresLine, mean } from "../../maths/least-squares.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { categoryColor, intervalText, legendOf, linearAxis } from "../drawing.ts";
import type { Interval } from "../statistics/cells.ts";
import { jackknife } from "../statistics/jackknife.ts";

/** A finished run's losses on its own text and on another. */
interface Judged {
	run: RunResult;
	own: number;
	other: number;
}

/** How the losses on one other text follow those on the training text. */
interface Transfer {
	text: string;
	judged: Judged[];
	/** Slope of the line through all runs: 1 where both losses fall in step. */
	slope: Interval | null;
	/** Mean difference of the losses, nats per token. */
	offset: Interval | null;
}

/** Loss on each other text against the loss on the training text. */
export function answerShift(plan: Plan, runs: readonly RunResult[], { interval }: AnswerOptions): Answer {
	const texts = plan.study.evaluations ?? [];
	const transfers = texts.map((text): Transfer => {
		const judged = runs.flatMap((run): Judged[] => {
			const other = run.evaluations?.[text] ?? null;
			return run.validationLoss === null || other === null ? [] : [{ run, own: run.validationLoss, other }];
		});
		// The lengths of one size and seed branch off one trunk.
		const clusters = [...groupBy(judged, ({ run: { spec } }) => JSON.stringify([spec.model, spec.seed])).values()];
		return {
			...{ text, judged },
			slope: jackknife(clusters, (some) => slopeOf(some.flat()), interval),
			offset: jackknife(clusters, (some) => offsetOf(some.flat()), interval),
		};
	});
	return { sentence: sentenceOf(transfers), figure: figureOf(transfers), warnings: [] };
}

function slopeOf(judged: readonly Judged[]): number | null {
	const line = leastSquaresLine(
		judged.map(({ own }) => own),
		judged.map(({ other }) => other),
	);
	return judged.length < 3 ? null : (line?.slope ?? null);
}

function offsetOf(judged: readonly Judged[]): number | null {
	return judged.length === 0 ? null : mean(judged.map(({ own, other }) => other - own));
}

function sentenceOf(transfers: readonly Transfer[]): string {
	const found = transfers.flatMap(({ text, slope, offset }) => {
		if (!slope || !offset) return [];
		const covers = slope.low !== null && slope.high !== null && slope.low <= 1 && slope.high >= 1;
		return [
			`On ${text} the loss is ${intervalText(offset)} nats per token higher, and changes by ${intervalText(slope)} nats for ` +
				`each nat on the training text${covers ? ": in step, as far as can be told" : ""}.`,
		];
	});
	return found.length > 0 ? found.join(" ") : "Fewer than three runs are finished.";
}

function figureOf(transfers: readonly Transfer[]): Figure {
	const texts = transfers.map(({ text }) => text);
	return {
		name: "shift",
		title: rich("Loss on another text against loss on the training text"),
		x: linearAxis("Loss on the training text’s validation part (nats per token)"),
		y: linearAxis("Loss on the other text (nats per token)"),
		marks: transfers.flatMap((transfer, i) => marksOf(transfer, i)),
		legend: [
			...legendOf(texts, categoryColor),
			{ text: rich("falling in step"), line: { color: "quiet", width: 1, dash: [4, 4] } },
		],
		table: {
			caption: "Losses after the last step",
			columns: [
				{ id: "text", name: rich("Judged on") },
				{ id: "n_total", name: rich(italic("N"), sub("T")), format: formatCount },
				{ id: "tokens", name: rich(italic("D")), format: formatCount },
				{ id: "seed", name: rich("Seed"), format: String },
				{ id: "loss_own", name: rich("Loss, own text"), format: formatLoss },
				{ id: "loss_other", name: rich("Loss, other text"), format: formatLoss },
				{ id: "difference", name: rich("Difference"), format: formatLoss },
			],
			rows: transfers.flatMap(({ text, judged }) =>
				judged.map(({ run, own, other }) => [
					...[rich(text), run.parameters.total, run.tokens, run.spec.seed, own, other, other - own],
				]),
			),
		},
		summary: sentenceOf(transfers),
		empty: "No finished runs yet.",
	};
}

function marksOf({ text, judged, offset }: Transfer, i: number): Mark[] {
	if (judged.length === 0) return [];
	const own = judged.map((each) => each.own);
	const [low, high] = [Math.min(...own), Math.max(...own)];
	const shifted = offset ? offset.estimate : 0;
	return [
		{
			kind: "line",
			...{ color: "quiet", width: 1, dash: [4, 4], series: [text] },
			points: [
				[low, low + shifted],
				[high, high + shifted],
			],
		},
		{
			kind: "dots",
			...{ color: categoryColor(i), series: [text], shape: "circle" },
			points: judged.map((each) => [each.own, each.other]),
			pointRuns: judged.map(({ run }) => [run.id]),
			describe: (at) => {
				const { run, other } = judged[at]!;
				return `${formatCount(run.parameters.total)} parameters, ${formatCount(run.tokens)} tokens: ${formatLoss(other)} on ${text}`;
			},
		},
	];
}
