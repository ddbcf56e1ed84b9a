import { extremes } from "../../maths/extremes.ts";
import type { LeftOut } from "../fitting/fit.ts";
import type { Point } from "../points/point.ts";
import { describeScalingLaws, emptyScalingLaws, type ScalingLawFits } from "../power-laws/scaling-law-fits.ts";
import { fitScalingLaws, type ScalingLawPoints } from "../power-laws/scaling-laws.ts";
import { lowerHull } from "./convex-hull.ts";

/** Whose hull it is: that of the points as measured, or of the curves smoothed and read on one grid of compute. */
export const HULL_POINTS = ["raw", "smoothed"] as const;
export type HullPoints = (typeof HULL_POINTS)[number];

/** Whether the corners of the smallest and the largest size count. */
export const HULL_EDGES = ["keep", "drop"] as const;
export type HullEdges = (typeof HULL_EDGES)[number];

export interface HullOptions {
	points: HullPoints;
	edges: HullEdges;
	interval: number;
	at?: readonly number[];
}

/**
 * Method 1's convex-hull variant: N*, D* and L* are those of the corners of the lower convex hull of (ln C, ln L), used on
 * training curves by Kaplan et al. 2020 (figure 1), Porian et al. 2024 and McLeish et al. 2025 (Gemstones). Unlike the envelope, it
 * does not require curves to cross, and it skips sizes that barely improve the frontier.
 *
 * The smallest and the largest size are on the hull only because no sizes lie beyond them; `edges` says whether they count.
 *
 * There are no intervals: which runs are corners is decided by a few lucky losses, and resamples of intervals that were
 * tried held the truth in half of the studies or fewer.
 */
export function fitHull(
	points: readonly Point[],
	{ points: kind, edges, interval, at }: HullOptions,
	leftOut: readonly LeftOut[] = [],
): ScalingLawFits {
	const ends = edges === "drop" ? ", without the smallest and the largest size" : "";
	const method = `Method 1: corners of the lower convex hull of the ${kind} points, ln L against ln C${ends}`;
	const logN = points.map(({ parameters }) => Math.log(parameters));
	const { least: smallest, greatest: largest } = extremes(logN);
	const hull = lowerHull(points).filter((i) => edges === "keep" || (logN[i]! > smallest && logN[i]! < largest));
	const distinct = new Set(hull.map((i) => logN[i]!)).size;
	if (distinct < 2) {
		const reason =
			`${distinct} of ${new Set(logN).size} sizes${edges === "drop" ? ", the smallest and largest aside," : ""} ` +
			`${distinct === 1 ? "is" : "are"} on the lower convex hull; a power law needs 2`;
		return emptyScalingLaws(method, reason, leftOut, interval);
	}
	const through = (y: (point: Point) => number) =>
		hull.map((i) => ({ x: points[i]!.flops, y: y(points[i]!), runs: [points[i]!.run] }));
	const source = {
		method,
		optimaAt: "at its corners",
		lossesAt: "at its corners",
		points: {
			allocation: through(({ parameters }) => parameters),
			tokens: through(({ tokens }) => tokens),
			loss: through(({ loss }) => loss),
		},
		lacking: { optimum: "all its corners lie at the same compute", loss: `it has ${hull.length} corners` },
		fragile: "mainly because too few sizes stay on the hull",
		groups: [...new Set(points.map(({ run }) => run))].map((run) => [run]),
		unused: "none of its points is a corner of the hull that the fit uses",
	};
	const warnings = ["There is no interval: which runs are corners of the hull is decided by a few lucky losses."];
	const context = {
		leftOut,
		reason: null,
		warnings,
		runScatter: null,
		options: { resamples: 0, seed: 0, interval, at },
	};
	return describeScalingLaws(fitScalingLaws(lawPointsOf(points, hull)), [], source, context);
}

function lawPointsOf(points: readonly Point[], hull: readonly number[]): ScalingLawPoints {
	const logFlops = hull.map((i) => Math.log(points[i]!.flops));
	return {
		optimum: {
			logFlops,
			logParameters: hull.map((i) => Math.log(points[i]!.parameters)),
			logTokens: hull.map((i) => Math.log(points[i]!.tokens)),
			sizes: [],
		},
		loss: { logFlops, logLoss: hull.map((i) => Math.log(points[i]!.loss)), size: [] },
	};
}
