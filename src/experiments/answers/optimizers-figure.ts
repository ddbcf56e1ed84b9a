import type { Figure, Mark } from "../../figures/figure.ts";
import { formatEstimate, formatLoss, formatRate } from "../../figures/format.ts";
import { rich } from "../../figures/rich-text.ts";
import type { Plan } from "../../study/plan.ts";
import {
	categoryColor,
	intervalCells,
	intervalColumns,
	legendOf,
	linearAxis,
	logAxis,
	measuredMarks,
} from "../drawing.ts";
import { rateOf } from "../statistics/best-cells.ts";
import type { ArmBest } from "../statistics/best-of-arms.ts";
import type { Interval } from "../statistics/cells.ts";

/** An optimizer at its best learning rate for one size. */
export interface OptimizerRow extends ArmBest {
	/** "width 24, 3 layers". */
	readonly size: string;
	/** Against AdamW at the same size; null where there is none. */
	readonly compared: "itself" | null | { readonly difference: Interval; readonly share: Interval | null };
}

/** Dashes tell sizes apart; the largest has none. */
const DASHES = [[], [8, 4], [2, 3]];

/** Loss against learning rate, a line for each optimizer and size, with the interval of the best. */
export function optimizersFigure({ arms }: Plan, rows: readonly OptimizerRow[]): Figure {
	const names = arms.map(({ name }) => name);
	const sizes = [...new Set(rows.map(({ size }) => size))].reverse();
	const dashOf = (size: string) => DASHES[sizes.indexOf(size) % DASHES.length]!;
	return {
		name: "optimizers",
		title: rich("Loss against learning rate by optimizer"),
		x: logAxis("Learning rate"),
		y: linearAxis("Validation loss (nats per token)"),
		marks: rows.flatMap((row) => marksOf(row, names.indexOf(row.arm), dashOf(row.size))),
		legend: [
			...legendOf(names, categoryColor),
			...(sizes.length < 2
				? []
				: sizes.map((size) => ({
						text: rich(size),
						series: size,
						line: { color: "quiet" as const, width: 2, dash: dashOf(size) },
					}))),
		],
		table: {
			caption: "Optimizers at their best learning rates",
			columns: [
				{ id: "optimizer", name: rich("Optimizer") },
				{ id: "size", name: rich("Size") },
				{ id: "learning_rate", name: rich("Learning rate"), format: formatRate },
				...intervalColumns("loss", "Loss"),
				...intervalColumns("difference", "Less AdamW's", formatEstimate),
				...intervalColumns("tokens_share", "Tokens to AdamW's loss, as a share", formatEstimate),
			],
			rows: rows.map(({ arm, size, rate, loss, compared }) => {
				const { difference, share } = typeof compared === "object" && compared ? compared : NOTHING;
				return [...[rich(arm), rich(size), rate], ...[loss, difference, share].flatMap(intervalCells)];
			}),
		},
		summary: rows
			.map(({ arm, size, rate, loss }) => `${arm}, ${size}: loss ${formatLoss(loss.estimate)} at rate ${rate}`)
			.join("; "),
		empty: "No finished runs yet.",
	};
}

const NOTHING = { difference: null, share: null };

function marksOf({ arm, size, rate, loss, sweep, runs }: OptimizerRow, i: number, dash: readonly number[]): Mark[] {
	const color = categoryColor(i);
	const series = [arm, size];
	const describe = (at: number, value: number) => `${arm}, ${size}, rate ${formatRate(at)}: loss ${formatLoss(value)}`;
	return [
		{
			...{ kind: "line", color, series, width: 1.5, dash },
			points: sweep.map((cell) => [rateOf(cell), cell.mean] as const),
			pointRuns: sweep.map((cell) => cell.runs.map(({ id }) => id)),
			describe: ([at, value]: readonly [number, number]) => describe(at, value),
		},
		...measuredMarks([{ x: rate, ...loss, runs }], {
			...{ color, series: arm, line: false },
			describe: () => describe(rate, loss.estimate),
		}).map((mark) => ({ ...mark, series })),
	];
}
