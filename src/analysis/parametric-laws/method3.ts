import { allocationExponent, type LossLaw, lossAt, lossExponent } from "../../theory/loss-law.ts";
import type { LawOnPoints, LawParameters, ParametricLaw } from "../fitting/parametric-law.ts";
import { distinct, type Point } from "../points/point.ts";
import { sumOfPowers } from "./sum-of-powers.ts";

/**
 * Method 3 of Hoffmann et al. 2022 (arXiv:2203.15556, §3.3): the loss as a function of parameters and tokens,
 *
 *     L(N, D) = E + A·N^−α + B·D^−β,
 *
 * fitted by minimizing Σ Huber_δ(ln L̂ − ln L) with ln L̂ = LSE(ln A − α ln N, ln B − β ln D, ln E). At C = 6·N·D the
 * optimum is (their equation 4)
 *
 *     N* = G·(C/6)^a,   D* = (C/6)^b / G,   G = (αA / βB)^(1/(α+β)),   a = β/(α+β),   b = α/(α+β),
 *
 * and L* = E + k·C^−γ with γ = αβ/(α+β).
 */
export const METHOD_3: ParametricLaw = {
	name: "method3",
	title: "Method 3: parametric fit of L(N, D), Hoffmann et al. 2022",
	formula: "L = E + A·N^−α + B·D^−β; N* ∝ C^a, D* ∝ C^b, L* − E ∝ C^−γ",
	headline: "a",
	variables: ["parameters", "tokens"],
	prepare: prepareMethod3,
	loss: (fitted, { parameters, tokens }) => lossAt(lossLawOf(fitted), parameters, tokens),
};

/** Converts a fit's parameters to the `LossLaw` that theory and planning use. */
export function lossLawOf({ E, A, B, α, β }: LawParameters): LossLaw {
	return { E: E!, A: A!, B: B!, alpha: α!, beta: β! };
}

function prepareMethod3(points: readonly Point[]): LawOnPoints | string {
	const lacking = lackingForTwoVariables(points, 5);
	if (lacking) return lacking;
	const sum = sumOfPowers(
		twoPowers(points, ["A", "α"], ["B", "β"]),
		"E",
		Float64Array.from(points, ({ loss }) => loss),
	);
	return {
		...sum,
		parameters(theta) {
			const parameters = sum.parameters(theta);
			const law = lossLawOf(parameters);
			const { alpha, beta } = law;
			return { ...parameters, a: allocationExponent(law), b: alpha / (alpha + beta), γ: lossExponent(law) };
		},
		undetermined: (atBound) => withoutFall(atBound, ["A", "α"], ["B", "β"]),
	};
}

/** One power term in N and one in D; `n` and `d` name the coefficient and the exponent. */
export function twoPowers(points: readonly Point[], n: [string, string], d: [string, string]) {
	return [
		{ coefficient: n[0], exponent: n[1], values: points.map(({ parameters }) => parameters) },
		{ coefficient: d[0], exponent: d[1], values: points.map(({ tokens }) => tokens) },
	];
}

/** Why the points cannot determine a law of N and D with an offset; null when they can. */
export function lackingForTwoVariables(points: readonly Point[], parameters: number): string | null {
	const sizes = distinct(
		points.map((point) => point.parameters),
		3,
	);
	if (sizes < 3) return `the points have ${sizes} distinct numbers of parameters; a law of N and D needs 3`;
	const lengths = distinct(
		points.map(({ tokens }) => tokens),
		3,
	);
	if (lengths < 3) return `the points have ${lengths} distinct numbers of tokens; a law of N and D needs 3`;
	if (points.length < parameters) return `there are ${points.length} points; ${parameters} parameters need as many`;
	return null;
}

/** Why the fit is undetermined when the term in N or D is at a bound; null when neither is. */
export function withoutFall(atBound: readonly string[], n: readonly string[], d: readonly string[]): string | null {
	if (n.some((name) => atBound.includes(name))) return "the points do not show how the loss falls with parameters";
	if (d.some((name) => atBound.includes(name))) return "the points do not show how the loss falls with tokens";
	return null;
}
