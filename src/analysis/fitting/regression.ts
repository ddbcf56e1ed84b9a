import type { Derivatives, Smooth } from "../../maths/minimize.ts";
import { addTo } from "./add-to-derivatives.ts";
import { huber, type RobustLoss } from "./robust-loss.ts";

/** A law of the loss at given points: ln L̂ at each, as a function of its n parameters θ. */
export interface LogLaw {
	readonly size: number;
	/**
	 * Returns ln L̂ at point i. Overwrites all of its gradient in θ and the lower triangle (row ≥ column) of its n × n
	 * Hessian.
	 */
	predict(theta: Float64Array, i: number, gradient: Float64Array, hessian: Float64Array): number;
}

/**
 * The objective f(θ) = scale · Σ wᵢ ρ(rᵢ(θ)) with its exact derivatives:
 *
 *     g = Σ w ρ'(r) ∇r,   H = Σ w (ρ''(r) ∇r ∇rᵀ + ρ'(r) ∇²r),   M = Σ w (ρ'(r)/r) ∇r ∇rᵀ,
 *
 * with r = ln L̂ − ln L, or L̂ − L when the loss is raw. Points of weight 0 are skipped.
 */
export function regression(law: LogLaw, logLoss: Float64Array, weights: Float64Array, loss: RobustLoss): Smooth {
	const n = law.size;
	const { knee, scale, raw } = loss;
	const slope = new Float64Array(n);
	const curvature = new Float64Array(n * n);
	const add = addTo(n);
	function evaluate(theta: Float64Array, into: Derivatives): number {
		const { gradient, hessian, metric } = into;
		gradient.fill(0);
		hessian.fill(0);
		metric.fill(0);
		let value = 0;
		for (let i = 0; i < logLoss.length; i++) {
			const weight = scale * weights[i]!;
			if (weight === 0) continue;
			const logPrediction = law.predict(theta, i, slope, curvature);
			// d L̂/d ln L̂, needed when residuals are differences of L.
			const factor = raw ? Math.exp(logPrediction) : 1;
			const r = raw ? factor - Math.exp(logLoss[i]!) : logPrediction - logLoss[i]!;
			const size = Math.abs(r);
			value += weight * huber(size, knee);
			const inside = size <= knee;
			const first = weight * factor * (inside ? r : r > 0 ? knee : -knee);
			const second = inside ? weight * factor * factor : 0;
			const outer = second + (raw ? first : 0);
			const reweighted = weight * factor * factor * (inside ? 1 : knee / size);
			add(slope, curvature, first, outer, reweighted, into);
		}
		mirror(hessian, n);
		mirror(metric, n);
		return value;
	}
	return { size: n, evaluate };
}

function mirror(matrix: Float64Array, n: number): void {
	for (let j = 0; j < n; j++) for (let k = 0; k < j; k++) matrix[k * n + j] = matrix[j * n + k]!;
}
