import type { LossName } from "./fit.ts";

/**
 * How residuals r = ln L̂ − ln L are combined. With knee δ, all losses have the form
 *
 *     f = scale · Σ ρ_δ(r),   ρ_δ(r) = r²/2 where |r| ≤ δ, else δ·(|r| − δ/2)      (Huber 1964)
 *
 *     huber     scale 1, knee δ
 *     lad       Σ |r|: scale 1/δ in the limit of small δ
 *     log-mse   ½ Σ r²: no knee
 *     mse       Σ (L̂ − L)²: scale 2, no knee, residuals in nats per token instead of logs
 */
export interface RobustLoss {
	name: LossName;
	scale: number;
	knee: number;
	/** Whether residuals are differences of L rather than of ln L. */
	raw: boolean;
}

/**
 * The losses to minimize in sequence, each starting from the previous optimum; the last is the requested one. With a
 * small knee the objective is nearly piecewise linear, so the knee is reduced from a larger one in factors of ten.
 * For least absolute deviations it is reduced until the sum is exact to 1e-9 per point.
 *
 * @param delta knee of the Huber loss
 */
export function lossSequence(name: LossName, delta: number): RobustLoss[] {
	if (name === "mse") return [{ name, scale: 2, knee: Number.POSITIVE_INFINITY, raw: true }];
	if (name === "log-mse") return [{ name, scale: 1, knee: Number.POSITIVE_INFINITY, raw: false }];
	const least = name === "lad" ? 1e-9 : delta;
	const knees = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8].filter((knee) => knee >= 9 * least);
	return [...(least < 1e-4 ? knees : []), least].map((knee) => ({
		name,
		scale: name === "lad" ? 1 / knee : 1,
		knee,
		raw: false,
	}));
}

/** The residual r of one point. */
export function residualOf({ raw }: RobustLoss, logPrediction: number, logLoss: number): number {
	return raw ? Math.exp(logPrediction) - Math.exp(logLoss) : logPrediction - logLoss;
}

/** The contribution of one residual to the sum; for `lad`, |r| without the rounded tip. */
export function contribution({ name, scale, knee }: RobustLoss, residual: number): number {
	const size = Math.abs(residual);
	return name === "lad" ? size : scale * huber(size, knee);
}

/** ρ_δ of a residual of absolute size `size`, with δ = `knee`. */
export function huber(size: number, knee: number): number {
	return size <= knee ? (size * size) / 2 : knee * (size - knee / 2);
}
