import { type Derivatives, type Minimum, minimize } from "../../maths/minimize.ts";
import { conditionNumber } from "../../maths/small-matrix.ts";
import type { Health } from "../fitting/fit.ts";

/** A curve y = c − k·e^ψ(x; ν): its inner parameters ν, and ψ with its derivatives in ν at point i. */
export interface ProjectedCurve {
	names: string[];
	starts: number[][];
	lower: number[];
	upper: number[];
	/** Fixes k = 1 instead of fitting k ≥ 0. */
	fixed?: boolean;
	exponent(ν: readonly number[], i: number, slope: Float64Array): number;
}

/** The best c and k at ν, and the sum of squared residuals. */
export interface Projection {
	ν: number[];
	c: number;
	logK: number;
	squares: number;
}

/**
 * The least-squares curve by variable projection. From every start, ν is searched by damped Newton steps with Kaufman's
 * (1975) Jacobian; c and k come from a straight-line fit in e^ψ. Null when the best k is 0 from every start.
 */
export function searchProjected(curve: ProjectedCurve, y: Float64Array): { best: Projection; health: Health } | null {
	const size = curve.names.length;
	const bounds = { lower: Float64Array.from(curve.lower), upper: Float64Array.from(curve.upper) };
	const evaluate = (ν: Float64Array, into: Derivatives) => {
		curvature(curve, y, ν, into);
		return project(curve, y, ν, into).squares;
	};
	const ends: Minimum[] = curve.starts
		.map((start) => minimize({ size, evaluate }, Float64Array.from(start), bounds, { limit: 200, precision: 1e-15 }))
		.filter(({ value }) => Number.isFinite(value))
		.sort((a, b) => a.value - b.value);
	const end = ends[0];
	if (!end) return null;
	const best = project(curve, y, end.theta);
	if (!Number.isFinite(best.logK)) return null;
	const rounding = 1e-24 * y.reduce((sum, value) => sum + value * value, 0);
	const agreeing = ends.filter(({ value }) => value <= end.value * (1 + 1e-6) + rounding).length;
	const rows = Array.from({ length: size }, (_, j) => j).filter((j) => !end.atBound.includes(j));
	return {
		best,
		health: {
			starts: curve.starts.length,
			agreement: agreeing / curve.starts.length,
			gradientNorm: end.gradientNorm,
			condition: size === 0 ? 1 : conditionNumber(end.derivatives.hessian, size, rows),
			nearTies: [],
			atBound: end.atBound.map((j) => curve.names[j]!),
		},
	};
}

/** Fits c and k at θ. If `into` is given, also fills in the derivatives of the sum of squares in ν. */
function project(curve: ProjectedCurve, y: Float64Array, theta: Float64Array, into?: Derivatives): Projection {
	const n = y.length;
	const size = theta.length;
	const ν = [...theta];
	const ψ = new Float64Array(n);
	const slopes = Array.from({ length: n }, () => new Float64Array(size));
	for (let i = 0; i < n; i++) ψ[i] = curve.exponent(ν, i, slopes[i]!);
	// Scaling e^ψ by its largest value prevents overflow; k absorbs the factor.
	const top = curve.fixed ? 0 : ψ.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
	const φ = ψ.map((value) => Math.exp(value - top));
	const φMean = mean(φ);
	const yMean = mean(y);
	let φφ = 0;
	let φy = 0;
	for (let i = 0; i < n; i++) {
		φφ += (φ[i]! - φMean) ** 2;
		φy += (φ[i]! - φMean) * (y[i]! - yMean);
	}
	const k = curve.fixed ? 1 : Math.max(0, -φy / φφ);
	const c = yMean + k * φMean;
	const residual = y.map((value, i) => c - k * φ[i]! - value);
	const squares = residual.reduce((sum, r) => sum + r * r, 0);
	if (into) describe(into, residual, jacobian());
	return { ν, c, logK: Math.log(k) - top, squares };

	/** Column j: the change of the residuals with νⱼ when c and k are refitted. */
	function jacobian(): Float64Array[] {
		return Array.from({ length: size }, (_, j) => {
			const column = φ.map((value, i) => -k * value * slopes[i]![j]!);
			const middle = mean(column);
			let along = 0;
			if (!curve.fixed) for (let i = 0; i < n; i++) along += ((column[i]! - middle) * (φ[i]! - φMean)) / φφ;
			return column.map((value, i) => value - middle - along * (φ[i]! - φMean));
		});
	}
}

/**
 * Writes the gradient of Σ r², 2 Jᵀr, and the metric 2 JᵀJ. The gradient is exact, because the residuals are orthogonal
 * to the directions that were projected out.
 */
function describe({ gradient, metric }: Derivatives, residual: Float64Array, columns: Float64Array[]): void {
	const size = columns.length;
	for (let j = 0; j < size; j++) {
		gradient[j] = 2 * dot(columns[j]!, residual);
		for (let k = 0; k < size; k++) metric[j * size + k] = 2 * dot(columns[j]!, columns[k]!);
	}
}

/**
 * The Hessian by central differences of the exact gradient. With 2 JᵀJ instead, the search would crawl along the valleys
 * of Exp4 and Pow4, where the neglected curvature of the residuals is just as large.
 */
function curvature(
	curve: ProjectedCurve,
	y: Float64Array,
	ν: Float64Array,
	{ gradient, hessian, metric }: Derivatives,
) {
	const size = ν.length;
	const step = 1e-5;
	for (let j = 0; j < size; j++) {
		const ends = [1, -1].map((sign) => {
			const moved = ν.slice();
			moved[j]! += sign * step;
			project(curve, y, moved, { gradient, hessian, metric });
			return gradient.slice();
		});
		for (let k = 0; k < size; k++) hessian[j * size + k] = (ends[0]![k]! - ends[1]![k]!) / (2 * step);
	}
	for (let j = 0; j < size; j++)
		for (let k = 0; k < j; k++) {
			const both = (hessian[j * size + k]! + hessian[k * size + j]!) / 2;
			hessian[j * size + k] = both;
			hessian[k * size + j] = both;
		}
}

function dot(a: Float64Array, b: Float64Array): number {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
	return sum;
}

function mean(values: Float64Array): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
