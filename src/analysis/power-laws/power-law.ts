import { leastSquaresLine } from "../../maths/least-squares.ts";

/**
 * A power law by least squares in logs:
 *
 *     y = k · x^p   ⇔   ln y = ln k + p · ln x
 */
export interface PowerLaw {
	coefficient: number;
	exponent: number;
	/** Root mean square of the residuals in ln y. */
	residual: number;
}

/** Fits y = k · x^p to ln x and ln y, optionally weighted. Null when the points do not determine a finite k and p. */
export function fitPowerLaw(
	logX: readonly number[],
	logY: readonly number[],
	weights?: readonly number[],
): PowerLaw | null {
	const line = leastSquaresLine(logX, logY, weights);
	if (!line) return null;
	const coefficient = Math.exp(line.intercept);
	const finite = Number.isFinite(coefficient) && Number.isFinite(line.slope);
	return finite ? { coefficient, exponent: line.slope, residual: line.residual } : null;
}
