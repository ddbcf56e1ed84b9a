import type { Parametrization } from "../../architecture/choices.ts";
import { groupBy } from "../../maths/group-by.ts";
import { leastSquaresLine } from "../../maths/least-squares.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { RunSpec } from "../../run/run-spec.ts";
import type { Plan } from "../../study/plan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { intervalText } from "../drawing.ts";
import { edgeWarningOf } from "../statistics/best-cells.ts";
import { drawMeans, type Interval, intervalOf } from "../statistics/cells.ts";
import { bestRate, comparableRates, type RateSweep, rateSweeps, withMeans } from "../statistics/rate-sweep.ts";
import { mupFigure, PARAMETRIZATION_NAMES, type WidthSweep } from "./mup-figure.ts";

/** The best learning rate of each width in both parametrizations, and how it changes with each doubling of the width. */
export function answerMup(_plan: Plan, runs: readonly RunResult[], options: AnswerOptions): Answer {
	const sweeps = rateSweeps(runs).sort((p, q) => p.spec.model.width - q.spec.model.width);
	const cells = sweeps.flatMap(comparableRates);
	const draws = drawMeans(cells, options);
	/** The interval of a function of the best rates. */
	const interval = (statistic: (rates: readonly number[]) => number | null, of: readonly RateSweep[]) =>
		intervalOf(
			cells,
			draws,
			(means) => {
				const drawn = new Map(cells.map((cell, i) => [cell, means[i]!]));
				return statistic(of.map((sweep) => bestRate(withMeans(sweep, drawn)).rate));
			},
			options.interval,
		);
	const widths = sweeps.map((sweep): WidthSweep => {
		const { loss, atEdge } = bestRate(sweep);
		const { low, high, ...rate } = interval(([rate]) => rate!, [sweep])!;
		const best = { rate: atEdge ? { ...rate, low: null, high: null } : { ...rate, low, high }, loss, atEdge };
		return { parametrization: parametrizationOf(sweep.spec), width: sweep.spec.model.width, sweep, best };
	});
	const changes = [...groupBy(widths, ({ parametrization }) => parametrization)].map(([parametrization, group]) => {
		const inside = group.filter(({ best }) => !best.atEdge);
		const change = interval(
			(rates) =>
				changePerDoubling(
					inside.map(({ width }) => width),
					rates,
				),
			inside.map(({ sweep }) => sweep),
		);
		return { parametrization, change };
	});
	return { sentence: sentenceOf(changes), figure: mupFigure(widths), warnings: warningsOf(widths, runs) };
}

function parametrizationOf({ model }: RunSpec): Parametrization {
	return "baseWidth" in model && model.baseWidth !== null ? "mup" : "standard";
}

/** The factor by which a line of ln(rate) against ln(width) changes the rate when the width doubles. */
function changePerDoubling(widths: readonly number[], rates: readonly number[]): number | null {
	const line = leastSquaresLine(widths.map(Math.log2), rates.map(Math.log));
	return line && Math.exp(line.slope);
}

function sentenceOf(changes: readonly { parametrization: Parametrization; change: Interval | null }[]): string {
	const known = changes.flatMap(({ parametrization, change }) =>
		change ? [`${intervalText(change)} under ${PARAMETRIZATION_NAMES[parametrization]}`] : [],
	);
	if (known.length === 0) return "Fewer than two widths have a best learning rate between others.";
	return `With each doubling of the width, the best learning rate changes by a factor of ${known.join(", and of ")}.`;
}

function warningsOf(widths: readonly WidthSweep[], runs: readonly RunResult[]): string[] {
	const name = ({ parametrization, width }: WidthSweep) =>
		`width ${width} under ${PARAMETRIZATION_NAMES[parametrization]}`;
	const edges = widths.filter(({ best, sweep }) => best.atEdge && sweep.rates.length > 1);
	const diverged = runs.filter(({ validationLoss }) => validationLoss === null).length;
	return [
		...edgeWarningOf(edges.map((width) => `${name(width)}: ${width.best.rate.estimate}`)),
		...(edges.length > 0 ? ["Widths with such a rate do not count in the change with the width."] : []),
		...(diverged > 0
			? [`${diverged} runs diverged; their learning rates count as having the loss of a uniform guess.`]
			: []),
	];
}
