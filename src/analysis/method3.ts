import { centredLogs, logRange, powers } from "./centred-logs.ts";
import type { Fit } from "./fit.ts";
import { fitLaw, type Refit, refitter } from "./fit-law.ts";
import { logSumExp, type Term } from "./log-sum-exp.ts";
import type { LawFitOptions, LawOnPoints, LawParameters, LossLaw } from "./loss-law.ts";
import { derivatives } from "./minimise.ts";
import { distinct, type Point } from "./point.ts";
import { nonNegativeLeastSquares } from "./projected-starts.ts";
import { type LogLaw, regression } from "./regression.ts";
import { lossSequence } from "./robust-loss.ts";

/**
 * Method 3 of Hoffmann et al. 2022 (arXiv:2203.15556, §3.3): the loss as a function of parameters and tokens,
 *
 *     L(N, D) = E + A·N^−α + B·D^−β,
 *
 * fitted by minimising Σ Huber_δ(ln L̂ − ln L) with ln L̂ = LSE(ln A − α ln N, ln B − β ln D, ln E). At C = 6·N·D the best
 * sizes are (their equation 4)
 *
 *     N* = G·(C/6)^a,   D* = (C/6)^b / G,   G = (αA / βB)^(1/(α+β)),   a = β/(α+β),   b = α/(α+β),
 *
 * and L* = E + k·C^−γ with γ = αβ/(α+β).
 */
export interface Method3Parameters extends LawParameters {
	E: number;
	A: number;
	B: number;
	α: number;
	β: number;
	/** N* ∝ C^a. */
	a: number;
	/** D* ∝ C^b. */
	b: number;
	/** L* − E ∝ C^−γ. */
	γ: number;
}

/** The five constants of the law. */
export type Method3Constants = Pick<Method3Parameters, "E" | "A" | "B" | "α" | "β">;

export const METHOD_3: LossLaw = {
	name: "method3",
	title: "Method 3: parametric fit of L(N, D), Hoffmann et al. 2022",
	formula: "L = E + A·N^−α + B·D^−β; N* ∝ C^a, D* ∝ C^b, L* − E ∝ C^−γ",
	headline: "a",
	variables: ["parameters", "tokens"],
	prepare: prepareMethod3,
	loss: (parameters, point) => method3Loss(parameters as Method3Parameters, point.parameters, point.tokens),
};

/** Fits Method 3. Its estimate is a, of N* ∝ C^a. */
export function fitMethod3(points: readonly Point[], options?: LawFitOptions): Fit {
	return fitLaw(METHOD_3, points, options);
}

/**
 * Method 3 once more under weights, from known parameters; for resampling, where a prepared `refitter(METHOD_3, …)` saves
 * the logarithms.
 */
export function refitMethod3(
	points: readonly Point[],
	weights: ArrayLike<number>,
	start: LawParameters,
	options?: LawFitOptions,
): LawParameters | null {
	const refit: Refit = refitter(METHOD_3, points, start, options);
	return refit(weights);
}

/** L in nats per token. */
export function method3Loss({ E, A, B, α, β }: Method3Constants, parameters: number, tokens: number): number {
	return E + A * parameters ** -α + B * tokens ** -β;
}

/** The best size at compute C = 6·N·D, FLOP, its tokens and its loss. */
export function method3Allocation({ E, A, B, α, β }: Method3Constants, flops: number) {
	const G = ((α * A) / (β * B)) ** (1 / (α + β));
	const parameters = G * (flops / 6) ** (β / (α + β));
	const tokens = (flops / 6) ** (α / (α + β)) / G;
	return { G, parameters, tokens, loss: method3Loss({ E, A, B, α, β }, parameters, tokens) };
}

/**
 * Hoffmann et al.'s objective (their equation 3) and its gradient in (a, b, e, α, β), a = ln A, b = ln B, e = ln E:
 *
 *     Σ Huber_δ(LSE(a − α ln N, b − β ln D, e) − ln L)
 */
