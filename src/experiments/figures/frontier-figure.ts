import type { Fit } from "../../analysis/fitting/fit.ts";
import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import { type Convention, tokensOf } from "../../architecture/flops.ts";
import type { Figure, FigureTable, LegendItem, Mark, NoteMark, Point } from "../../figures/figure.ts";
import { formatCount, formatEstimate, formatFit, formatScientific, plural } from "../../figures/format.ts";
import { italic, PARAMETERS, rich, TOKEN_COUNT } from "../../figures/rich-text.ts";
import { powerTick } from "../../figures/ticks.ts";
import { CONVENTION_ORDER, CONVENTIONS } from "./conventions.ts";

/** How far beyond its points a fitted line is drawn, as a factor of compute. */
const OVERHANG = 1.6;
/** Steps on either side of the center that a power law is drawn in, so that it bends as it should on linear axes. */
const STEPS = 24;

const PUBLISHED = "published";
const DASH: Record<Convention, readonly number[] | undefined> = { total: undefined, nonEmbedding: [9, 4] };
const SHAPE = { total: "circle", nonEmbedding: "diamond" } as const;

/**
 * The best model size N* against compute C in both conventions on one pair of axes: the stairs of best sizes, the points of
 * the fit, the fitted power law with the band of its exponent's interval, and the published slope through the same center.
 */
export function frontierFigure(analysis: StudyAnalysis | null, empty = "No points yet."): Figure {
	return {
		name: "frontier",
		title: rich("Best model size against compute"),
		x: {
			label: rich(
				"Compute ",
				italic("C"),
				" = 6",
				italic("ND"),
				" (FLOP), with ",
				italic("N"),
				" counted the same way",
			),
			...{ scale: "log", tick: powerTick, pad: 0.04, padEnd: 0.1, link: "flops" },
		},
		y: {
			label: rich("Best model size ", italic("N"), "* (parameters)"),
			...{ scale: "log", tick: powerTick, pad: 0.14 },
		},
		marks: analysis ? marksOf(analysis) : [],
		legend: legendOf(),
		table: tableOf(analysis),
		summary: summaryOf(analysis),
		empty,
	};
}

function marksOf(analysis: StudyAnalysis): Mark[] {
	const marks = CONVENTION_ORDER.map((convention) => {
		const { allocation, frontier } = analysis.conventions[convention];
		if (frontier.length === 0) return { stairs: [], fit: [], published: [], notes: [] };
		return { stairs: stairsAndDots(analysis, convention), ...lawMarks(allocation, convention) };
	});
	// Published slopes lie below everything of the study's own.
	return [
		...marks.flatMap(({ published }) => published),
		...marks.flatMap(({ stairs, fit }) => [...stairs, ...fit]),
		...marks.flatMap(({ notes }) => notes),
	];
}

function stairsAndDots(analysis: StudyAnalysis, convention: Convention): Mark[] {
	const { allocation, frontier } = analysis.conventions[convention];
	const { label } = CONVENTIONS[convention];
	const common = { color: convention, series: [convention] };
	return [
		{
			kind: "line",
			...common,
			points: frontier.map((point): Point => [point.flops, point.parameters]),
			pointRuns: frontier.map((point) => point.runIds),
			...{ width: 1.5, opacity: 0.45 },
			describe: ([flops, parameters]) =>
				`${label}: at ${formatScientific(flops)} FLOP the best of these models has ${formatCount(parameters)} parameters`,
		},
		{
			kind: "dots",
			...common,
			points: allocation.points.map(({ x, y }): Point => [x, y]),
			pointRuns: allocation.points.map(({ runs }) => runs),
			shape: SHAPE[convention],
			describe: (i) => {
				const { x, y } = allocation.points[i]!;
				return `${label}: the best size passes ${formatCount(y)} parameters at ${formatScientific(x)} FLOP`;
			},
		},
	];
}

