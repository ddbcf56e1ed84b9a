import { type LossLaw, lossAt } from "../../theory/loss-law.ts";
import type { LawOnPoints, LawParameters, ParametricLaw } from "../fitting/parametric-law.ts";
import type { Point } from "../points/point.ts";

/**
 * The data-constrained law of Muennighoff et al. 2023 (arXiv:2305.16264, §3 and appendix A). Repeated tokens, and
 * parameters beyond the optimum for the U unique tokens, have diminishing value:
 *
 *     L = E + A/N′^α + B/D′^β
 *     D′ = U + U·R_D*·(1 − e^(−R_D/R_D*)),     R_D = D/U − 1
 *     N′ = U_N + U_N·R_N*·(1 − e^(−R_N/R_N*)),   R_N = N/U_N − 1,   U_N = min(N, N_opt(U)),
 *
 * where N_opt(U) = G·(G·U)^(β/α), G = (αA/βB)^(1/(α+β)), is the size for which U tokens are compute-optimal. E, A, B, α
 * and β come from a law for tokens seen once and are held fixed; R_D* and R_N* are fitted.
 *
 * 1 − e^(−x) is computed as −expm1(−x): at large R*, rounding would turn the plain difference into a step function with
 * spurious minima.
 */
export type Decay = "both" | "data" | "parameters";

/** Search range of R*. At the lower end a repetition is worth nothing, at the upper end as much as new tokens. */
const LEAST = 0.01;
const GREATEST = 1e6;

const STARTS = [1, 4, 16, 64, 256];

/**
 * The data-constrained law with a fixed base.
 *
 * @param decay which resource loses value: repeated data, excess parameters or both
 */
export function dataConstrainedLaw(base: LossLaw, decay: Decay = "both"): ParametricLaw {
	return {
		name: "data-constrained",
		title: `Data-constrained law, Muennighoff et al. 2023${decay === "both" ? "" : `, decay of ${decay} alone`}`,
		formula: "L = E + A/N′^α + B/D′^β; D′ = U + U·R_D*·(1 − e^(−R_D/R_D*)), N′ = U_N + U_N·R_N*·(1 − e^(−R_N/R_N*))",
		headline: decay === "parameters" ? "R_N*" : "R_D*",
		profiled: ["R_D*", "R_N*"],
		variables: ["parameters", "tokens", "uniqueTokens"],
		prepare: (points) => prepareDataConstrained(points, base, decay),
		loss: (parameters, point) => dataConstrainedLoss(base, parameters, point).loss,
	};
}

/** The loss and the effective counts. If R_D* or R_N* is missing from the parameters, its decay is omitted. */
export function dataConstrainedLoss(base: LossLaw, parameters: LawParameters, point: Point) {
	const unique = Math.min(point.uniqueTokens ?? point.tokens, point.tokens);
	const uniqueParameters = Math.min(point.parameters, bestSizeForTokens(base, unique));
	const tokens = effective(unique, point.tokens, parameters["R_D*"]);
	const size = effective(uniqueParameters, point.parameters, parameters["R_N*"]);
	return { loss: lossAt(base, size, tokens), tokens, parameters: size, uniqueParameters };
}

/** N_opt(U): the size for which U tokens are compute-optimal. */
export function bestSizeForTokens({ A, B, alpha: α, beta: β }: LossLaw, tokens: number): number {
	const G = ((α * A) / (β * B)) ** (1 / (α + β));
	return G * (G * tokens) ** (β / α);
}

/** Effective count of `total`, of which `unique` are new: at most unique · (1 + R*). */
export function effective(unique: number, total: number, decay: number | undefined): number {
	if (decay === undefined) return total;
	return unique - unique * decay * Math.expm1(-(total / unique - 1) / decay);
}

/** θ = (ln R_D*, ln R_N*). A decay that is switched off, or that no point exhibits, is fixed at R* = 10¹² (no decay). */
function prepareDataConstrained(points: readonly Point[], base: LossLaw, decay: Decay): LawOnPoints | string {
	const { E, A, B, alpha: α, beta: β } = base;
	const counts = points.map(({ parameters, tokens, uniqueTokens }) => {
		const unique = Math.min(uniqueTokens ?? tokens, tokens);
		return { parameters, tokens, unique, own: Math.min(parameters, bestSizeForTokens(base, unique)) };
	});
	const repeats = decay !== "parameters" && counts.some(({ tokens, unique }) => tokens > 1.001 * unique);
	const exceeds = decay !== "data" && counts.some(({ parameters, own }) => parameters > 1.001 * own);
	if (decay !== "parameters" && !repeats) return "no point sees a token twice; R_D* needs repeated tokens";
	if (decay === "parameters" && !exceeds) return "no model is larger than its unique tokens call for; R_N* needs that";
	const free = [repeats, exceeds];
	const fixed = Math.log(1e12);
	const ends = (value: number) => Float64Array.from(free, (varies) => (varies ? Math.log(value) : fixed));
	const slope = new Float64Array(2);
	const second = new Float64Array(2);
	return {
		size: 2,
		names: ["R_D*", "R_N*"],
		bounds: { lower: ends(LEAST), upper: ends(GREATEST) },
		predict(theta, i, gradient, hessian) {
			const { parameters, tokens, unique, own } = counts[i]!;
			const size = decayed(own, parameters, theta[1]!, slope, second, 1);
			const seen = decayed(unique, tokens, theta[0]!, slope, second, 0);
			const dataTerm = B * seen ** -β;
			const sizeTerm = A * size ** -α;
			const loss = E + sizeTerm + dataTerm;
			// Derivatives of the two terms in ln R* by the chain rule, then of the logarithm of their sum.
			const first = [(-β * dataTerm * slope[0]!) / seen, (-α * sizeTerm * slope[1]!) / size];
			const bent = [
				dataTerm * (β * (β + 1) * (slope[0]! / seen) ** 2 - (β * second[0]!) / seen),
				sizeTerm * (α * (α + 1) * (slope[1]! / size) ** 2 - (α * second[1]!) / size),
			];
			gradient[0] = first[0]! / loss;
			gradient[1] = first[1]! / loss;
			hessian[0] = bent[0]! / loss - gradient[0] ** 2;
			hessian[2] = -gradient[0] * gradient[1];
			hessian[3] = bent[1]! / loss - gradient[1] ** 2;
			return Math.log(loss);
		},
		starts: () => {
			const [ofData, ofParameters] = free.map((varies) => (varies ? STARTS.map(Math.log) : [fixed]));
			return ofData!.flatMap((d) => ofParameters!.map((n) => Float64Array.of(d, n)));
		},
		parameters: ([d, n]) => ({
			...(repeats ? { "R_D*": Math.exp(d!) } : {}),
			...(exceeds ? { "R_N*": Math.exp(n!) } : {}),
		}),
		theta: (parameters) => Float64Array.of(Math.log(parameters["R_D*"] ?? 1e12), Math.log(parameters["R_N*"] ?? 1e12)),
		undetermined: () => null,
	};
}

/** `effective` at R* = e^θ. Writes its first and second derivatives in θ to entry k of `slope` and `second`. */
function decayed(
	unique: number,
	total: number,
	theta: number,
	slope: Float64Array,
	second: Float64Array,
	k: number,
): number {
	const R = Math.exp(theta);
	const x = total / unique - 1;
	const left = Math.exp(-x / R);
	const gained = -R * Math.expm1(-x / R);
	slope[k] = unique * (gained - x * left);
	second[k] = slope[k]! - (unique * x * x * left) / R;
	return unique + unique * gained;
}
