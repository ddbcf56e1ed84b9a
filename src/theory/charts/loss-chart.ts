import type { Figure } from "../../figures/figure.ts";
import { formatLoss, formatScientific } from "../../figures/format.ts";
import { rich } from "../../figures/rich-text.ts";
import type { LossFigure } from "../figures.ts";
import {
	COLUMNS,
	endsOf,
	exponentText,
	flopsAxis,
	LOSS_AXIS,
	linePoints,
	NOTE_ROOM,
	NOTHING,
	pointsOf,
} from "./drawing.ts";
import { overlayLegend, overlayLine, type StudyOverlay } from "./overlay.ts";

const FRAME = {
	name: "figure-6",
	title: rich("The lowest loss, and Kaplan’s straight line"),
	x: flopsAxis("nonEmbedding", NOTE_ROOM),
	y: LOSS_AXIS,
};
const FIT = { color: "nonEmbedding", width: 2.25, dash: [9, 4] } as const;
const FRONTIER = { color: "nonEmbedding", width: 1.75 } as const;
const ANALYTIC = { color: "ink", width: 1.25 } as const;

/** Figure 6: L* against C_\E, the line fitted to it without an offset, as Kaplan did, and the analytic curve. */
export function lossChart(data: LossFigure | null, overlay: StudyOverlay | null = null): Figure {
	if (!data) return { ...FRAME, ...NOTHING };
	const { frontier, fit, analytic } = data;
	const [from, to] = endsOf(frontier.flops);
	const line = linePoints(fit, from, to);
	const slope = exponentText(fit.slope);
	const envelope = overlay?.envelope.nonEmbedding;
	return {
		...FRAME,
		marks: [
			{
				kind: "line",
				...ANALYTIC,
				series: ["analytic"],
				stretch: false,
				points: pointsOf(analytic.flops, analytic.loss),
			},
			{
				kind: "line",
				...{ ...FRONTIER, opacity: 0.5, series: ["frontier"] },
				points: pointsOf(frontier.flops, frontier.loss),
				describe: ([flops, loss]) => `at ${formatScientific(flops)} FLOP the lowest loss is ${formatLoss(loss)}`,
			},
			{ kind: "line", ...FIT, series: ["fit"], points: line },
			...overlayLine(
				envelope ? pointsOf(envelope.flops, envelope.loss) : [],
				([flops, loss]) => `your study: loss ${formatLoss(loss)} at ${formatScientific(flops)} FLOP`,
			),
			{
				kind: "note",
				...{ color: "nonEmbedding", series: ["fit"], at: line.at(-1)! },
				...{ text: rich(`slope ${slope}`), bold: true, shift: 12 },
			},
		],
		legend: [
			{ text: rich("lowest loss at each budget"), series: "frontier", line: FRONTIER },
			{ text: rich(`fitted line, slope ${slope}`), series: "fit", line: FIT },
			{ text: rich("analytic curve"), series: "analytic", line: ANALYTIC },
			...overlayLegend(overlay, "line"),
		],
		table: {
			caption: "lowest loss at each budget",
			columns: [COLUMNS.flops("nonEmbedding"), COLUMNS.loss],
			rows: frontier.flops.map((flops, i) => [flops, frontier.loss[i]!]),
		},
		summary:
			`Lowest loss against compute: from ${formatLoss(frontier.loss[0]!)} to ${formatLoss(frontier.loss.at(-1)!)}, ` +
			`near a straight line of slope ${slope} on logarithmic axes.`,
		empty: "",
	};
}
