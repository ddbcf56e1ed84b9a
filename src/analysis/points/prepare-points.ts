import { evenly } from "../../maths/evenly.ts";
import type { LeftOut } from "../fitting/fit.ts";
import { type Frontier, frontierOf, type SizeCurves } from "../method1/frontier.ts";
import { type Budgets, budgetsOf, cutsThrough } from "./budgets.ts";
import { splitCurves } from "./curves.ts";
import type { Slice } from "./iso-flop.ts";
import { type CurvePoints, lawPoints, lawPointsText } from "./law-points.ts";
import { groupBySize, mergedSizesNote } from "./one-size.ts";
import type { Point } from "./point.ts";
import { sizesBestAtEnd, sizesOfCurves, sizesOfSingles } from "./sizes.ts";

/** Points prepared for all methods. */
export interface PreparedPoints {
	/** For laws of N and D: single measurements as they are, and points of the training curves. */
	points: Point[];
	/** All points as measured. */
	raw: Point[];
	/** For Method 1: the sizes that have a curve, ascending. */
	sizes: SizeCurves[];
	/** Null without any size. */
	frontier: Frontier | null;
	/** The frontier of the recipes alone that are best at the end of their size; null if no size names several recipes. */
	finalFrontier: Frontier | null;
	/** For Method 2: IsoFLOP budgets. */
	slices: Slice[];
	/** Whether the budgets are cuts through curves, in which case one run of a size is in several of them. */
	cuts: boolean;
	/** Points that belong to no budget. */
	outside: LeftOut[];
	/** How the points were treated, one sentence each. */
	notes: string[];
}

/**
 * Sorts points into training curves (runs with at least five distinct token counts) and single measurements.
 *
 * - Method 1 uses the curves, at each compute those of the best recipe. Without curves, the single measurements of each size
 *   form one.
 * - Method 2 uses budgets of the single measurements. Where there are none, it cuts the curves at equal compute.
 * - Laws of N and D use single measurements as they are, and of curves what `curvePoints` says.
 *
 * @param tolerance points share a budget within this share of its compute
 */
export function preparePoints(
	given: readonly Point[],
	curvePoints: CurvePoints = "auto",
	tolerance?: number,
): PreparedPoints {
	const points = evenly(given, MOST_POINTS);
	const { curves, single, notes } = splitCurves(points);
	if (points.length < given.length)
		notes.unshift(`${points.length} of ${given.length} points are used, evenly spaced.`);
	const hasCurves = curves.length > 0;
	const sizes = hasCurves ? sizesOfCurves(curves) : sizesOfSingles(single);
	const frontier = sizes.length > 0 ? frontierOf(sizes) : null;
	const final = hasCurves ? sizesBestAtEnd(curves) : null;
	const found = hasCurves ? NO_BUDGETS : budgetsOf(single, tolerance);
	const cuts = frontier !== null && found.slices.length === 0;
	const slices = cuts ? cutsThrough(frontier) : found.slices;
	if (hasCurves)
		notes.push(
			`${curves.length} training ${curves.length === 1 ? "curve" : "curves"}: laws of N and D are fitted to ` +
				`${lawPointsText(curves, curvePoints)}, Method 2 to cuts at equal compute.`,
		);
	else if (sizes.length > 0) notes.push(JOINED);
	if (!hasCurves && cuts && slices.length > 0) notes.push(NO_DESIGN);
	const ofPoint = ({ parameters }: Point) => parameters;
	const merged = mergedSizesNote(groupBySize(points, ofPoint), ofPoint);
	return {
		points: [...single, ...(frontier ? lawPoints(curves, frontier, curvePoints) : [])],
		raw: [...single, ...curves.flatMap(({ points }) => points)],
		...{ sizes, frontier, finalFrontier: final && frontierOf(final), slices, cuts },
		outside: cuts ? [] : found.outside.map(({ run }) => ({ run, reason: OUTSIDE })),
		notes: merged === null ? notes : [...notes, merged],
	};
}

/** Larger sets are thinned: more points would add time, not information. */
const MOST_POINTS = 100_000;

const NO_BUDGETS: Budgets = { slices: [], outside: [] };

const JOINED = "There are no training curves; Method 1 joins the runs of each size into one curve.";
const NO_DESIGN =
	"The points share no budgets of compute; Method 2 cuts the joined curves of the sizes at equal compute. If the points " +
	"are checkpoints, a column run tells which belong together.";
const OUTSIDE = "it belongs to no budget that several sizes share";
