import { mean } from "../../maths/least-squares.ts";
import type { LeftOut } from "../fitting/fit.ts";
import { fitScalingLaws } from "../power-laws/scaling-laws.ts";
import { resampleLaws } from "./bootstrap.ts";
import { beyondData, frontierWarnings, whyUndetermined } from "./diagnostics.ts";
import { type Crossing, genuineCrossings, gridPointAt, valueOnGrid } from "./envelope.ts";
import { describeFits, emptyFit, type Method1Options } from "./fits.ts";
import { type Frontier, runsAt } from "./frontier.ts";
import { scalingLawPoints } from "./scaling-law-points.ts";
import {
	type CrossingSeeds,
	lineThrough,
	pooledScatter,
	type Scatter,
	scatterOfCrossings,
	scatterOfSeeds,
} from "./scatter.ts";
import type { ConventionFit, EnvelopePoint } from "./study-analysis.ts";

/** What is to be known about a frontier besides its curves. */
export interface Method1Context {
	/** Distinguishes the convention in the random draws. */
	path: string;
	/** Why nothing can be fitted; null when something can. */
	unfit?: string | null;
	/** Which learning rates count, in words; null without a choice. */
	rule?: string | null;
	/** Lower bound on the scatter of the sizes in ln L, if measured by other means. */
	noise?: number;
}

/**
 * Chinchilla's Method 1 (Hoffmann et al. 2022, section 3.1; Pearce & Song 2024, section 4) in one convention: the lower
 * envelope of the sizes' training curves, and power laws fitted to it,
 *
 *     N* = kN · C^a,   D* = kD · C^b with a + b = 1,   L* = k · C^−γ,   L* = E + k · C^−γ.
 *
 * docs/coverage.md measures how often the nominal 90 % interval of a contains the true value.
 *
 * @param frontier of the curves that count; null without any
 */
export function fitMethod1(
	frontier: Frontier | null,
	leftOut: readonly LeftOut[],
	options: Method1Options,
	{ path, unfit = null, rule = null, noise = 0 }: Method1Context,
): ConventionFit {
	if (!frontier || unfit) return emptyFit(unfit ?? "no run has a usable loss curve yet", leftOut, options, rule);
	const points = scalingLawPoints(frontier.grid, frontier.envelope, frontier, options.trimEdges);
	const reason = whyUndetermined(frontier, options.trimEdges);
	const laws = reason ? null : fitScalingLaws(points);
	const scatter = laws && measureScatter(frontier, noise);
	const resampled =
		laws && scatter && scatter.deviation > 0 ? resampleLaws(frontier, scatter, points, options, path) : null;
	const warnings = laws && scatter ? frontierWarnings(frontier, options.trimEdges, scatter) : [];
	if (resampled) warnings.push(...beyondData(resampled.beyondData, resampled.laws.length));
	return {
		...describeFits(frontier, laws, resampled?.laws ?? [], points, {
			...{ leftOut, reason, warnings, options, rule },
			runScatter: scatter && { deviation: scatter.ofRun, freedom: scatter.freedom },
		}),
		frontier: frontierPoints(frontier, reason !== null, options.trimEdges),
		envelope: lowestLine(frontier),
	};
}

/** Scatter of whole curves between sizes; see `scatter.ts`. */
export function measureScatter(frontier: Frontier, least = 0): Scatter {
	const { grid, envelope, logParameters, noise } = frontier;
	const crossings = genuineCrossings(envelope);
	const line = lineThrough(crossings, logParameters);
	const seeds = crossings.flatMap((crossing) => seedsAt(frontier, crossing));
	return pooledScatter(
		line && scatterOfCrossings(grid, crossings, logParameters, line),
		scatterOfSeeds(seeds),
		Math.max(noise, least),
		seeds.length > 0 ? mean(seeds.map(({ logLoss }) => Math.max(1, logLoss.length))) : 1,
	);
}

function seedsAt({ grid, recipe, seeds }: Frontier, { smaller, larger, logFlops }: Crossing): CrossingSeeds[] {
	const g = gridPointAt(grid, logFlops);
	return [smaller, larger].map((size) => ({
		size,
		logLoss: seeds[size]![recipe[size]![g]!]!.map((values) => valueOnGrid(grid, values, logFlops)).filter(
			Number.isFinite,
		),
	}));
}

/** The best size at each grid point. With trimmed edges, only points between the first and last crossing are `used`. */
function frontierPoints(frontier: Frontier, undetermined: boolean, trimEdges: boolean): EnvelopePoint[] {
	const { grid, envelope, sizes, logCost } = frontier;
	const points: EnvelopePoint[] = [];
	const crossings = genuineCrossings(envelope);
	const inside = (x: number) => x >= crossings[0]!.logFlops && x <= crossings.at(-1)!.logFlops;
	envelope.best.forEach((size, g) => {
		if (size < 0) return;
		const flops = Math.exp(grid.logFlops[g]!);
		const { parameters } = sizes[size]!;
		points.push({
			flops,
			parameters,
			tokens: flops / Math.exp(logCost[size]!),
			loss: Math.exp(grid.logLoss[size]![g]!),
			runIds: runsAt(frontier, size, g),
			used: !undetermined && (!trimEdges || inside(grid.logFlops[g]!)),
		});
	});
	return points;
}

/** The envelope as a line to draw: the frontier's grid points and the crossings between them. */
function lowestLine({ grid, envelope }: Frontier): { flops: number[]; loss: number[] } {
	const line: { x: number; y: number }[] = [];
	envelope.best.forEach((size, g) => {
		if (size >= 0) line.push({ x: grid.logFlops[g]!, y: grid.logLoss[size]![g]! });
	});
	for (const { genuine, logFlops, logLoss } of envelope.crossings) if (genuine) line.push({ x: logFlops, y: logLoss });
	line.sort((p, q) => p.x - q.x);
	return { flops: line.map((p) => Math.exp(p.x)), loss: line.map((p) => Math.exp(p.y)) };
}
