import { nonNegativeLeastSquares } from "../../maths/non-negative-least-squares.ts";
import { centeredLogs, logRange, powers } from "../fitting/centered-logs.ts";
import type { Fit, LeftOut } from "../fitting/fit.ts";
import { fitResponse } from "../fitting/fit-response.ts";
import type { LawFitOptions, LawOnPoints, LawParameters } from "../fitting/parametric-law.ts";
import { distinct } from "../points/point.ts";

/**
 * The loss under any learning-rate schedule (Tissue et al. 2024, arXiv:2408.11029, equation 1), at every step s of a
 * model of one size:
 *
 *     L(s) = L₀ + A·S₁^−α − C·S₂
 *     S₁ = Σ_{i≤s} ηᵢ                                  the summed learning rate
 *     S₂ = Σ_{i≤s} mᵢ,   mᵢ = λ·mᵢ₋₁ + (ηᵢ₋₁ − ηᵢ)      its decay, accumulated with momentum λ
 *
 * A fit to curves of one or two schedules predicts the curves of others. Warmup does not count as annealing: m starts
 * at the schedule's first maximum.
 */
export interface ScheduledCurve {
	run: string;
	/** ηᵢ of steps i = 1, 2, …, stored at index i − 1. */
	learningRates: ArrayLike<number>;
	/** Steps s, counted from 1, at which the loss was measured. */
	steps: readonly number[];
	/** Nats per token at those steps. */
	loss: readonly number[];
}

export interface AnnealingOptions extends LawFitOptions {
	/** λ: one value to hold, or several to choose the best from. Default: the best of 0.99 to 0.9995. */
	momentum?: number | readonly number[];
	/** Leaves out points with s ≤ this many steps, such as the warmup. Default 0. */
	after?: number;
}

/** A measurement with S₁ and S₂ of its schedule at that step. */
interface AnnealingPoint {
	run: string;
	step: number;
	s1: number;
	s2: number;
	loss: number;
}

const MOMENTA = [0.99, 0.995, 0.998, 0.999, 0.9995];
const EXPONENTS = [0.15, 0.4, 1];

/** S₁ and S₂ after every step. */
export function scheduleAreas(learningRates: ArrayLike<number>, momentum: number): { s1: number[]; s2: number[] } {
	let peak = 0;
	while (peak + 1 < learningRates.length && learningRates[peak + 1]! >= learningRates[peak]!) peak++;
	const s1: number[] = [];
	const s2: number[] = [];
	let sum = 0;
	let m = 0;
	let drops = 0;
	for (let i = 0; i < learningRates.length; i++) {
		sum += learningRates[i]!;
		if (i > peak) m = momentum * m + (learningRates[i - 1]! - learningRates[i]!);
		drops += m;
		s1.push(sum);
		s2.push(drops);
	}
	return { s1, s2 };
}

/** L at areas S₁ and S₂. */
export function annealingLoss({ L0, A, α, C }: LawParameters, s1: number, s2: number): number {
	return L0! + A! * s1 ** -α! - C! * s2;
}

/** The loss curve that a fit predicts for a schedule, after every step. */
export function annealingCurve(parameters: LawParameters, learningRates: ArrayLike<number>): number[] {
	const { s1, s2 } = scheduleAreas(learningRates, parameters.λ!);
	return s1.map((area, i) => annealingLoss(parameters, area, s2[i]!));
}

/** Fits the law to curves of one model size under one or more schedules. Its estimate is α. */
export function fitAnnealing(curves: readonly ScheduledCurve[], options: AnnealingOptions = {}): Fit {
	const { momentum = MOMENTA } = options;
	const momenta = typeof momentum === "number" ? [momentum] : momentum;
	for (const λ of momenta)
		if (!(λ >= 0 && λ < 1)) throw new Error(`annealing: λ is ${λ}; it must be at least 0 and below 1`);
	const fits = momenta.map((λ) => fitAt(curves, λ, options));
	const best = fits.reduce((a, b) => ((b.objective?.value ?? Infinity) < (a.objective?.value ?? Infinity) ? b : a));
	const λ = momenta[fits.indexOf(best)]!;
	if (best.estimate === null) return best;
	const chosen = momenta.length > 1 ? [`λ = ${λ} fits best of ${momenta.join(", ")}.`] : [];
	return {
		...best,
		parameters: { ...best.parameters, λ: { estimate: λ, low: null, high: null } },
		warnings: [...best.warnings, ...chosen],
	};
}

