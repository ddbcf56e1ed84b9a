import { leastSquaresLine } from "../../maths/least-squares.ts";
import { goldenSection } from "../../maths/search.ts";

/** The loss on a text against a share of the training text: L = c + k·exp(t·share) (Ye et al. 2024, equation 1). */
export interface MixingLaw {
	c: number;
	k: number;
	t: number;
}

/** Steepest exponentials tried: at 30, a share of 10 % takes away 95 % of what the share changes. */
const STEEPEST = 30;
const STEPS = 60;

/**
 * Least squares of the law. For a given t, c and k are a straight line's; the sum of squares can have a minimum on either side of
 * t = 0, where the law is that line, so both sides are searched. Null with fewer than four shares.
 */
export function fitMixingLaw(shares: readonly number[], losses: readonly number[]): MixingLaw | null {
	if (new Set(shares).size < 4) return null;
	const lineFor = (t: number) =>
		leastSquaresLine(
			shares.map((share) => Math.exp(t * share)),
			losses,
		)!;
	const residual = (t: number) => lineFor(t).residual;
	const sides = [-1, 1].map(
		(sign) =>
			sign *
			Math.exp(
				goldenSection((log) => residual(sign * Math.exp(log)), Math.log(0.01), Math.log(STEEPEST), { steps: STEPS }),
			),
	);
	const t = sides.reduce((best, side) => (residual(side) < residual(best) ? side : best));
	const { intercept: c, slope: k } = lineFor(t);
	return { c, k, t };
}

export function mixingLoss({ c, k, t }: MixingLaw, share: number): number {
	return c + k * Math.exp(t * share);
}

/**
 * How well the law predicts a mixture that it was not fitted to: the root mean square of the errors at every share but the first
 * and the last, each predicted from all others, in nats per token. Null with fewer than five shares.
 */
export function mixingError(shares: readonly number[], losses: readonly number[]): number | null {
	const order = shares.map((_, i) => i).sort((i, j) => shares[i]! - shares[j]!);
	const inner = order.slice(1, -1);
	if (inner.length < 3) return null;
	let squares = 0;
	for (const held of inner) {
		const others = order.filter((i) => i !== held);
		const law = fitMixingLaw(
			others.map((i) => shares[i]!),
			others.map((i) => losses[i]!),
		);
		if (!law) return null;
		squares += (mixingLoss(law, shares[held]!) - losses[held]!) ** 2;
	}
	return Math.sqrt(squares / inner.length);
}
