import { logSumExp, type Term } from "../../maths/log-sum-exp.ts";
import { type LogSum, logSumOfTwo } from "../../maths/log-sum-of-two.ts";
import { nonNegativeLeastSquares } from "../../maths/non-negative-least-squares.ts";
import { centeredLogs, logRange, powers } from "../fitting/centered-logs.ts";
import type { LawOnPoints, LawParameters } from "../fitting/parametric-law.ts";
import type { LogLaw } from "../fitting/regression.ts";

/** One term k·x^−s: the names of k and s, and the values of x at each point. */
export interface Power {
	coefficient: string;
	exponent: string;
	values: readonly number[];
}

/** ln L̂ as a function φ of u, the logarithm of the sum. Returns [φ, φ′, φ″] at u. */
export type Link = (u: number) => [number, number, number];

/** Starting values for each exponent. */
const STARTS = [0.15, 0.4, 1];
const LEAST_EXPONENT = 1e-3;
const GREATEST_EXPONENT = 5;

/** A term this far, in logarithms, below the smallest target counts as zero. */
const VANISHED = 20;

/**
 * A law of the form φ(ln(E + Σ kⱼ·xⱼ^−sⱼ)) on given points, in θ = (ln k₁′, s₁, ln k₂′, s₂, …, ln E). kⱼ′ is the term's
 * value at the geometric mean of xⱼ, which makes the best kⱼ′ nearly independent of sⱼ.
 *
 * Each start combines exponents from a grid with their best coefficients (variable projection).
 *
 * @param constant name of E; null for a law without a constant
 * @param target value the sum should take at each point; without a link, the loss itself
 */
export function sumOfPowers(
	terms: readonly Power[],
	constant: string | null,
	target: Float64Array,
	link?: Link,
): Omit<LawOnPoints, "undetermined"> {
	const columns = terms.map(({ values }) => centeredLogs(values));
	const { low, high } = logRange(target);
	const gone = low - VANISHED;
	const size = 2 * terms.length + (constant === null ? 0 : 1);
	const perTerm = (coefficient: number, exponent: number, last: number) =>
		Float64Array.from([...terms.flatMap(() => [coefficient, exponent]), ...(constant === null ? [] : [last])]);
	return {
		...linkedSum(
			columns.map(({ values }) => values),
			constant !== null,
			link,
		),
		names: [
			...terms.flatMap(({ coefficient, exponent }) => [coefficient, exponent]),
			...(constant === null ? [] : [constant]),
		],
		bounds: {
			lower: perTerm(gone, LEAST_EXPONENT, gone),
			upper: perTerm(high + VANISHED, GREATEST_EXPONENT, high + 1),
		},
		starts: () =>
			combinations(terms.length).map((exponents) => {
				const φ = columns.map(({ values }, j) => powers(values, exponents[j]!));
				if (constant !== null) φ.push(new Float64Array(target.length).fill(1));
				const logs = nonNegativeLeastSquares(φ, target).map((k) => Math.log(Math.max(k, 1e-4 * Math.exp(low))));
				return Float64Array.from(logs.flatMap((k, j) => (j < terms.length ? [k, exponents[j]!] : [k]))).subarray(
					0,
					size,
				);
			}),
		parameters(theta) {
			const parameters: LawParameters = {};
			if (constant !== null) parameters[constant] = theta[size - 1]! <= gone ? 0 : Math.exp(theta[size - 1]!);
			for (const [j, { coefficient, exponent }] of terms.entries()) {
				parameters[coefficient] = Math.exp(theta[2 * j]! + theta[2 * j + 1]! * columns[j]!.mean);
				parameters[exponent] = theta[2 * j + 1]!;
			}
			return parameters;
		},
		theta(parameters) {
			const theta = perTerm(0, 0, gone);
			for (const [j, { coefficient, exponent }] of terms.entries()) {
				theta[2 * j] = Math.log(parameters[coefficient]!) - parameters[exponent]! * columns[j]!.mean;
				theta[2 * j + 1] = parameters[exponent]!;
			}
			if (constant !== null && parameters[constant]! > 0) theta[size - 1] = Math.log(parameters[constant]!);
			return theta;
		},
	};
}

/** ln L̂ = φ(ln Σ) for θ as in `sumOfPowers`; `logs` are the logarithms of the variables, centered or not. */
export function linkedSum(logs: readonly Float64Array[], constant: boolean, link?: Link): LogLaw {
	const size = 2 * logs.length + (constant ? 1 : 0);
	const sum = logSum(logs, constant, size);
	if (!link) return { size, predict: sum };
	return {
		size,
		predict(theta, i, gradient, hessian) {
			const [value, first, second] = link(sum(theta, i, gradient, hessian));
			for (let j = 0; j < size; j++)
				for (let k = 0; k <= j; k++)
					hessian[j * size + k] = first * hessian[j * size + k]! + second * gradient[j]! * gradient[k]!;
			for (let j = 0; j < size; j++) gradient[j]! *= first;
			return value;
		},
	};
}

function logSum(logs: readonly Float64Array[], constant: boolean, size: number): LogSum {
	if (logs.length === 2) return logSumOfTwo(logs[0]!, logs[1]!, constant, size);
	const terms: Term[] = logs.map((x, j) => ({ x, index: 2 * j }));
	if (constant) terms.push({ x: null, index: 2 * logs.length });
	return (theta, i, gradient, hessian) => logSumExp(terms, theta, i, gradient, hessian);
}

/** Every combination of starting exponents for the given number of terms. */
function combinations(terms: number): number[][] {
	if (terms === 0) return [[]];
	return combinations(terms - 1).flatMap((others) => STARTS.map((exponent) => [...others, exponent]));
}
