import type { Convention } from "../../architecture/flops.ts";
import type { Figure, FigureAxis, Point, TableColumn } from "../../figures/figure.ts";
import { formatCount, formatLoss, formatScientific } from "../../figures/format.ts";
import { COMPUTE, italic, PARAMETERS, type RichText, rich } from "../../figures/rich-text.ts";
import { plainTick, powerTick } from "../../figures/ticks.ts";
import type { LogLine } from "../synthetic-study.ts";

/** What a figure is before there are numbers for it. */
export const NOTHING = {
	...{ marks: [], legend: [], table: { caption: "no numbers", columns: [], rows: [] } },
	...{
		summary: "Nothing is drawn: there are no numbers for these constants.",
		empty: "No numbers for these constants.",
	},
} satisfies Partial<Figure>;

/** Room to the right of a line for its slope, as a share of the axis. */
export const NOTE_ROOM = 0.2;

/** C, with N counted by a convention, and room for notes. Figures with the same compute show the pointer's position together. */
export function flopsAxis(count: Convention, padEnd = 0): FigureAxis {
	return { ...logAxis(rich("Compute ", COMPUTE[count], " (FLOP)")), padEnd, link: `theory ${count}` };
}

export function parametersAxis(count: Convention): FigureAxis {
	return logAxis(rich("Best size ", star(PARAMETERS[count]), " (parameters)"));
}

export const LOSS_AXIS: FigureAxis = logAxis(rich("Loss ", italic("L"), " (nats per token)"), plainTick);

export function logAxis(label: RichText, tick = powerTick): FigureAxis {
	return { label, scale: "log", tick, pad: 0.05 };
}

/** A symbol's optimum: N*_T. */
export function star(symbol: RichText): RichText {
	const [letter, ...index] = symbol;
	return rich(letter!, "*", index);
}

/** Two columns as points. */
export function pointsOf(x: readonly number[], y: readonly number[]): Point[] {
	return x.map((at, i): Point => [at, y[i]!]);
}

/** How often a straight line is cut, so that it bends as it should on linear axes. */
const CUTS = 48;

/** The points of y = e^intercept · C^slope from one compute to another. */
export function linePoints({ slope, intercept }: LogLine, from: number, to: number): Point[] {
	return Array.from({ length: CUTS + 1 }, (_, i): Point => {
		const flops = from * (to / from) ** (i / CUTS);
		return [flops, Math.exp(intercept + slope * Math.log(flops))];
	});
}

/** The first and the last of some values. */
export function endsOf(values: readonly number[]): [first: number, last: number] {
	return [values[0]!, values.at(-1)!];
}

/** Three decimals, as for exponents of the theory. */
export function exponentText(value: number): string {
	return value.toFixed(3).replace("-", "−");
}

/** Columns of tables. */
export const COLUMNS = {
	flops: (count: Convention): TableColumn => ({
		...{ id: count === "total" ? "C_T" : "C_noE", name: rich(COMPUTE[count], " (FLOP)"), format: formatScientific },
	}),
	best: (count: Convention): TableColumn => ({
		...{ id: count === "total" ? "N_T_best" : "N_noE_best", name: star(PARAMETERS[count]), format: formatCount },
	}),
	loss: { id: "loss", name: rich(italic("L"), "*"), format: formatLoss } satisfies TableColumn,
};