/** The fitted law with its band, the published slope through the same center, and their notes; nothing without an estimate. */
function lawMarks(allocation: Fit, convention: Convention): { fit: Mark[]; published: Mark[]; notes: NoteMark[] } {
	const { estimate: slope, low, high, points } = allocation;
	if (slope === null || points.length === 0) return { fit: [], published: [], notes: [] };
	const { reference, source } = CONVENTIONS[convention];
	const { computes, through } = powerLaws(points);
	const line = (exponent: number) => computes.map((flops): Point => [flops, through(exponent, flops)]);
	const common = { color: convention, series: [convention], stretch: false };
	const quiet = { color: "quiet", series: [convention, PUBLISHED], stretch: false } as const;
	const fit: Mark[] = [{ kind: "line", ...common, points: line(slope), width: 2.25, dash: DASH[convention] }];
	if (low !== null && high !== null) {
		const ends = computes.map((flops) => [through(low, flops), through(high, flops)]);
		const [bottom, top] = [ends.map((pair) => Math.min(...pair)), ends.map((pair) => Math.max(...pair))];
		fit.push({ kind: "band", ...common, x: computes, low: bottom, high: top });
	}
	const shift = slope >= reference ? -9 : 9;
	return {
		fit,
		published: [{ kind: "line", ...quiet, points: line(reference), width: 1, dash: [2, 4] }],
		notes: [
			{
				kind: "note",
				...common,
				at: line(slope).at(-1)!,
				text: rich(`slope ${formatEstimate(slope)}`),
				shift,
				bold: true,
			},
			{
				kind: "note",
				...quiet,
				at: line(reference).at(-1)!,
				text: rich(`${source} ${reference.toFixed(2)}`),
				shift: -shift,
			},
		],
	};
}

/** Power laws through the points' geometric center, and the computes they are drawn at. */
function powerLaws(points: Fit["points"]) {
	const mean = (values: number[]) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
	const all = points.map((point) => point.x);
	const center = { x: mean(all), y: mean(points.map((point) => point.y)) };
	const [from, to] = [Math.min(...all) / OVERHANG, Math.max(...all) * OVERHANG];
	const before = Array.from({ length: STEPS }, (_, i) => from * (center.x / from) ** (i / STEPS));
	const after = Array.from({ length: STEPS }, (_, i) => center.x * (to / center.x) ** ((i + 1) / STEPS));
	return {
		computes: [...before, center.x, ...after],
		through: (exponent: number, flops: number) => center.y * (flops / center.x) ** exponent,
	};
}

function legendOf(): LegendItem[] {
	const references = CONVENTION_ORDER.map((convention) => CONVENTIONS[convention].reference.toFixed(2)).join(" and ");
	return [
		...CONVENTION_ORDER.map((convention): LegendItem => {
			const text = rich(`${CONVENTIONS[convention].label} (`, PARAMETERS[convention], ")");
			const line = { color: convention, width: 2.25, dash: DASH[convention] };
			return { text, series: convention, line, dot: { color: convention, shape: SHAPE[convention] } };
		}),
		{
			text: rich(`published slopes ${references}`),
			series: PUBLISHED,
			line: { color: "quiet", width: 1, dash: [2, 4] },
		},
		{
			text: rich(
				"stairs: best size at each compute; marks: where a size overtakes the next smaller one; band: interval of the slope",
			),
		},
	];
}

function tableOf(analysis: StudyAnalysis | null): FigureTable {
	return {
		caption: "fitted points",
		columns: [
			{ id: "counted", name: rich("Counted") },
			{ id: "flops", name: rich("Compute ", italic("C"), " (FLOP)"), format: formatScientific },
			{ id: "params", name: rich("Best size ", italic("N"), "*"), format: formatCount },
			{ id: "tokens", name: rich("Tokens ", TOKEN_COUNT, "*"), format: formatCount },
		],
		rows: CONVENTION_ORDER.flatMap((convention) =>
			(analysis?.conventions[convention].allocation.points ?? []).map(({ x, y }) => {
				const counted = rich(`${CONVENTIONS[convention].label} (`, PARAMETERS[convention], ")");
				return [counted, x, y, tokensOf(x, y)];
			}),
		),
	};
}

function summaryOf(analysis: StudyAnalysis | null): string {
	if (!analysis) return "Best model size against compute: no points yet.";
	const parts = CONVENTION_ORDER.map((convention) => {
		const { allocation } = analysis.conventions[convention];
		const { label, reference, source } = CONVENTIONS[convention];
		if (allocation.estimate === null) return `${label}: no slope yet (${allocation.reason}).`;
		const { estimate, interval } = formatFit(allocation.estimate, allocation.low, allocation.high);
		const points = plural(allocation.points.length, "point");
		const range = interval ? `interval ${interval}` : "without an interval";
		return `${label}: ${points} on a line of slope ${estimate}, ${range}; ${source} has ${reference.toFixed(2)}.`;
	});
	return `Best model size against compute. ${parts.join(" ")}`;
}
