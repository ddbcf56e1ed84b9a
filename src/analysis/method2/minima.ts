import { mean } from "../../maths/least-squares.ts";
import { normal, randomKey } from "../../maths/random.ts";
import { measurementsOf, type Slice } from "../points/iso-flop.ts";
import type { Point } from "../points/point.ts";
import { fitScalingLaws, type ScalingLawPoints, type ScalingLaws } from "../power-laws/scaling-laws.ts";
import { noisyDraws, noisyValleys } from "./noise-and-interpolate.ts";
import { type ValleyMethod, valleyFinder } from "./valley.ts";
import { valleyNoise } from "./valley-noise.ts";

/** How the minima of the budgets are found and resampled. */
export interface MinimaOptions {
	/** Default "parabola". */
	variant?: "parabola" | "akima" | "noise";
	/** Parabola: use only this many sizes, those nearest to the lowest loss. */
	nearest?: number;
	/** Parabola: accept a minimum beyond the smallest or largest size. */
	beyond?: boolean;
	/** Noise-and-interpolate: σ in nats per token. Default: the scatter. */
	noise?: number | null;
	/**
	 * Scatter in ln L, measured by other means, of what a budget holds of a size; `ofRun` is that of single runs, where a size's
	 * curve is the mean of several. Null if unknown. Default: `valleyNoise`.
	 */
	scatter?: ValleyScatter | null;
	resamples: number;
	seed: number;
}

export interface ValleyScatter {
	deviation: number;
	freedom: number;
	ofRun?: number;
}

/** The minima of all budgets, and the laws fitted to the minima of each resample. */
export interface FoundMinima {
	minima: {
		logParameters: number | null;
		loss: number | null;
		/** ln N of the sizes that the curve is fitted to; null without a minimum, and where many curves are. */
		fitted: readonly number[] | null;
		deviation: number | null;
		reason: string | null;
	}[];
	weights: number[] | null;
	resampled: ScalingLaws[];
	warnings: string[];
}

/** The scatter that the options give, or that the losses show. */
export function scatterOf(slices: readonly Slice[], { scatter }: MinimaOptions): ValleyScatter | null {
	return scatter === undefined ? valleyNoise(slices) : scatter;
}

/** Each budget's minimum by a parabola or Akima's curve; resamples shift whole runs. */
export function minimaByCurve(slices: readonly Slice[], options: MinimaOptions): FoundMinima {
	const { variant, nearest, beyond, resamples, seed } = options;
	const method: ValleyMethod = { curve: variant === "akima" ? "akima" : "parabola", nearest, beyond };
	const finders = slices.map((slice) => valleyFinder(slice, method));
	const minima = slices.map(({ points }, s) => {
		const minimum = finders[s]!(points.map(({ loss }) => loss));
		return minimum.reason === null
			? { ...minimum, deviation: null }
			: { logParameters: null, loss: null, fitted: null, deviation: null, reason: minimum.reason };
	});
	const scatter = scatterOf(slices, options);
	if (!scatter)
		return {
			...{ minima, weights: null, resampled: [] },
			warnings: [
				"No budget has more sizes than its fit needs, so the scatter of losses is unknown and there is no interval.",
			],
		};
	const { indices, count } = runIndices(slices);
	const resampled: ScalingLaws[] = [];
	for (let r = 0; r < resamples; r++) {
		const moves = offsets(count, scatter, seed, r);
		const moved = slices.map((slice, s) => {
			if (minima[s]!.reason !== null) return { logParameters: null, loss: null };
			const losses = slice.points.map((point, i) => point.loss * Math.exp(meanAt(indices[s]![i]!, moves)));
			const minimum = finders[s]!(losses);
			return minimum.reason === null ? minimum : { logParameters: null, loss: null };
		});
		resampled.push(lawsThrough(slices, moved, null, 2e-3));
	}
	return { minima, weights: null, resampled, warnings: [] };
}

/** Per budget and size: which runs its measurements are of, counted in the order in which they occur. */
function runIndices(slices: readonly Slice[]): { indices: number[][][]; count: number } {
	const known = new Map<string, number>();
	const indexOf = ({ run }: Point) => {
		const index = known.get(run) ?? known.size;
		known.set(run, index);
		return index;
	};
	const indices = slices.map((slice) => measurementsOf(slice).map((points) => points.map(indexOf)));
	return { indices, count: known.size };
}

/** Mean of the values at some indices. */
function meanAt(indices: readonly number[], values: Float64Array): number {
	let sum = 0;
	for (const i of indices) sum += values[i]!;
	return sum / indices.length;
}

