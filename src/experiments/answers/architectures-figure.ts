import type { Figure } from "../../figures/figure.ts";
import { formatCount, formatEstimate, formatLoss, formatRate } from "../../figures/format.ts";
import { PARAMETERS, rich } from "../../figures/rich-text.ts";
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
import type { ArmBest } from "../statistics/best-of-arms.ts";
import type { Interval } from "../statistics/cells.ts";

/** A size of an architecture, with what is known of the architecture. */
export interface ArchitectureRow extends ArmBest {
	/** Of ln L against ln N_\E. */
	readonly slope: Interval | null;
	/** How much higher its loss is than the first architecture's at equal N_\E, in percent. */
	readonly offset: Interval | null;
}

/** The loss at the best learning rate against non-embedding parameters, a line for each architecture. */
export function architecturesFigure({ arms }: Plan, rows: readonly ArchitectureRow[]): Figure {
	const names = arms.map(({ name }) => name);
	const nonEmbedding = ({ cell }: ArmBest) => cell.runs[0]!.parameters.nonEmbedding;
	return {
		name: "architectures",
		title: rich("Loss against non-embedding parameters by architecture"),
		x: logAxis(rich(PARAMETERS.nonEmbedding, ", non-embedding parameters")),
		y: linearAxis("Validation loss (nats per token)"),
		marks: names.flatMap((name, i) => {
			const own = rows.filter(({ arm }) => arm === name);
			const points = own.map((row) => ({ x: nonEmbedding(row), ...row.loss, runs: row.runs }));
			return measuredMarks(points, {
				...{ color: categoryColor(i), series: name },
				describe: (p) => `${name}, ${formatCount(points[p]!.x)} parameters: loss ${formatLoss(points[p]!.estimate)}`,
			});
		}),
		legend: legendOf(names, categoryColor),
		table: {
			caption: "Architectures at their best learning rates",
			columns: [
				{ id: "architecture", name: rich("Architecture") },
				{ id: "width", name: rich("Width"), format: String },
				{ id: "n_nonembedding", name: PARAMETERS.nonEmbedding, format: formatCount },
				{ id: "n_total", name: PARAMETERS.total, format: formatCount },
				{ id: "learning_rate", name: rich("Learning rate"), format: formatRate },
				...intervalColumns("loss", "Loss"),
				...intervalColumns("slope", "Slope of the architecture", formatEstimate),
				...intervalColumns("offset_percent", "Percent above the first, at equal size", formatEstimate),
			],
			rows: rows.map((row) => [
				...[rich(row.arm), row.cell.runs[0]!.spec.model.width, nonEmbedding(row), row.cell.runs[0]!.parameters.total],
				row.rate,
				...[row.loss, row.slope, row.offset].flatMap(intervalCells),
			]),
		},
		summary: rows
			.map((row) => `${row.arm}, ${formatCount(nonEmbedding(row))} parameters: loss ${formatLoss(row.loss.estimate)}`)
			.join("; "),
		empty: "No finished runs yet.",
	};
}
