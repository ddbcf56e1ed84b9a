import { mean } from "../../maths/least-squares.ts";
import { CHINCHILLA_PRINTED_EXPONENTS } from "../../theory/specifications.ts";
import type { Estimate, LeftOut } from "../fitting/fit.ts";
import type { Slice } from "../points/iso-flop.ts";
import { listed } from "../points/one-size.ts";
import { fitPowerLaw } from "../power-laws/power-law.ts";
import { describeScalingLaws, emptyScalingLaws, type ScalingLawFits } from "../power-laws/scaling-law-fits.ts";
import {
	type FoundMinima,
	lawsThrough,
	logTokensAt,
	type MinimaOptions,
	minimaByCurve,
	minimaByNoise,
	noiseOf,
	scatterOf,
} from "./minima.ts";
import { biasAtVertex } from "./parabola-bias.ts";
import { type SpacedSlice, spacedSlice } from "./spaced-slice.ts";

/**
 * Chinchilla's Method 2 (Hoffmann et al. 2022, section 3.2). At each of several compute budgets, the losses of models of
 * different sizes form a valley. Its minimum is N*(C), and power laws are fitted to the minima:
 *
 *     N* = kN · C^a,   D* = kD · C^b,   L* = k · C^−γ,   L* = E + k · C^−γ.
 *
 * Three ways to find a minimum: a parabola of the loss in ln N (Hoffmann et al.), Akima's curve (Porian et al. 2024), and
 * Porian et al.'s noise-and-interpolate, which also weights the budgets. A budget whose minimum lies at or beyond its
 * smallest or largest size is left out, with the reason.
 *
 * Intervals of the first two: each resample shifts every run by a random offset in ln L. σ and its uncertainty come from
 * `valleyNoise` (see also `bootstrap.ts`). A run that appears in several budgets has the same offset in all of them.
 */
export interface Method2Options extends MinimaOptions {
	/** α and β for the parabola's bias; default Hoffmann et al.'s 0.34 and 0.28. */
	exponents?: { alpha: number; beta: number };
	interval: number;
	/** Compute to predict at, FLOP. */
	at?: readonly number[];
}

/** One budget: its minimum, or why it was left out. */
export interface Valley {
	/** FLOP. */
	flops: number;
	/** Number of sizes in the budget. */
	sizes: number;
	/** N*, D* and L* (nats per token); null without a minimum. */
	parameters: number | null;
	tokens: number | null;
	loss: number | null;
	/** Why it is left out; null when it is used. */
	reason: string | null;
	/** Standard deviation of ln N*, from which its weight follows; null when the budgets are not weighted. */
	deviation: number | null;
	/**
	 * Relative error in N* that a parabola through these sizes makes without any noise, at the given α and β: 0.03 means
	 * 3 % too large. Null without a minimum, for other curves, and where no true N* explains the parabola's.
	 */
	parabolaBias: number | null;
	runs: string[];
}

/** The result of Method 2. */
export interface Method2 extends ScalingLawFits {
	valleys: Valley[];
	/** α and β used for the biases, and the bias of the exponent a if the parabolas' error drifts with compute. */
	bias: { alpha: number; beta: number; exponent: number | null };
}

const METHODS = {
	parabola: "Method 2: parabola of the loss in ln N at each budget",
	akima: "Method 2: Akima's curve of ln L in ln N at each budget",
	noise: "Method 2: noise-and-interpolate, Akima's curve at each budget",
} as const;

