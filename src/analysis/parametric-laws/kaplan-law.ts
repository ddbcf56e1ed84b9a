import { logSumOfTwo } from "../../maths/log-sum-of-two.ts";
import { nonNegativeLeastSquares } from "../../maths/non-negative-least-squares.ts";
import { centeredLogs, logRange, powers } from "../fitting/centered-logs.ts";
import type { LawOnPoints, ParametricLaw } from "../fitting/parametric-law.ts";
import type { Point } from "../points/point.ts";
import { lackingForTwoVariables, withoutFall } from "./method3.ts";

/**
 * Kaplan et al. 2020 (arXiv:2001.08361, equation 1.5): one form for parameters and tokens, without an irreducible loss,
 *
 *     L(N, D) = ((Nc/N)^(αN/αD) + Dc/D)^αD,
 *
 * in logs ln L = αD · ln(e^(p − q ln N) + e^(s − ln D)) with q = αN/αD, p = q ln Nc, s = ln Dc. At C = 6·N·D the optimal
 * size grows as N* ∝ C^a, a = αD/(αN + αD).
 */
export const KAPLAN: ParametricLaw = {
	name: "kaplan",
	title: "Kaplan et al. 2020, joint law of N and D",
	formula: "L = ((Nc/N)^(αN/αD) + Dc/D)^αD; N* ∝ C^a",
	headline: "a",
	variables: ["parameters", "tokens"],
	prepare: prepareKaplan,
	loss: ({ Nc, Dc, αN, αD }, { parameters, tokens }) => ((Nc! / parameters) ** (αN! / αD!) + Dc! / tokens) ** αD!,
};

const RATIOS = [0.4, 0.8, 1.6];
const EXPONENTS = [0.05, 0.1, 0.2, 0.4];

/** θ = (p, q, s, 1, αD) with p and s taken at the points' geometric means of N and D; the exponent of D is fixed at 1. */
function prepareKaplan(points: readonly Point[]): LawOnPoints | string {
	const lacking = lackingForTwoVariables(points, 4);
	if (lacking) return lacking;
	const n = centeredLogs(points.map(({ parameters }) => parameters));
	const d = centeredLogs(points.map(({ tokens }) => tokens));
	const loss = Float64Array.from(points, (point) => point.loss);
	const range = logRange(loss);
	const sum = logSumOfTwo(n.values, d.values, false, 5);
	const widest = Math.max(Math.abs(range.low), Math.abs(range.high)) / 1e-3 + 20;
	return {
		size: 5,
		names: ["Nc", "αN", "Dc", "1", "αD"],
		bounds: {
			lower: Float64Array.of(-widest, 1e-2, -widest, 1, 1e-3),
			upper: Float64Array.of(widest, 100, widest, 1, 2),
		},
		predict(theta, i, gradient, hessian) {
			const u = sum(theta, i, gradient, hessian);
			const αD = theta[4]!;
			for (let j = 0; j < 4; j++) {
				for (let k = 0; k <= j; k++) hessian[j * 5 + k]! *= αD;
				hessian[4 * 5 + j] = gradient[j]!;
				gradient[j]! *= αD;
			}
			hessian[24] = 0;
			gradient[4] = u;
			return αD * u;
		},
		starts: () =>
			RATIOS.flatMap((q) =>
				EXPONENTS.map((αD) => {
					const target = loss.map((value) => value ** (1 / αD));
					const [P, S] = nonNegativeLeastSquares([powers(n.values, q), powers(d.values, 1)], target);
					const least = 1e-4 * Math.max(P!, S!);
					return Float64Array.of(Math.log(Math.max(P!, least)), q, Math.log(Math.max(S!, least)), 1, αD);
				}),
			),
		parameters([p, q, s, , αD]) {
			const αN = q! * αD!;
			return { Nc: Math.exp(p! / q! + n.mean), Dc: Math.exp(s! + d.mean), αN, αD: αD!, a: αD! / (αN + αD!) };
		},
		theta({ Nc, Dc, αN, αD }) {
			const q = αN! / αD!;
			return Float64Array.of(q * (Math.log(Nc!) - n.mean), q, Math.log(Dc!) - d.mean, 1, αD!);
		},
		undetermined: (atBound) => withoutFall(atBound, ["Nc", "αN"], ["Dc", "αD"]),
	};
}
