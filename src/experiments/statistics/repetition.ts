import { goldenSection } from "../../maths/search.ts";

/** D′ = U + U·R*·(1 − e^(−R/R*)) of U unique tokens read for D in all, R = D/U − 1 (Muennighoff et al. 2023, equation 5). */
export function effectiveTokens(unique: number, tokens: number, worth: number): number {
	if (tokens <= unique) return tokens;
	return unique - unique * worth * Math.expm1(-(tokens / unique - 1) / worth);
}

/** What a run on repeated text was worth: as many new tokens as give the same loss. */
export interface Worth {
	/** U and D. */
	unique: number;
	tokens: number;
	/** D′ as measured. */
	effective: number;
}

/** Range of R_D* searched; at its ends repetition is worth nothing, or as much as new text. */
export const WORTH_RANGE = { low: 0.01, high: 1e4 };

/** R_D* by least squares in ln D′; null without repetitions. */
export function fitRepetition(measured: readonly Worth[]): number | null {
	const repeated = measured.filter(({ unique, tokens }) => tokens > 1.5 * unique);
	if (repeated.length < 3) return null;
	const squares = (worth: number) =>
		repeated.reduce(
			(sum, { unique, tokens, effective }) => sum + Math.log(effectiveTokens(unique, tokens, worth) / effective) ** 2,
			0,
		);
	const { low, high } = WORTH_RANGE;
	return Math.exp(goldenSection((log) => squares(Math.exp(log)), Math.log(low), Math.log(high), { steps: 80 }));
}

/** A falling curve of loss against tokens. */
export interface Curve {
	tokens: readonly number[];
	loss: readonly number[];
}

/**
 * The tokens at which a curve first falls to a loss, by interpolation in ln tokens; null outside its range, so that nothing is
 * extrapolated.
 */
export function tokensAtLoss({ tokens, loss }: Curve, target: number): number | null {
	if (!(loss[0]! >= target)) return null;
	const after = loss.findIndex((value) => value <= target);
	if (after < 0) return null;
	if (after === 0) return tokens[0]!;
	const [above, below] = [loss[after - 1]!, loss[after]!];
	const t = (above - target) / (above - below);
	return tokens[after - 1]! * (tokens[after]! / tokens[after - 1]!) ** t;
}
