import type { LeftOut } from "../fitting/fit.ts";
import type { RunDeviation } from "../power-laws/predict.ts";
import { describeScalingLaws, emptyScalingLaws, type ScalingLawFits } from "../power-laws/scaling-law-fits.ts";
import type { ScalingLawPoints, ScalingLaws } from "../power-laws/scaling-laws.ts";
import { type Frontier, frontierRuns } from "./frontier.ts";
import type { ConventionFit } from "./study-analysis.ts";

/** Options of the fits to one frontier. */
export interface Method1Options {
	resamples: number;
	seed: number;
	interval: number;
	trimEdges: boolean;
	/** Compute to predict at, FLOP. */
	at?: readonly number[];
}

/** What all fits to one frontier have in common. */
export interface FitContext {
	leftOut: readonly LeftOut[];
	reason: string | null;
	warnings: readonly string[];
	/** Of single runs; null if unknown. */
	runScatter: RunDeviation | null;
	options: Method1Options;
	/** Which learning rates count, in words; null without a choice. */
	rule: string | null;
}

function methodText(rule: string | null): string {
	return `Method 1: lower envelope of the training curves${rule === null ? "" : ` (${rule})`}`;
}

/** The four laws of one convention as `Fit`s. */
export function describeFits(
	frontier: Frontier,
	laws: ScalingLaws | null,
	resampled: readonly ScalingLaws[],
	points: ScalingLawPoints,
	context: FitContext,
): ScalingLawFits {
	const { trimEdges } = context.options;
	const sizePoints = (logY: readonly number[]) =>
		points.optimum.logFlops.map((x, i) => ({
			x: Math.exp(x),
			y: Math.exp(logY[i]!),
			runs: points.optimum.sizes[i]!.flatMap((size) => frontierRuns(frontier, size)),
		}));
	const source = {
		method: methodText(context.rule),
		optimaAt: trimEdges ? "where two sizes' curves cross, at the geometric mean of the sizes" : "on a grid of compute",
		lossesAt: trimEdges ? "of each size at the compute where N*(C) equals it" : "on a grid of compute",
		points: {
			allocation: sizePoints(points.optimum.logParameters),
			tokens: sizePoints(points.optimum.logTokens),
			loss: points.loss.logFlops.map((x, i) => ({
				x: Math.exp(x),
				y: Math.exp(points.loss.logLoss[i]!),
				runs: frontierRuns(frontier, points.loss.size[i]!),
			})),
		},
		lacking: {
			optimum: "the crossings lie at one compute, so that no slope can be drawn through them",
			loss: `${points.loss.size.length} sizes have data at the compute where they are best`,
		},
		fragile: "mainly because too few curves cross; longer runs or sizes further apart would help",
		groups: frontier.sizes.map(({ recipes }) => recipes.flatMap((recipe) => recipe.runs)),
		unused: "it is not on the part of the frontier that the fit uses",
	};
	return describeScalingLaws(laws, resampled, source, context);
}

/** The fits of a convention that has no frontier. */
export function emptyFit(
	reason: string,
	leftOut: readonly LeftOut[],
	options: Method1Options,
	rule: string | null,
): ConventionFit {
	return {
		...emptyScalingLaws(methodText(rule), reason, leftOut, options.interval),
		frontier: [],
		envelope: { flops: [], loss: [] },
	};
}
