import type { Fit } from "../fitting/fit.ts";
import { analyzeStudy } from "../method1/analyze-study.ts";
import { fitHull } from "../method1/hull.ts";
import { fitMethod1 } from "../method1/method1.ts";
import type { ConventionFit, EnvelopePoint } from "../method1/study-analysis.ts";
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
	fit({ prepared, leftOut, valleyScatter }, options): { method1: Method1Report } {
		const { frontier, finalFrontier } = prepared;
		const most = Math.max(0, ...prepared.sizes.map(({ recipes }) => recipes.length));
		const context = {
			path: "points",
			noise: valleyScatter?.deviation ?? 0,
			rule: most > 1 ? `lowest loss over ${most} recipes at each compute` : null,
		};
		const trimmed = { ...options, trimEdges: true };
		const crossings = fitMethod1(frontier, leftOut, trimmed, context);
		const { points, edges } = options.hull ?? DEFAULT_HULL;
		const corners = points === "raw" ? prepared.raw : smoothedPoints(prepared);
		const variants: Method1Report["variants"] = {
			grid: wholeEnvelope(fitMethod1(frontier, leftOut, { ...options, trimEdges: false, resamples: 0 }, context)),
			hull: fitHull(corners, { points, edges, interval: options.interval, at: options.at }, leftOut),
		};
		if (finalFrontier) {
			const rule = { ...context, rule: "of each size, the recipe that is best at the end" };
			variants.final = lawsOf(fitMethod1(finalFrontier, leftOut, trimmed, rule));
		}
		return { method1: { ...lawsOf(crossings), frontier: crossings.frontier, variants } };
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

const DEFAULT_HULL = { points: "raw", edges: "drop" } as const;

/** The laws of a fit without its curves. */
function lawsOf({ envelope: _, frontier: __, ...laws }: ConventionFit): ScalingLawFits {
	return laws;
}

/**
 * The laws through the whole envelope, which have no interval: its points are the same few curves read many times, and what
 * moves its slope is where the range of sizes ends, which no resample changes.
 */
function wholeEnvelope(fit: ConventionFit): ScalingLawFits {
	const warned = (law: Fit): Fit =>
		law.estimate === null ? law : { ...law, warnings: [...law.warnings, NO_INTERVAL] };
	return {
		...lawsOf(fit),
		allocation: warned(fit.allocation),
		tokens: warned(fit.tokens),
		lossNoOffset: warned(fit.lossNoOffset),
		lossWithOffset: warned(fit.lossWithOffset),
	};
}

const NO_INTERVAL =
	"There is no interval: the whole envelope reads the same few curves many times, and its slope depends on where the sizes end.";

/** The curves' values on the compute grid, or the single measurements with fewer than three sizes. */
function smoothedPoints({ frontier, raw, sizes }: PreparedPoints): Point[] {
	if (!frontier || sizes.length < 3) return raw;
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