function fitAt(curves: readonly ScheduledCurve[], λ: number, options: AnnealingOptions): Fit {
	const { points, leftOut } = measurements(curves, λ, options.after ?? 0);
	return fitResponse(
		{
			title: `Loss under annealing with λ = ${λ}, Tissue et al. 2024`,
			formula: "L = L0 + A·S1^−α − C·S2",
			headline: "α",
			prepare,
			response: ({ loss }) => loss,
			show: ({ run, step, loss }) => ({ x: step, y: loss, runs: [run] }),
		},
		points,
		leftOut,
		options,
	);
}

function measurements(curves: readonly ScheduledCurve[], λ: number, after: number) {
	const points: AnnealingPoint[] = [];
	const leftOut: LeftOut[] = [];
	for (const { run, learningRates, steps, loss } of curves) {
		const areas = scheduleAreas(learningRates, λ);
		let faulty = 0;
		for (const [i, step] of steps.entries()) {
			if (step <= after) continue;
			const point = { run, step, s1: areas.s1[step - 1]!, s2: areas.s2[step - 1]!, loss: loss[i]! };
			if (point.s1 > 0 && Number.isFinite(point.s1 + point.s2) && point.loss > 0 && Number.isFinite(point.loss))
				points.push(point);
			else faulty++;
		}
		if (faulty > 0)
			leftOut.push({ run, reason: `${faulty} points: no positive finite loss, or no learning rate up to their step` });
	}
	return { points, leftOut };
}

/** θ = (ln A′, α, ln L₀, C′). A′ is the term in S₁ at the geometric mean of S₁; C′ is C times the largest S₂. */
function prepare(points: readonly AnnealingPoint[]): LawOnPoints | string {
	const areas = points.map(({ s1 }) => s1);
	const found = distinct(areas, 4);
	if (found < 4) return `the points have ${found} distinct S1; L0, A, α and C need 4`;
	const x = centeredLogs(areas);
	const loss = Float64Array.from(points, (point) => point.loss);
	const { low, high } = logRange(loss);
	const most = points.reduce((greatest, { s2 }) => Math.max(greatest, Math.abs(s2)), 0);
	const drop = Float64Array.from(points, ({ s2 }) => (most > 0 ? s2 / most : 0));
	const anneals = most > 0;
	return {
		size: 4,
		names: ["A", "α", "L0", "C"],
		bounds: {
			lower: Float64Array.of(low - 20, 1e-3, low - 20, 0),
			upper: Float64Array.of(high + 20, 5, high + 1, anneals ? 10 * Math.exp(high) : 0),
		},
		predict([a, α, l0, c], i, gradient, hessian) {
			const term = Math.exp(a! - α! * x.values[i]!);
			const floor = Math.exp(l0!);
			const L = floor + term - c! * drop[i]!;
			const first = [term / L, (-term * x.values[i]!) / L, floor / L, -drop[i]! / L];
			for (let j = 0; j < 4; j++) {
				gradient[j] = first[j]!;
				for (let k = 0; k <= j; k++) hessian[j * 4 + k] = -first[j]! * first[k]!;
			}
			hessian[0]! += first[0]!;
			hessian[4]! += first[1]!;
			hessian[5]! -= first[1]! * x.values[i]!;
			hessian[10]! += first[2]!;
			return Math.log(L);
		},
		starts: () =>
			EXPONENTS.map((α) => {
				const columns = [powers(x.values, α), new Float64Array(loss.length).fill(1)];
				if (anneals) columns.push(drop.map((value) => -value));
				const [A, L0, C] = nonNegativeLeastSquares(columns, loss);
				const least = 1e-4 * Math.exp(low);
				return Float64Array.of(Math.log(Math.max(A!, least)), α, Math.log(Math.max(L0!, least)), C ?? 0);
			}),
		parameters: ([a, α, l0, c]) => ({
			L0: l0! <= low - 20 ? 0 : Math.exp(l0!),
			A: Math.exp(a! + α! * x.mean),
			α: α!,
			...(anneals ? { C: c! / most } : { C: 0 }),
		}),
		theta: ({ A, α, L0, C }) =>
			Float64Array.of(Math.log(A!) - α! * x.mean, α!, L0! > 0 ? Math.log(L0!) : low - 20, C! * most),
		undetermined: (atBound) =>
			atBound.includes("A") || atBound.includes("α") ? "the points do not show how the loss falls with S1" : null,
	};
}