/** Fits the laws to IsoFLOP slices; see `findSlices`. */
export function fitMethod2(
	given: readonly Slice[],
	options: Method2Options,
	leftOut: readonly LeftOut[] = [],
): Method2 {
	const { variant = "parabola", interval } = options;
	const exponents = options.exponents ?? CHINCHILLA_PRINTED_EXPONENTS;
	if (variant === "noise" && options.resamples === 0) {
		const reason = "noise-and-interpolate is a bootstrap: without resamples there is no estimate";
		const bias = { ...exponents, exponent: null };
		return { ...emptyScalingLaws(METHODS.noise, reason, leftOut, interval), valleys: [], bias };
	}
	// A parabola is fitted to all sizes at once and minds no near ones.
	const spaced = variant === "parabola" ? given.map((slice) => ({ slice, merged: [] })) : given.map(spacedSlice);
	const slices = spaced.map(({ slice }) => slice);
	const noise = variant === "noise" ? noiseOf(slices, options) : null;
	const found = noise ? minimaByNoise(slices, noise.nats, options) : minimaByCurve(slices, options);
	const method =
		METHODS[variant] + (noise ? `, σ = ${noise.nats.toPrecision(2)} nats per token (${noise.source})` : "");
	const valleys = slices.map((slice, s) =>
		valleyOf(slice, found.minima[s]!, variant === "parabola" ? exponents : null),
	);
	const used = valleys.filter((valley) => valley.reason === null);
	const all = [...leftOut, ...unusedRuns(valleys)];
	const bias = { ...exponents, exponent: exponentBias(used) };
	if (used.length < 2) {
		const why = valleys.filter((valley) => valley.reason !== null).map((v) => `${v.flops.toPrecision(3)}: ${v.reason}`);
		const reason =
			`${used.length} of ${slices.length} budgets ${used.length === 1 ? "has" : "have"} a minimum between their sizes; ` +
			`a power law needs 2${why.length > 0 ? ` (${why.slice(0, 6).join("; ")}${why.length > 6 ? "; …" : ""})` : ""}`;
		return { ...emptyScalingLaws(method, reason, all, interval), valleys, bias };
	}
	const laws = lawsThrough(slices, found.minima, found.weights);
	const at = "at the minima of the budgets";
	const through = (y: (valley: Valley) => number) =>
		used.map((valley) => ({ x: valley.flops, y: y(valley), runs: valley.runs }));
	const source = {
		method,
		optimaAt: found.weights ? `weighted by 1/s², ${at}` : at,
		lossesAt: at,
		points: {
			allocation: through((valley) => valley.parameters!),
			tokens: through((valley) => valley.tokens!),
			loss: through((valley) => valley.loss!),
		},
		lacking: {
			optimum: "the budgets with a minimum lie at one compute",
			loss: `${used.length} budgets have a minimum`,
		},
		fragile: "mainly because too few budgets keep a minimum; more sizes on either side would help",
		groups: [],
		unused: "",
	};
	const warnings = [
		...edgeWarnings(slices, valleys, variant),
		...nearWarnings(spaced),
		...found.warnings,
		...biasWarnings(bias, used),
	];
	const scatter = scatterOf(slices, options);
	const runScatter = scatter && { deviation: scatter.ofRun ?? scatter.deviation, freedom: scatter.freedom };
	const context = { leftOut: all, reason: null, warnings, runScatter, options };
	const fits = describeScalingLaws(laws, found.resampled, source, context);
	return { ...(variant === "parabola" ? holdingBias(fits, used) : withoutLossIntervals(fits)), valleys, bias };
}

/**
 * The predictions with intervals of N*, D* and their ratio that hold the parabolas' mean bias too: each interval, and the same one
 * moved by as much as the parabolas are off.
 */
function holdingBias(fits: ScalingLawFits, used: readonly Valley[]): ScalingLawFits {
	if (!fits.predictions || used.some(({ parabolaBias }) => parabolaBias === null)) return fits;
	const bias = mean(used.map(({ parabolaBias }) => Math.log1p(parabolaBias!)));
	const wider = ({ estimate, low, high }: Estimate, factor: number): Estimate =>
		low === null || high === null
			? { estimate, low, high }
			: { estimate, low: Math.min(low, factor * low), high: Math.max(high, factor * high) };
	return {
		...fits,
		predictions: fits.predictions.map((prediction) => ({
			...prediction,
			parameters: wider(prediction.parameters, Math.exp(-bias)),
			tokens: wider(prediction.tokens, Math.exp(bias)),
			ratio: wider(prediction.ratio, Math.exp(2 * bias)),
		})),
	};
}

/**
 * The predictions without intervals of L*. A curve through every loss has its minimum at one that came out low, so that L* is
 * too low by about half the scatter, and the resamples, which scatter about such losses, by as much again.
 */
