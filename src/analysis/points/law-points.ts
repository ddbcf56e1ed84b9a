import { gridPointAt } from "../method1/envelope.ts";
import { type Frontier, runsAt } from "../method1/frontier.ts";
import type { Curve } from "./curves.ts";
import type { Point } from "./point.ts";

/**
 * Which points of a training curve the laws of N and D are fitted to:
 *
 * - `auto`: all of a curve with few points, which were chosen one by one; `last-decade` of the others
 * - `last-decade`: smoothed points of the last factor of ten in tokens
 * - `all`: every point as measured
 * - `ends`: the last point
 * - `annealed`: the points that say their learning rate was lowered to its end (column `annealed`)
 */
export const CURVE_POINTS = ["auto", "last-decade", "all", "ends", "annealed"] as const;
export type CurvePoints = (typeof CURVE_POINTS)[number];

/** With fewer points, each was chosen: there is nothing to smooth. */
const MANY = 10;

/**
 * A curve is sampled at this spacing in ln D, this far back from its end. Closer points are correlated by the smoothing;
 * earlier ones lie on the initial plateau, which no power law describes.
 */
const SPACING = 0.5;
const REACH = Math.log(10);

const TEXTS: Record<Exclude<CurvePoints, "auto">, string> = {
	"last-decade": "smoothed points of their last factor of ten in tokens",
	all: "all their points, as measured",
	ends: "their last points",
	annealed: "their annealed points",
};

function choiceFor({ points }: Curve, choice: CurvePoints): Exclude<CurvePoints, "auto"> {
	if (choice !== "auto") return choice;
	return points.length < MANY ? "all" : "last-decade";
}

/** The points of curves for the laws of N and D. Of several named recipes of a size, the best counts at each point. */
export function lawPoints(curves: readonly Curve[], frontier: Frontier, choice: CurvePoints): Point[] {
	const sizeOf = new Map(
		frontier.sizes.flatMap(({ recipes }, s) => recipes.flatMap(({ runs }) => runs.map((run) => [run, s] as const))),
	);
	return curves.flatMap((curve) => {
		const size = sizeOf.get(curve.run);
		const counts = ({ flops }: Point) =>
			curve.recipe === undefined ||
			(size !== undefined && runsAt(frontier, size, gridPointAt(frontier.grid, Math.log(flops))).includes(curve.run));
		return chosen(curve, choiceFor(curve, choice)).filter(counts);
	});
}

/** What is fitted, in words. */
export function lawPointsText(curves: readonly Curve[], choice: CurvePoints): string {
	const kinds = new Set(curves.map((curve) => TEXTS[choiceFor(curve, choice)]));
	return [...kinds].join(" and to ");
}

function chosen(curve: Curve, choice: Exclude<CurvePoints, "auto">): Point[] {
	switch (choice) {
		case "all":
			return [...curve.points];
		case "annealed":
			return curve.points.filter(({ annealed }) => annealed);
		case "ends":
			return sampled(curve, 0);
		case "last-decade":
			return sampled(curve, REACH);
	}
}

/** Points of the smoothed curve, from its end back by `reach` in ln D. */
function sampled({ run, parameters, flopsPerToken, points, curve }: Curve, reach: number): Point[] {
	const { logTokens, logLoss } = curve;
	const { uniqueTokens } = points[0]!;
	const end = logTokens.at(-1)!;
	const kept: Point[] = [];
	let next = Number.POSITIVE_INFINITY;
	for (let i = logTokens.length - 1; i >= 0 && logTokens[i]! >= end - reach; i--) {
		if (logTokens[i]! > next) continue;
		next = logTokens[i]! - SPACING;
		const tokens = Math.exp(logTokens[i]!);
		const point: Point = { run, parameters, tokens, flops: flopsPerToken * tokens, loss: Math.exp(logLoss[i]!) };
		// The distinct tokens seen cannot exceed the tokens seen.
		kept.push(uniqueTokens === undefined ? point : { ...point, uniqueTokens: Math.min(uniqueTokens, tokens) });
	}
	return kept.reverse();
}
