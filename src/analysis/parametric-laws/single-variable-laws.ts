import type { Fit } from "../fitting/fit.ts";
import { fitParametricLaw } from "../fitting/fit-parametric-law.ts";
import type { LawFitOptions, LawOnPoints, ParametricLaw } from "../fitting/parametric-law.ts";
import { distinct, type Point } from "../points/point.ts";
import { sumOfPowers } from "./sum-of-powers.ts";

/**
 * The loss as a power law of one variable x (parameters N, tokens D or compute C) when the others are not limiting:
 *
 *     L(x) = (x₀/x)^α             Kaplan et al. 2020 (arXiv:2001.08361, equations 1.1 to 1.3)
 *     L(x) = E + (x₀/x)^α         with the irreducible loss E of Henighan et al. 2020 (arXiv:2010.14701, equation 1.1)
 *
 * The first is a straight line in logs. Both are fitted with the same objectives as the laws of several variables.
 */
export type SingleVariable = "N" | "D" | "C";

const COLUMNS = { N: "parameters", D: "tokens", C: "flops" } as const;
const WORDS = { N: "numbers of parameters", D: "numbers of tokens", C: "amounts of compute" };

/** The law of one variable, with or without an offset E. */
export function singleVariableLaw(variable: SingleVariable, offset: boolean): ParametricLaw {
	const column = COLUMNS[variable];
	const scale = `${variable}₀`;
	return {
		name: `L(${variable})${offset ? " with offset" : ""}`,
		title: offset ? `L(${variable}) with an irreducible loss` : `L(${variable}), Kaplan et al. 2020`,
		formula: `L = ${offset ? "E + " : ""}(${scale}/${variable})^α`,
		headline: "α",
		variables: [column],
		prepare: (points) => prepareSingle(points, variable, offset),
		loss: (parameters, point) => (parameters.E ?? 0) + (parameters[scale]! / point[column]) ** parameters.α!,
	};
}

/** Fits L(N), L(D) or L(C). Its estimate is α. */
export function fitSingleVariable(
	points: readonly Point[],
	variable: SingleVariable,
	offset: boolean,
	options?: LawFitOptions,
): Fit {
	return fitParametricLaw(singleVariableLaw(variable, offset), points, options);
}

function prepareSingle(points: readonly Point[], variable: SingleVariable, offset: boolean): LawOnPoints | string {
	const values = points.map((point) => point[COLUMNS[variable]]);
	const needed = offset ? 3 : 2;
	const found = distinct(values, needed);
	if (found < needed)
		return `the points have ${found} distinct ${WORDS[variable]}; ${offset ? "E, α" : "α"} and the scale need ${needed}`;
	const scale = `${variable}₀`;
	const loss = Float64Array.from(points, (point) => point.loss);
	const sum = sumOfPowers([{ coefficient: "k", exponent: "α", values }], offset ? "E" : null, loss);
	return {
		...sum,
		names: sum.names.map((name) => (name === "k" ? scale : name)),
		parameters(theta) {
			const { k, α, ...rest } = sum.parameters(theta);
			return { ...rest, [scale]: k! ** (1 / α!), α: α! };
		},
		theta: (parameters) => sum.theta({ ...parameters, k: parameters[scale]! ** parameters.α! }),
		undetermined: (atBound) =>
			atBound.includes(scale) || atBound.includes("α")
				? `the points do not show how the loss falls with ${variable}`
				: null,
	};
}