function withoutLossIntervals(fits: ScalingLawFits): ScalingLawFits {
	if (!fits.predictions) return fits;
	const predictions = fits.predictions.map((prediction) => ({
		...prediction,
		loss: prediction.loss && { ...prediction.loss, low: null, high: null },
		run: null,
	}));
	const { lossWithOffset } = fits;
	return {
		...fits,
		predictions,
		lossWithOffset: { ...lossWithOffset, warnings: [...lossWithOffset.warnings, NO_LOSS_INTERVAL] },
	};
}

const NO_LOSS_INTERVAL =
	"A predicted L* has no interval: a curve through every loss has its minimum at one that came out low by chance.";

function valleyOf(
	slice: Slice,
	minimum: FoundMinima["minima"][number],
	exponents: { alpha: number; beta: number } | null,
): Valley {
	const { logParameters, loss, fitted, deviation, reason } = minimum;
	const bias =
		logParameters === null || !fitted || !exponents
			? null
			: biasAtVertex(exponents.alpha, exponents.beta, fitted, logParameters);
	return {
		flops: slice.flops,
		sizes: slice.points.length,
		parameters: logParameters === null ? null : Math.exp(logParameters),
		tokens: logParameters === null ? null : Math.exp(logTokensAt(slice, logParameters)),
		loss,
		reason,
		deviation,
		parabolaBias: bias === null ? null : Math.expm1(bias),
		runs: slice.points.map((point) => point.run),
	};
}

/** Slope of ln N* against ln C due to the parabolas' biases alone; nonzero when the grids drift off center. */
function exponentBias(used: readonly Valley[]): number | null {
	if (used.length < 2 || used.some((valley) => valley.parabolaBias === null)) return null;
	const logFlops = used.map((valley) => Math.log(valley.flops));
	const misses = used.map((valley) => Math.log1p(valley.parabolaBias!));
	return fitPowerLaw(logFlops, misses)?.exponent ?? null;
}

function unusedRuns(valleys: readonly Valley[]): LeftOut[] {
	const used = new Set(valleys.filter((valley) => valley.reason === null).flatMap((valley) => valley.runs));
	return valleys.flatMap(({ runs, reason, flops }) =>
		reason === null
			? []
			: runs
					.filter((run) => !used.has(run))
					.map((run) => ({ run, reason: `the budget of ${flops.toPrecision(3)} FLOP is not used: ${reason}` })),
	);
}

function edgeWarnings(slices: readonly Slice[], valleys: readonly Valley[], variant: keyof typeof METHODS): string[] {
	return valleys.flatMap(({ flops, reason }, s) => {
		const at = `${flops.toPrecision(3)} FLOP`;
		if (reason !== null) return [`The budget of ${at} is left out: ${reason}.`];
		const losses = slices[s]!.points.map((point) => point.loss);
		const lowest = losses.indexOf(Math.min(...losses));
		if (variant !== "parabola" || (lowest > 0 && lowest < losses.length - 1)) return [];
		const size = lowest === 0 ? "smallest" : "largest";
		return [`At ${at} the lowest loss is that of the ${size} size: the minimum rests on the parabola's shape.`];
	});
}

function nearWarnings(spaced: readonly SpacedSlice[]): string[] {
	const merged = spaced.flatMap(({ slice, merged }) =>
		merged.map(
			({ from, to }) => `${from.toPrecision(4)} to ${to.toPrecision(4)} at ${slice.flops.toPrecision(3)} FLOP`,
		),
	);
	if (merged.length === 0) return [];
	return [`Sizes too near each other for a curve through each count as one, at their mean loss: ${listed(merged)}.`];
}

/** Smallest relative bias of N* that is reported. */
const NOTABLE_BIAS = 0.02;

function biasWarnings({ alpha, beta, exponent }: Method2["bias"], used: readonly Valley[]): string[] {
	const shares = used.map((valley) => valley.parabolaBias ?? 0);
	const largest = shares.reduce((p, q) => (Math.abs(q) > Math.abs(p) ? q : p), 0);
	if (Math.abs(largest) < NOTABLE_BIAS) return [];
	const drift = exponent === null || Math.abs(exponent) < 0.0005 ? "" : `, a by ${exponent.toFixed(3)}`;
	return [
		`A parabola over sizes so wide or so far off center misses N* by up to ${(100 * largest).toFixed(1)} %${drift}, ` +
			`without any noise, if α = ${alpha.toPrecision(3)} and β = ${beta.toPrecision(3)}.`,
	];
}
