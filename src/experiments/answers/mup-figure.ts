import type { Parametrization } from "../../architecture/choices.ts";
import type { Color, Figure, LegendItem, Mark, Point, Shape } from "../../figures/figure.ts";
import { formatLoss, formatRate } from "../../figures/format.ts";
import { rich } from "../../figures/rich-text.ts";
import { intervalCells, intervalColumns, linearAxis, logAxis } from "../drawing.ts";
import type { Interval } from "../statistics/cells.ts";
import type { RateSweep } from "../statistics/rate-sweep.ts";

/** The sweep of learning rates at one width. */
export interface WidthSweep {
	readonly parametrization: Parametrization;
	readonly width: number;
	readonly sweep: RateSweep;
	/** The minimum of the parabola through the lowest loss and its neighbors; the lowest rate's if that is at an edge. */
	readonly best: { readonly rate: Interval; readonly loss: number; readonly atEdge: boolean };
}

export const PARAMETRIZATION_NAMES: Record<Parametrization, string> = {
	standard: "the standard parametrization",
	mup: "μP",
};

const STYLES: Record<Parametrization, { dash?: readonly number[]; shape: Shape }> = {
	standard: { shape: "circle" },
	mup: { dash: [6, 4], shape: "diamond" },
};

/** The loss of each width against the learning rate, with the best rate on it. */
export function mupFigure(sweeps: readonly WidthSweep[]): Figure {
	const widths = [...new Set(sweeps.map(({ width }) => width))];
	const parametrizations = [...new Set(sweeps.map(({ parametrization }) => parametrization))];
	const colorOf = (width: number): Color => ({ size: widths.indexOf(width), of: widths.length });
	return {
		name: "mup",
		title: rich("Loss against learning rate by width; the best rates with their intervals"),
		x: logAxis("Learning rate"),
		y: linearAxis("Validation loss (nats per token)"),
		marks: sweeps.flatMap((sweep) => marksOf(sweep, colorOf(sweep.width))),
		legend: [
			...widths.map((width): LegendItem => {
				const text = `width ${width}`;
				return { text: rich(text), series: text, line: { color: colorOf(width), width: 2 } };
			}),
			...parametrizations.map((each): LegendItem => {
				const { dash, shape } = STYLES[each];
				const line = { color: "quiet" as const, width: 2, ...(dash && { dash }) };
				return { text: rich(PARAMETRIZATION_NAMES[each]), series: each, line, dot: { color: "quiet", shape } };
			}),
		],
		table: {
			caption: "The best learning rate of each width",
			columns: [
				{ id: "parametrization", name: rich("Parametrization") },
				{ id: "width", name: rich("Width"), format: String },
				...intervalColumns("best_rate", "Best learning rate", formatRate),
				{ id: "loss", name: rich("Loss there"), format: formatLoss },
				{ id: "rates", name: rich("Rates tried"), format: String },
				{ id: "diverged", name: rich("Of them diverged"), format: String },
			],
			rows: sweeps.map(({ parametrization, width, best, sweep: { rates } }) => [
				...[rich(PARAMETRIZATION_NAMES[parametrization]), width],
				...intervalCells(best.atEdge ? null : best.rate),
				...[best.loss, rates.length, rates.filter(({ cell }) => !cell).length],
			]),
		},
		summary: sweeps
			.map(({ parametrization, width, best }) => {
				const at = best.atEdge ? "at the edge of those tried" : formatRate(best.rate.estimate);
				return `width ${width} under ${PARAMETRIZATION_NAMES[parametrization]}: best rate ${at}`;
			})
			.join("; "),
		empty: "No finished runs yet.",
	};
}

function marksOf({ parametrization, width, sweep, best }: WidthSweep, color: Color): Mark[] {
	const { dash, shape } = STYLES[parametrization];
	const common = { color, series: [`width ${width}`, parametrization] };
	const finished = sweep.rates.filter(({ cell }) => cell);
	const name = `width ${width} under ${PARAMETRIZATION_NAMES[parametrization]}`;
	const line: Mark = {
		...{ kind: "line", ...common, width: 1.5, ...(dash && { dash }) },
		points: finished.map(({ rate, loss }): Point => [rate, loss]),
		pointRuns: finished.map(({ cell }) => cell!.runs.map(({ id }) => id)),
		describe: ([rate, loss]: Point) => `${name}, rate ${formatRate(rate)}: loss ${formatLoss(loss)}`,
	};
	const { estimate, low, high } = best.rate;
	const minimum: Mark = {
		...{ kind: "dots", ...common, points: [[estimate, best.loss]], shape },
		intervals: { x: [low === null || high === null ? null : [low, high]] },
		describe: () => `${name}: best rate ${formatRate(estimate)}, loss ${formatLoss(best.loss)}`,
	};
	return best.atEdge ? [line] : [line, minimum];
}