/** One resample's offset in ln L for each run. */
function offsets(
	runs: number,
	{ deviation, freedom }: { deviation: number; freedom: number },
	seed: number,
	resample: number,
): Float64Array {
	const key = randomKey(seed, "valleys", resample);
	let chiSquared = 0;
	for (let i = 0; i < freedom; i++) chiSquared += normal(key, i) ** 2;
	const scale = deviation * Math.sqrt(freedom / chiSquared);
	const moves = new Float64Array(runs);
	for (let i = 0; i < runs; i++) moves[i] = scale * normal(key, freedom + i);
	return moves;
}

/** σ of noise-and-interpolate where losses do not show it, in nats per token: what Porian et al. use for RefinedWeb. */
const ASSUMED_NOISE = 0.002;

/** σ of noise-and-interpolate in nats per token, and where it comes from, in words. */
export function noiseOf(slices: readonly Slice[], options: MinimaOptions): { nats: number; source: string } {
	if (typeof options.noise === "number") return { nats: options.noise, source: "as given" };
	const measured = scatterOf(slices, options);
	const loss = mean(slices.flatMap(({ points }) => points.map((point) => point.loss)));
	if (measured && measured.deviation > 0)
		return { nats: measured.deviation * loss, source: "the scatter of the losses about their valleys" };
	return { nats: ASSUMED_NOISE, source: "assumed, because the losses do not show how they scatter" };
}

/** Each budget's minimum by noise-and-interpolate; its draws serve as the resamples. @param noise nats per token */
export function minimaByNoise(slices: readonly Slice[], noise: number, options: MinimaOptions): FoundMinima {
	const draws = noisyDraws(slices, noise, options.resamples, options.seed);
	const valleys = noisyValleys(slices, draws);
	const minima = valleys.map((valley, s) => {
		// The noise alone would dig a valley.
		if (new Set(slices[s]!.points.map(({ loss }) => loss)).size === 1)
			return { logParameters: null, loss: null, fitted: null, deviation: null, reason: "all its losses are equal" };
		const reason =
			valley.logParameters === null
				? `the minimum is at the smallest or largest size in ${draws.length - valley.valid} of ${draws.length} draws`
				: null;
		return { ...valley, fitted: null, reason };
	});
	const weights = minima.map(({ deviation }) => (deviation === null ? 0 : 1 / deviation ** 2));
	const joint = draws.filter((draw) => draw.every((minimum, s) => minimum !== null || minima[s]!.reason !== null));
	const none = { logParameters: null, loss: null };
	const resampled = joint.map((draw) => {
		const kept = draw.map((minimum, s) => (minima[s]!.reason === null && minimum ? minimum : none));
		return lawsThrough(slices, kept, weights, 2e-3);
	});
	const fewer = draws.length - joint.length;
	const warnings =
		fewer > 0 ? [`${fewer} of ${draws.length} draws have a budget without minimum; not in the interval.`] : [];
	return { minima, weights, resampled, warnings };
}

/** Fits the laws to the budgets' minima, skipping budgets without one. */
export function lawsThrough(
	slices: readonly Slice[],
	minima: readonly { logParameters: number | null; loss: number | null }[],
	weights: readonly number[] | null,
	tolerance?: number,
): ScalingLaws {
	const points: ScalingLawPoints = {
		optimum: { logFlops: [], logParameters: [], logTokens: [], sizes: [] },
		loss: { logFlops: [], logLoss: [], size: [] },
	};
	const kept: number[] = [];
	for (const [s, { logParameters, loss }] of minima.entries()) {
		if (logParameters === null || loss === null) continue;
		const logFlops = Math.log(slices[s]!.flops);
		points.optimum.logFlops.push(logFlops);
		points.optimum.logParameters.push(logParameters);
		points.optimum.logTokens.push(logTokensAt(slices[s]!, logParameters));
		points.loss.logFlops.push(logFlops);
		points.loss.logLoss.push(Math.log(loss));
		kept.push(weights?.[s] ?? 1);
	}
	return fitScalingLaws(points, tolerance, weights ? kept : undefined);
}

/** ln D* = ln C − ln κ − ln N*. κ = C / (N·D), interpolated between the sizes, is 6 unless compute is counted exactly. */
export function logTokensAt({ flops, points }: Slice, logParameters: number): number {
	const factor = (i: number) => Math.log(points[i]!.flops / (points[i]!.parameters * points[i]!.tokens));
	const above = points.findIndex((point) => Math.log(point.parameters) >= logParameters);
	const i = Math.max(1, above < 0 ? points.length - 1 : above);
	const low = Math.log(points[i - 1]!.parameters);
	const t = Math.min(1, Math.max(0, (logParameters - low) / (Math.log(points[i]!.parameters) - low)));
	return Math.log(flops) - logParameters - (factor(i - 1) + t * (factor(i) - factor(i - 1)));
}
