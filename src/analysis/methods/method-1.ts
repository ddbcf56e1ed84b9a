import { analyzeStudy } from "../method1/analyze-study.ts";
import { fitHull } from "../method1/hull.ts";
import { fitMethod1 } from "../method1/method1.ts";
import type { EnvelopePoint } from "../method1/study-analysis.ts";
import type { Point } from "../points/point.ts";
import type { PreparedPoints } from "../points/prepare-points.ts";
import type { ScalingLawFits } from "../power-laws/scaling-law-fits.ts";
import { defineMethod } from "./fit-method.ts";
import { scalingLawReading } from "./scaling-law-reading.ts";

/** Method 1 from the crossings of neighboring curves, and its two older variants. */
export interface Method1Report extends ScalingLawFits {
	/** The lower envelope on a log grid of compute: N*(C), D*(C), L*(C). */
	frontier: EnvelopePoint[];
	variants: {
		/** Least squares through the whole envelope, as Hoffmann et al. 2022, section 3.1. */
		grid: ScalingLawFits;
		/** The corners of the lower convex hull. */
		hull: ScalingLawFits;
		/** The crossings of the recipes alone that are best at the end of their size; absent if no size names several. */
		final?: ScalingLawFits;
	};
}

export const method1 = defineMethod({
	id: "1",
	title: "Method 1: lower envelope of the training curves",
	needs: "training curves of three or more sizes, or runs of each size at several lengths",
	fit({ prepared, leftOut, curveScatter, valleyScatter }, options): { method1: Method1Report } {
		const { frontier, finalFrontier } = prepared;
		const most = Math.max(0, ...prepared.sizes.map(({ recipes }) => recipes.length));
		const context = {
			path: "points",
			noise: valleyScatter?.deviation ?? 0,
			rule: most > 1 ? `lowest loss over ${most} recipes at each compute` : null,
		};
		const fit = (trimEdges: boolean) => fitMethod1(frontier, leftOut, { ...options, trimEdges }, context);
		const { envelope: _, ...crossings } = fit(true);
		const { envelope: __, frontier: ___, ...grid } = fit(false);
		const hull = fitHull(lowest(hullPoints(prepared)), curveScatter ?? valleyScatter, options, leftOut);
		if (!finalFrontier) return { method1: { ...crossings, variants: { grid, hull } } };
		const rule = { ...context, rule: "of each size, the recipe that is best at the end" };
		const {
			envelope: ____,
			frontier: _____,
			...final
		} = fitMethod1(finalFrontier, leftOut, { ...options, trimEdges: true }, rule);
		return { method1: { ...crossings, variants: { grid, hull, final } } };
	},
	fitStudy: analyzeStudy,
	readings({ method1 }) {
		if (!method1) return [];
		const { frontier, variants } = method1;
		const envelope = {
			name: "envelope",
			kind: "line" as const,
			x: { quantity: "flops" as const, values: frontier.map(({ flops }) => flops) },
			y: { quantity: "parameters" as const, values: frontier.map(({ parameters }) => parameters) },
		};
		return [
			scalingLawReading("Method 1, crossings", method1, {
				title: "Method 1",
				fits: [method1.allocation, method1.lossWithOffset],
				series: [envelope],
			}),
			...(variants.final
				? [
						scalingLawReading("Method 1, best rate at the end", variants.final, {
							title: "Method 1, best at the end",
							fits: [variants.final.allocation],
						}),
					]
				: []),
			scalingLawReading("Method 1, whole envelope", variants.grid, { title: "Method 1, whole envelope", fits: [] }),
			scalingLawReading("Method 1, convex hull", variants.hull, {
				title: "Method 1, hull",
				fits: [variants.hull.allocation],
			}),
		];
	},
});

/** The curves' values on the compute grid, or the single measurements with fewer than three sizes. */
function hullPoints({ frontier, points, sizes }: PreparedPoints): Point[] {
	if (!frontier || sizes.length < 3) return points;
	const { grid, logCost } = frontier;
	return sizes.flatMap(({ parameters, recipes }, s) =>
		[...grid.logFlops.keys()].flatMap((g) => {
			const loss = Math.exp(grid.logLoss[s]![g]!);
			if (!Number.isFinite(loss)) return [];
			const flops = Math.exp(grid.logFlops[g]!);
			return [{ run: recipes[0]!.runs[0]!, parameters, tokens: flops / Math.exp(logCost[s]!), flops, loss }];
		}),
	);
}

/** Number of compute ranges that a large set of points is divided into. */
const STRETCHES = 300;

/** Reduces a large set of points to the lowest losses in each range of compute, the candidates for the hull. */
function lowest(points: readonly Point[]): Point[] {
	if (points.length <= 10 * STRETCHES) return [...points];
	const sorted = [...points].sort((p, q) => p.flops - q.flops);
	const stretch = Math.ceil(sorted.length / STRETCHES);
	return Array.from({ length: Math.ceil(sorted.length / stretch) }, (_, i) =>
		sorted
			.slice(i * stretch, (i + 1) * stretch)
			.sort((p, q) => p.loss - q.loss)
			.slice(0, 10),
	).flat();
}
