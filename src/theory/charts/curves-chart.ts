import type { Convention } from "../../architecture/flops.ts";
import type { Figure, LineMark } from "../../figures/figure.ts";
import { formatCount, formatLoss, formatScientific } from "../../figures/format.ts";
import { PARAMETERS, rich } from "../../figures/rich-text.ts";
import type { CurvesFigure, SyntheticCurve } from "../figures.ts";
import { COLUMNS, endsOf, flopsAxis, LOSS_AXIS, NOTHING, pointsOf } from "./drawing.ts";
import { overlayLegend, overlayLine, type StudyOverlay } from "./overlay.ts";

const FRAMES: Record<Convention, Pick<Figure, "name" | "title" | "x" | "y">> = {
	nonEmbedding: {
		...{ name: "figure-4", title: rich("A simulated study, without embeddings") },
		...{ x: flopsAxis("nonEmbedding"), y: LOSS_AXIS },
	},
	total: {
		...{ name: "figure-7-curves", title: rich("The same study in total parameters") },
		...{ x: flopsAxis("total"), y: LOSS_AXIS },
	},
};
/** How far beyond the budgets curves are drawn, as a factor. */
const OVERHANG = 30;
const FRONTIER = { color: "ink", width: 2.25 } as const;

/** Figure 4, or the first half of figure 7: loss against compute of the simulated models, and the lowest at each budget. */
export function curvesChart(data: CurvesFigure | null, count: Convention, overlay: StudyOverlay | null = null): Figure {
	const frame = FRAMES[count];
	if (!data) return { ...frame, ...NOTHING };
	const { curves, frontier } = data;
	const [from, to] = endsOf(frontier.flops);
	const [highest, lowest] = endsOf(frontier.loss);
	const [smallest, largest] = endsOf(curves.map(({ parameters }) => parameters));
	const envelope = overlay?.envelope[count];
	return {
		...frame,
		marks: [
			...curves.map((curve, i): LineMark => curveMark(curve, { size: i, of: curves.length }, from, to)),
			{
				kind: "line",
				...{ ...FRONTIER, series: ["frontier"], points: pointsOf(frontier.flops, frontier.loss) },
				describe: ([flops, loss]) => `at ${formatScientific(flops)} FLOP the lowest loss is ${formatLoss(loss)}`,
			},
			...overlayLine(
				envelope ? pointsOf(envelope.flops, envelope.loss) : [],
				([flops, loss]) => `your study: loss ${formatLoss(loss)} at ${formatScientific(flops)} FLOP`,
			),
		],
		legend: [
			{
				text: rich(
					`${curves.length} models, `,
					PARAMETERS[count],
					` from ${formatCount(smallest)} to ${formatCount(largest)}`,
				),
				...{ series: "curves", line: { color: { size: curves.length / 2, of: curves.length }, width: 1.25 } },
			},
			{ text: rich("lowest loss at each budget"), series: "frontier", line: FRONTIER },
			...overlayLegend(overlay, "line"),
		],
		table: {
			caption: "lowest loss at each budget",
			columns: [COLUMNS.flops(count), COLUMNS.loss],
			rows: frontier.flops.map((flops, i) => [flops, frontier.loss[i]!]),
		},
		summary:
			`Simulated training curves of ${curves.length} models. The lowest loss falls from ${formatLoss(highest)} at ` +
			`${formatScientific(from)} FLOP to ${formatLoss(lowest)} at ${formatScientific(to)} FLOP.`,
		empty: "",
	};
}

/** The part of a curve around the budgets. */
function curveMark(curve: SyntheticCurve, color: LineMark["color"], from: number, to: number): LineMark {
	const points = pointsOf(curve.flops, curve.loss);
	return {
		kind: "line",
		...{ color, series: ["curves"], width: 1.25, opacity: 0.85, stretch: false },
		points: points.filter(([flops]) => flops > from / OVERHANG && flops < to * OVERHANG),
		describe: ([flops, loss]) =>
			`${formatCount(curve.parameters)} parameters: loss ${formatLoss(loss)} at ${formatScientific(flops)} FLOP`,
	};
}
