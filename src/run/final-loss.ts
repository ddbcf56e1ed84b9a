import type { LossCurve } from "./run-result.ts";

/** The mean of the last twentieth of a curve (at least one point): one noisy step says little. Null for an empty curve. */
export function finalTrainingLoss(curve: LossCurve): number | null {
	const count = Math.ceil(curve.loss.length / 20);
	if (count === 0) return null;
	return curve.loss.slice(-count).reduce((sum, loss) => sum + loss, 0) / count;
}