export function method3Objective(
	points: readonly Point[],
	{ a, b, e, α, β }: Record<"a" | "b" | "e" | "α" | "β", number>,
	delta = 1e-3,
): { value: number; gradient: number[] } {
	const law = logLaw(
		Float64Array.from(points, ({ parameters }) => Math.log(parameters)),
		Float64Array.from(points, ({ tokens }) => Math.log(tokens)),
	);
	const logLoss = Float64Array.from(points, ({ loss }) => Math.log(loss));
	const ones = new Float64Array(points.length).fill(1);
	const into = derivatives(5);
	const [huber] = lossSequence("huber", delta);
	const value = regression(law, logLoss, ones, huber!).evaluate(Float64Array.of(a, α, b, β, e), into);
	const [da, dα, db, dβ, de] = into.gradient;
	return { value, gradient: [da!, db!, de!, dα!, dβ!] };
}

/** ln L̂ for θ = (a, α, b, β, e) from logarithms of N and D, centred or not. */
function logLaw(n: Float64Array, d: Float64Array): LogLaw {
	const terms: Term[] = [
		{ x: n, index: 0 },
		{ x: d, index: 2 },
		{ x: null, index: 4 },
	];
	return { size: 5, predict: (theta, i, gradient, hessian) => logSumExp(terms, theta, i, gradient, hessian) };
}

/** θ = (ln A′, α, ln B′, β, ln E): A′ and B′ are the two terms at the points' geometric means of N and D. */
function prepareMethod3(points: readonly Point[]): LawOnPoints | string {
	const few = lacking(points);
	if (few) return few;
	const n = centredLogs(points.map(({ parameters }) => parameters));
	const d = centredLogs(points.map(({ tokens }) => tokens));
	const loss = Float64Array.from(points, (point) => point.loss);
	const { low, high } = logRange(loss);
	const vanishes = low - 20;
	return {
		...logLaw(n.values, d.values),
		names: ["A", "α", "B", "β", "E"],
		bounds: {
			lower: Float64Array.of(vanishes, 1e-3, vanishes, 1e-3, vanishes),
			upper: Float64Array.of(high + 20, 5, high + 20, 5, high + 1),
		},
		starts: () =>
			EXPONENTS.flatMap((α) =>
				EXPONENTS.map((β) => {
					const columns = [powers(n.values, α), powers(d.values, β), new Float64Array(loss.length).fill(1)];
					const [A, B, E] = nonNegativeLeastSquares(columns, loss).map((c) => Math.log(Math.max(c, 1e-4 * loss[0]!)));
					return Float64Array.of(A!, α, B!, β, E!);
				}),
			),
		parameters: ([A, α, B, β, E]) =>
			derived({
				E: E! <= vanishes ? 0 : Math.exp(E!),
				A: Math.exp(A! + α! * n.mean),
				B: Math.exp(B! + β! * d.mean),
				α: α!,
				β: β!,
			}),
		theta: ({ E, A, B, α, β }) =>
			Float64Array.of(Math.log(A!) - α! * n.mean, α!, Math.log(B!) - β! * d.mean, β!, E! > 0 ? Math.log(E!) : vanishes),
		undetermined(atBound) {
			if (atBound.includes("A") || atBound.includes("α")) return "the losses do not say how they fall with parameters";
			if (atBound.includes("B") || atBound.includes("β")) return "the losses do not say how they fall with tokens";
			return null;
		},
	};
}

/** Exponents that starts are made for, in both variables. */
const EXPONENTS = [0.1, 0.3, 0.6, 1.2];

function derived({ E, A, B, α, β }: Method3Constants): Method3Parameters {
	return { E, A, B, α, β, a: β / (α + β), b: α / (α + β), γ: (α * β) / (α + β) };
}

function lacking(points: readonly Point[]): string | null {
	const sizes = distinct(
		points.map(({ parameters }) => parameters),
		3,
	);
	if (sizes < 3) return `the points have ${sizes} distinct numbers of parameters; E, A and α need 3`;
	const lengths = distinct(
		points.map(({ tokens }) => tokens),
		3,
	);
	if (lengths < 3) return `the points have ${lengths} distinct numbers of tokens; B and β beside E need 3`;
	if (points.length < 5) return `there are ${points.length} points; five parameters need 5`;
	return null;
}
