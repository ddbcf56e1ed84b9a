import { solvePositive } from "./small-matrix.ts";

/** First and second derivatives of a function of n parameters. Matrices are n × n, row-major. */
export interface Derivatives {
	gradient: Float64Array;
	hessian: Float64Array;
	/** A positive semidefinite approximation of the Hessian, which sets the scale of the damping. */
	metric: Float64Array;
}

/** A smooth function of a few parameters, with its derivatives. Its value is not finite where it is undefined. */
export interface Smooth {
	readonly size: number;
	evaluate(theta: Float64Array, into: Derivatives): number;
}

/** Lower and upper bounds of the parameters; equal bounds fix a parameter. */
export interface Bounds {
	lower: Float64Array;
	upper: Float64Array;
}

export interface Minimum {
	theta: Float64Array;
	value: number;
	/** Euclidean norm of the gradient over the parameters that are not at a bound. */
	gradientNorm: number;
	/** Whether no further step could improve the value by more than rounding. */
	converged: boolean;
	evaluations: number;
	derivatives: Derivatives;
	/** Indices of the parameters held at a bound that descent would cross. */
	atBound: number[];
}

/** Stopping criteria. */
export interface Patience {
	/** Maximum number of evaluations. Default 200. */
	limit?: number;
	/** Stops after a step with a predicted gain below this share of the value. Default 1e-13, about rounding. */
	precision?: number;
	/** Also stops after a predicted gain below this absolute amount, for perfect fits with a value near 0. Default 0. */
	floor?: number;
}

/**
 * A local minimum within bounds, by Newton's method with damping (Levenberg 1944, Marquardt 1963) and projection onto the
 * bounds (Bertsekas 1982):
 *
 *     (H + λ·M) · s = −g   for the free parameters,
 *
 * where H is the exact Hessian and M the function's positive semidefinite metric. For sums of residuals, M is the Gauss–Newton
 * matrix with the weights of iteratively reweighted least squares: λ = 0 gives Newton's step, a large λ a short step of
 * reweighted least squares. Neither depends on the scale of the parameters.
 */
export function minimize(f: Smooth, start: Float64Array, bounds: Bounds, patience: Patience = {}): Minimum {
	const { limit = 200, precision = 1e-13, floor = 0 } = patience;
	const n = f.size;
	let theta = project(start, bounds);
	let here = derivatives(n);
	let there = derivatives(n);
	let value = f.evaluate(theta, here);
	let evaluations = 1;
	let damping = 1e-3;
	let raise = 16;
	let converged = false;
	const system = new Float64Array(n * n);
	const factor = new Float64Array(n * n);
	const step = new Float64Array(n);
	const descent = new Float64Array(n);
	while (Number.isFinite(value) && evaluations < limit) {
		const free = freeParameters(theta, here.gradient, bounds);
		for (let i = 0; i < n; i++) descent[i] = -here.gradient[i]!;
		damp(here, damping, system);
		if (free.length === 0) {
			converged = true;
			break;
		}
		if (!solvePositive(system, descent, free, factor, step)) {
			for (let i = 0; i < n * n; i++) system[i] = here.metric[i]! * (1 + damping);
			for (let i = 0; i < n; i++) system[i * n + i]! += 1e-9 * here.metric[i * n + i]! + 1e-30;
			if (!solvePositive(system, descent, free, factor, step)) break;
		}
		const next = project(theta, bounds, step);
		const gain = predictedGain(theta, next, here);
		const small = Math.abs(gain) <= precision * Math.abs(value) + floor;
		const trial = f.evaluate(next, there);
		evaluations++;
		const better = small
			? trial <= value + precision * Math.abs(value) + floor &&
				norm(there.gradient, free) < 0.5 * norm(here.gradient, free)
			: gain > 0 && value - trial > 1e-4 * gain;
		if (better) {
			// Nielsen 1999: the better the quadratic model predicted the gain, the less damping.
			const ratio = small ? 1 : Math.min(1, (value - trial) / gain);
			damping *= Math.max(0.1, 1 - (2 * ratio - 1) ** 3);
			raise = 16;
			theta = next;
			value = trial;
			[here, there] = [there, here];
		}
		if (small) {
			converged = true;
			break;
		}
		if (!better) {
			damping = Math.max(damping * raise, 1e-4);
			raise *= 4;
			if (damping > 1e12) break;
		}
	}
	const free = freeParameters(theta, here.gradient, bounds);
	return {
		theta,
		value,
		gradientNorm: norm(here.gradient, free),
		converged,
		evaluations,
		derivatives: here,
		atBound: Array.from({ length: n }, (_, i) => i).filter((i) => isAtBound(theta, bounds, i)),
	};
}

export function derivatives(n: number): Derivatives {
	return {
		gradient: new Float64Array(n),
		hessian: new Float64Array(n * n),
		metric: new Float64Array(n * n),
	};
}

/** θ, or θ + s, clamped to the bounds. */
function project(theta: Float64Array, { lower, upper }: Bounds, step?: Float64Array): Float64Array {
	const next = new Float64Array(theta.length);
	for (let i = 0; i < next.length; i++)
		next[i] = Math.min(upper[i]!, Math.max(lower[i]!, theta[i]! + (step ? step[i]! : 0)));
	return next;
}

/** Parameters that are not held at a bound that descent would cross. */
function freeParameters(theta: Float64Array, gradient: Float64Array, { lower, upper }: Bounds): number[] {
	const free: number[] = [];
	for (let i = 0; i < theta.length; i++) {
		const held =
			lower[i] === upper[i] ||
			(theta[i]! <= lower[i]! && gradient[i]! > 0) ||
			(theta[i]! >= upper[i]! && gradient[i]! < 0);
		if (!held) free.push(i);
	}
	return free;
}

function isAtBound(theta: Float64Array, { lower, upper }: Bounds, i: number): boolean {
	return lower[i] !== upper[i] && (theta[i]! <= lower[i]! || theta[i]! >= upper[i]!);
}

/** H + λ·M, plus a small multiple of λ on the diagonal so that parameters that M does not constrain stay in place. */
function damp({ hessian, metric }: Derivatives, damping: number, system: Float64Array): void {
	const n = Math.sqrt(hessian.length);
	for (let i = 0; i < hessian.length; i++) system[i] = hessian[i]! + damping * metric[i]!;
	for (let i = 0; i < n; i++) system[i * n + i]! += damping * (1e-6 * metric[i * n + i]! + 1e-30);
}

/** The decrease that the quadratic model at θ predicts for a step to `next`. */
function predictedGain(theta: Float64Array, next: Float64Array, { gradient, hessian }: Derivatives): number {
	const n = theta.length;
	let gain = 0;
	for (let i = 0; i < n; i++) {
		const si = next[i]! - theta[i]!;
		gain -= gradient[i]! * si;
		for (let j = 0; j < n; j++) gain -= 0.5 * si * hessian[i * n + j]! * (next[j]! - theta[j]!);
	}
	return gain;
}

function norm(gradient: Float64Array, free: readonly number[]): number {
	let sum = 0;
	for (const i of free) sum += gradient[i]! ** 2;
	return Math.sqrt(sum);
}
