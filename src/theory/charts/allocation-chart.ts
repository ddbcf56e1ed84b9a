import type { Convention } from "../../architecture/flops.ts";
import type { Figure, LegendItem, Mark } from "../../figures/figure.ts";
import { formatCount, formatScientific } from "../../figures/format.ts";
import { PARAMETERS, rich } from "../../figures/rich-text.ts";
import type { AllocationFigure, AnalyticAllocationFigure } from "../figures.ts";
import {
	COLUMNS,
	endsOf,
	exponentText,
	flopsAxis,
	linePoints,
	NOTE_ROOM,
	NOTHING,
	parametersAxis,
	pointsOf,
	star,
} from "./drawing.ts";
import { overlayLegend, overlayLine, type StudyOverlay } from "./overlay.ts";

const FRAMES: Record<Convention, Pick<Figure, "name" | "title" | "x" | "y">> = {
	nonEmbedding: {
		...{ name: "figure-5", title: rich("The exponent without embeddings") },
		...{ x: flopsAxis("nonEmbedding", NOTE_ROOM), y: parametersAxis("nonEmbedding") },
	},
	total: {
		...{ name: "figure-7-allocation", title: rich("The exponent in total parameters") },
		...{ x: flopsAxis("total", NOTE_ROOM), y: parametersAxis("total") },
	},
};
const DASH: Record<Convention, readonly number[] | undefined> = { total: undefined, nonEmbedding: [9, 4] };
const ANALYTIC = { color: "ink", width: 1.25 } as const;
const LARGE = { color: "quiet", width: 1, dash: [2, 4] } as const;

/** Figure 5: N*_\E against C_\E, the line fitted to it, the analytic curve, and a line through its largest models. */
export function nonEmbeddingAllocationChart(
	data: AnalyticAllocationFigure | null,
	overlay: StudyOverlay | null = null,
): Figure {
	const chart = allocationChart(data, "nonEmbedding", overlay);
	if (!data) return chart;
	const { analytic, largeModels, frontier } = data;
	const [from, to] = endsOf(frontier.flops);
	const large = exponentText(largeModels.slope);
	const points = linePoints(largeModels, from, to);
	return {
		...chart,
		marks: [
			{ kind: "line", ...LARGE, series: ["large"], stretch: false, points },
			{
				kind: "line",
				...{ ...ANALYTIC, series: ["analytic"], stretch: false },
				points: pointsOf(analytic.flops, analytic.parameters),
				describe: ([flops, n]) => `equation 19: ${formatCount(n)} parameters at ${formatScientific(flops)} FLOP`,
			},
			...chart.marks,
		],
		legend: [
			...chart.legend,
			{ text: rich(star(PARAMETERS.nonEmbedding), " by equation 19"), series: "analytic", line: ANALYTIC },
			{ text: rich(`line of the largest models, slope ${large}`), series: "large", line: LARGE },
		],
		summary: `${chart.summary} The analytic curve runs through the stairs; its largest models lie on a line of slope ${large}.`,
	};
}

/** Half of figure 7, and the base of figure 5: N* against C of the simulated study, with the line fitted to it. */
export function allocationChart(
	data: AllocationFigure | null,
	count: Convention,
	overlay: StudyOverlay | null = null,
): Figure {
	const frame = FRAMES[count];
	if (!data) return { ...frame, ...NOTHING };
	const { frontier, fit } = data;
	const [from, to] = endsOf(frontier.flops);
	const line = linePoints(fit, from, to);
	const slope = exponentText(fit.slope);
	const studied = overlay?.frontier[count];
	const marks: Mark[] = [
		{
			kind: "line",
			...{ color: count, series: ["stairs"], width: 1.75, opacity: 0.5 },
			points: pointsOf(frontier.flops, frontier.parameters),
			describe: ([flops, n]) =>
				`at ${formatScientific(flops)} FLOP the best of the models has ${formatCount(n)} parameters`,
		},
		{ kind: "line", color: count, series: ["fit"], width: 2.25, dash: DASH[count], points: line },
		...overlayLine(
			studied ? pointsOf(studied.flops, studied.parameters) : [],
			([flops, n]) => `your study: ${formatCount(n)} parameters are best at ${formatScientific(flops)} FLOP`,
		),
		{
			kind: "note",
			color: count,
			series: ["fit"],
			at: line.at(-1)!,
			text: rich(`slope ${slope}`),
			bold: true,
			shift: -10,
		},
	];
	const legend: LegendItem[] = [
		{ text: rich("stairs: best of the models"), series: "stairs", line: { color: count, width: 1.75 } },
		{
			text: rich(`fitted line, slope ${slope}`),
			series: "fit",
			line: { color: count, width: 2.25, dash: DASH[count] },
		},
		...overlayLegend(overlay, "line"),
	];
	const [first, last] = endsOf(frontier.parameters);
	return {
		...frame,
		...{ marks, legend },
		table: {
			caption: "best model at each budget",
			columns: [COLUMNS.flops(count), COLUMNS.best(count)],
			rows: frontier.flops.map((flops, i) => [flops, frontier.parameters[i]!]),
		},
		summary:
			`Best model size against compute: stairs from ${formatCount(first)} to ${formatCount(last)} parameters, ` +
			`and the fitted line of slope ${slope}.`,
		empty: "",
	};
}
