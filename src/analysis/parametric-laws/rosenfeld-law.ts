import type { LawOnPoints, LawParameters, ParametricLaw } from "../fitting/parametric-law.ts";
import type { Point } from "../points/point.ts";
import { lackingForTwoVariables, twoPowers, withoutFall } from "./method3.ts";
import { type Link, sumOfPowers } from "./sum-of-powers.ts";

/**
 * Rosenfeld et al. 2020 (arXiv:1909.12673, equation 5): Method 3's law with a ceiling at ε₀ = ln V, the loss of uniform
 * guessing,
 *
 *     L = ε₀ · t / √(t² + η²),   t = a·N^−α + b·D^−β + c.
 *
 * a, b, c and η share one arbitrary scale, fixed by η = 1. The loss tends to L∞ = ε₀·c / √(c² + 1). In logs, with
 * u = ln t,
 *
 *     ln L = ln ε₀ + u − ½ ln(e^{2u} + 1).
 *
 * Since L increases with t, N* ∝ C^q with q = β/(α+β).
 *
 * @param vocabulary V, vocabulary size
 */
export function rosenfeldLaw(vocabulary = 32_000): ParametricLaw {
	const ceiling = Math.log(vocabulary);
	return {
		name: "rosenfeld",
		title: `Rosenfeld et al. 2020 with ε₀ = ln ${vocabulary}`,
		formula: "L = ε₀·t/√(t² + 1), t = a·N^−α + b·D^−β + c; N* ∝ C^q",
		headline: "q",
		variables: ["parameters", "tokens"],
		prepare: (points) => prepareRosenfeld(points, ceiling),
		loss: (parameters, point) => rosenfeldLoss(parameters, ceiling, point.parameters, point.tokens),
	};
}

function rosenfeldLoss({ a, b, c, α, β }: LawParameters, ceiling: number, parameters: number, tokens: number): number {
	const t = a! * parameters ** -α! + b! * tokens ** -β! + c!;
	return (ceiling * t) / Math.hypot(t, 1);
}

function prepareRosenfeld(points: readonly Point[], ceiling: number): LawOnPoints | string {
	const lacking = lackingForTwoVariables(points, 5);
	if (lacking) return lacking;
	const above = points.find(({ loss }) => loss >= ceiling);
	if (above)
		return `a loss of ${above.loss} is not below the ceiling ε₀ = ${ceiling}; ε₀ = ln V needs the vocabulary's size`;
	const link: Link = (u) => {
		const square = Math.exp(2 * u);
		const first = 1 / (square + 1);
		return [Math.log(ceiling) + u - 0.5 * Math.log1p(square), first, -2 * square * first * first];
	};
	// The value of t that gives each measured loss.
	const target = Float64Array.from(points, ({ loss }) => loss / Math.sqrt(ceiling * ceiling - loss * loss));
	const sum = sumOfPowers(twoPowers(points, ["a", "α"], ["b", "β"]), "c", target, link);
	return {
		...sum,
		parameters(theta) {
			const parameters = sum.parameters(theta);
			const { α, β, c } = parameters;
			return { ...parameters, "L∞": (ceiling * c!) / Math.hypot(c!, 1), q: β! / (α! + β!) };
		},
		undetermined: (atBound) => withoutFall(atBound, ["a", "α"], ["b", "β"]),
	};
}
