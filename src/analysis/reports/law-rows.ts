import { bestAllocation, type LossLaw, lossAt } from "../../theory/loss-law.ts";
import type { Estimate } from "../fitting/fit.ts";
import type { Reading } from "../methods/fit-method.ts";
import { METHOD_3 } from "../parametric-laws/method3.ts";
import { trueExponents } from "./exponent-rows.ts";

/** An estimate beside the truth. */
export interface KnownEstimate extends Estimate {
	name: string;
	/** Null where it is not known. */
	truth: number | null;
}

/** The parameters of the laws of N and D; the truth beside those of Method 3, whose form it has. */
export function lawRows(
	readings: readonly Reading[],
	truth: LossLaw | null = null,
): { title: string; formula: string; parameters: KnownEstimate[] }[] {
	return readings.flatMap(({ title, law }) => {
		if (law === null || law.estimate === null) return [];
		const known = truth && law.formula === METHOD_3.formula ? trueParameters(truth) : {};
		const parameters = Object.entries(law.parameters).map(([name, { estimate, low, high }]) => ({
			...{ name, estimate, low, high, truth: known[name] ?? null },
		}));
		return [{ title, formula: law.formula, parameters }];
	});
}

function trueParameters(law: LossLaw): Record<string, number> {
	const { E, A, B, alpha, beta } = law;
	const { allocation, tokens, lossWithOffset } = trueExponents(law);
	return { E, A, B, α: alpha, β: beta, a: allocation!, b: tokens!, γ: lossWithOffset! };
}

/** What each method says of a compute beyond the points. */
export function predictionRows(
	readings: readonly Reading[],
	truth: LossLaw | null = null,
): { title: string; flops: number; values: KnownEstimate[] }[] {
	return readings.flatMap(({ title, predictions }) =>
		predictions.map(({ flops, parameters, tokens, loss }) => {
			const best = truth && bestAllocation(truth, flops);
			const values: KnownEstimate[] = [
				{ name: "parameters", ...parameters, truth: best?.parameters ?? null },
				{ name: "tokens", ...tokens, truth: best?.tokens ?? null },
			];
			if (loss) {
				const lowest = truth && best && lossAt(truth, best.parameters, best.tokens);
				values.push({ name: "loss", ...loss, truth: lowest });
			}
			return { title, flops, values };
		}),
	);
}
