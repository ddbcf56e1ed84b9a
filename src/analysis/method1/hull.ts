import { normal, randomKey } from "../../maths/random.ts";
import type { LeftOut } from "../fitting/fit.ts";
import type { Point } from "../points/point.ts";
import { describeScalingLaws, emptyScalingLaws, type ScalingLawFits } from "../power-laws/scaling-law-fits.ts";
import { fitScalingLaws, type ScalingLawPoints, type ScalingLaws } from "../power-laws/scaling-laws.ts";
import { lowerHull } from "./convex-hull.ts";

/**
 * Method 1's convex-hull variant: N*, D* and L* are those of the points on the lower convex hull of (ln C, ln L),
 * used on training curves by Kaplan et al. 2020 (figure 1) and Porian et al. 2024. Unlike the envelope, it does not
 * require curves to cross, and it skips sizes that barely improve the frontier.
 *
 * The smallest and largest sizes are on the hull only because no sizes lie beyond them, so their points are left out.
 *
 * Intervals: each resample shifts every size by an offset in ln L, as in `bootstrap.ts`.
 *
 * @param scatter scatter of the sizes in ln L; without it there are no intervals
 */
export function fitHull(
	points: readonly Point[],
	scatter: { deviation: number; freedom: number } | null,
	options: { resamples: number; seed: number; interval: number; at?: readonly number[] },
	leftOut: readonly LeftOut[] = [],
): ScalingLawFits {
	const logN = points.map(({ parameters }) => Math.log(parameters));
	const sizes = [...new Set(logN)].sort((p, q) => p - q);
	const hull = inner(lowerHull(points), logN, sizes);
	const distinct = new Set(hull.map((i) => logN[i]!)).size;
	if (distinct < 2) {
		const reason =
			`${distinct} of ${sizes.length} sizes, the smallest and largest aside, ${distinct === 1 ? "is" : "are"} on the ` +
			"lower convex hull; a power law needs 2";
		return emptyScalingLaws(METHOD, reason, leftOut, options.interval);
	}
	const resampled: ScalingLaws[] = [];
	for (let r = 0; scatter && r < options.resamples; r++) {
		const key = randomKey(options.seed, "hull", r);
		let chiSquared = 0;
		for (let i = 0; i < scatter.freedom; i++) chiSquared += normal(key, i) ** 2;
		const scale = scatter.deviation * Math.sqrt(scatter.freedom / chiSquared);
		const bySize = new Map(sizes.map((size, s) => [size, scale * normal(key, scatter.freedom + s)]));
		const offsets = logN.map((size) => bySize.get(size)!);
		resampled.push(fitScalingLaws(lawPointsOf(points, inner(lowerHull(points, offsets), logN, sizes), offsets), 2e-3));
	}
	const at = (y: (point: Point) => number) =>
		hull.map((i) => ({ x: points[i]!.flops, y: y(points[i]!), runs: [points[i]!.run] }));
	const source = {
		method: METHOD,
		optimaAt: "at its corners",
		lossesAt: "at its corners",
		points: {
			allocation: at(({ parameters }) => parameters),
			tokens: at(({ tokens }) => tokens),
			loss: at(({ loss }) => loss),
		},
		lacking: { optimum: "all its corners lie at the same compute", loss: `it has ${hull.length} corners` },
		fragile: "mainly because too few sizes stay on the hull",
		groups: [...new Set(points.map(({ run }) => run))].map((run) => [run]),
		unused: "none of its points is a corner of the hull that the fit uses",
	};
	const warnings = scatter ? [] : ["The scatter between sizes is unknown, so there is no interval."];
	const context = { leftOut, reason: null, warnings, options };
	return describeScalingLaws(fitScalingLaws(lawPointsOf(points, hull)), resampled, source, context);
}

const METHOD = "Method 1: lower convex hull of the points, ln L against ln C";

/** The corners that belong neither to the smallest nor to the largest size. */
function inner(hull: readonly number[], logN: readonly number[], sizes: readonly number[]): number[] {
	return hull.filter((i) => logN[i]! > sizes[0]! && logN[i]! < sizes.at(-1)!);
}

function lawPointsOf(points: readonly Point[], hull: readonly number[], offsets?: readonly number[]): ScalingLawPoints {
	const logFlops = hull.map((i) => Math.log(points[i]!.flops));
	return {
		optimum: {
			logFlops,
			logParameters: hull.map((i) => Math.log(points[i]!.parameters)),
			logTokens: hull.map((i) => Math.log(points[i]!.tokens)),
			sizes: [],
		},
		loss: { logFlops, logLoss: hull.map((i) => Math.log(points[i]!.loss) + (offsets?.[i] ?? 0)), size: [] },
	};
}
