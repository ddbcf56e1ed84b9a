import type { LossName } from "./fit.ts";

/**
 * How residuals r = ln L̂ − ln L are summed up, in one formula: with knee δ,
 *
 *     f = scale · Σ ρ_δ(r),   ρ_δ(r) = r²/2 where |r| ≤ δ, else δ·(|r| − δ/2)      (Huber 1964)
 *
 *     huber     scale 1, knee δ
 *     lad       Σ |r|: scale 1/δ in the limit of a small δ
 *     log-mse   ½ Σ r²: no knee
 *     mse       Σ (L̂ − L)²: scale 2, no knee, residuals in nats per token instead of logs
 */
export interface RobustLoss {
	name: LossName;
	scale: number;
	knee: number;
	/** Whether residuals are differences of L instead of ln L. */
	raw: boolean;
}

/**
 * The losses to minimize one after another, each from the optimum of the one before; the last is the one asked for. A
 * small knee leaves the objective nearly piecewise linear, and is come to by tens from a larger one; least absolute
 * deviations in this way until the sum is exact to 1e-9 for each point.
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

/** r of one point. */
export function residualOf({ raw }: RobustLoss, logPrediction: number, logLoss: number): number {
	return raw ? Math.exp(logPrediction) - Math.exp(logLoss) : logPrediction - logLoss;
}

/** The term of the sum for one residual; that of `lad` without its rounded tip. */
export function contribution({ name, scale, knee }: RobustLoss, residual: number): number {
	const size = Math.abs(residual);
	return name === "lad" ? size : scale * huber(size, knee);
}

/** ρ_δ of a residual's size. */
export function huber(size: number, knee: number): number {
	return size <= knee ? (size * size) / 2 : knee * (size - knee / 2);
}
