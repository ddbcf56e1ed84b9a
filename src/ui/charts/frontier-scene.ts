import type { Fit } from "../../analysis/fitting/fit.ts";
import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import { formatCount, formatEstimate, formatFit, formatPower, formatScientific, plural } from "../parts/format.ts";
import { CONVENTION_ORDER, CONVENTIONS } from "../parts/symbols.ts";
import { conventionColour, inkColours, withOpacity } from "./palette.ts";
import { logRange, type Scene, type SceneDot, type SceneLine, type SceneNote, type ScenePoint } from "./scene.ts";

/** How far beyond its points a fitted line is drawn, as a factor of compute. */
const OVERHANG = 1.6;
/** Room for the slopes' labels right of the data, as a share of the axis. */
const LABEL_ROOM = 0.1;

/**
 * The best model size N* against compute C in both conventions on one pair of axes: the staircase of best sizes, the
 * points of the fit, the fitted power law with the band of its slope's interval, and the published slope through the
 * same centre. Null without points.
 */
export function frontierScene(analysis: StudyAnalysis | null, dark: boolean): Scene | null {
	if (!analysis) return null;
	const points = CONVENTION_ORDER.flatMap((convention) => analysis.conventions[convention].frontier);
	const x = logRange(
		points.map((point) => point.flops),
		0.04,
	);
	const y = logRange(
		points.map((point) => point.parameters),
		0.14,
	);
	if (!x || !y) return null;
	const areas: Scene["areas"] = [];
	const references: SceneLine[] = [];
	const lines: SceneLine[] = [];
	const dots: SceneDot[] = [];
	const notes: SceneNote[] = [];
	const { quiet } = inkColours(dark);
	for (const convention of CONVENTION_ORDER) {
		const { allocation, frontier } = analysis.conventions[convention];
		const colour = conventionColour(convention, dark);
		const { words, reference, source } = CONVENTIONS[convention];
		const stairs: ScenePoint[] = frontier.map((point) => [point.flops, point.parameters]);
		lines.push({
			points: stairs,
			colour: withOpacity(colour, 0.45),
			width: 1.5,
			describe: ([flops, parameters]) =>
				`${words}: at ${formatScientific(flops)} FLOP the best of these models has ${formatCount(parameters)} parameters`,
		});
		for (const { x: flops, y: parameters } of allocation.points) {
			dots.push({
				point: [flops, parameters],
				colour,
				shape: convention === "total" ? "circle" : "diamond",
				describe: `${words}: the best size passes ${formatCount(parameters)} parameters at ${formatScientific(flops)} FLOP`,
			});
		}
		const span = fittedSpan(allocation);
		if (!span) continue;
		const through = (slope: number, flops: number): ScenePoint => [
			flops,
			span.centre[1] * (flops / span.centre[0]) ** slope,
		];
		const straight = (slope: number): ScenePoint[] => [through(slope, span.from), through(slope, span.to)];
		const slope = allocation.estimate!;
		if (allocation.low !== null && allocation.high !== null) {
			const { low, high } = allocation;
			areas.push({
				colour,
				points: [
					through(low, span.from),
					span.centre,
					through(low, span.to),
					through(high, span.to),
					span.centre,
					through(high, span.from),
				],
			});
		}
		references.push({ points: straight(reference), colour: quiet, width: 1, dash: [2, 4] });
		lines.push({ points: straight(slope), colour, width: 2.25, dash: convention === "total" ? undefined : [9, 4] });
		notes.push(
			...slopeNotes(
				{ end: through(slope, span.to), slope, colour },
				{ end: through(reference, span.to), slope: reference, colour: quiet, source },
			),
		);
	}
	return {
		x: { min: x.min, max: x.max * (x.max / x.min) ** LABEL_ROOM, format: formatPower },
		y: { ...y, format: formatPower },
		areas,
		lines: [...references, ...lines],
		dots,
		notes,
	};
}

/** The slopes written right of the ends of a fitted line and of its reference, the steeper one above. */
function slopeNotes(
	fitted: { end: ScenePoint; slope: number; colour: string },
	reference: { end: ScenePoint; slope: number; colour: string; source: string },
): SceneNote[] {
	const steeper = fitted.slope >= reference.slope;
	return [
		{
			point: fitted.end,
			text: `slope ${formatEstimate(fitted.slope)}`,
			colour: fitted.colour,
			shift: steeper ? -9 : 9,
			bold: true,
		},
		{
			point: reference.end,
			text: `${reference.source} ${reference.slope.toFixed(2)}`,
			colour: reference.colour,
			shift: steeper ? 9 : -9,
		},
	];
}

/** The fit's geometric centre and the stretch of compute its line is drawn over; null without an estimate. */
function fittedSpan(fit: Fit): { centre: ScenePoint; from: number; to: number } | null {
	if (fit.estimate === null || fit.points.length === 0) return null;
	const mean = (values: number[]) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
	const computes = fit.points.map((point) => point.x);
	return {
		centre: [mean(computes), mean(fit.points.map((point) => point.y))],
		from: Math.min(...computes) / OVERHANG,
		to: Math.max(...computes) * OVERHANG,
	};
}

/** The picture in a sentence. */
export function describeFrontier(analysis: StudyAnalysis | null): string {
	if (!analysis) return "Best model size against compute: no points yet.";
	const parts = CONVENTION_ORDER.map((convention) => {
		const { allocation } = analysis.conventions[convention];
		const { words, reference } = CONVENTIONS[convention];
		if (allocation.estimate === null) return `${words}: no slope yet (${allocation.reason}).`;
		const { estimate, interval } = formatFit(allocation.estimate, allocation.low, allocation.high);
		return `${words}: ${plural(allocation.points.length, "point")} on a line of slope ${estimate}, ${interval ? `interval ${interval}` : "without an interval"}; reference ${reference.toFixed(2)}.`;
	});
	return `Best model size against compute, both on logarithmic axes. ${parts.join(" ")}`;
}
