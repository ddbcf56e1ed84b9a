import { centeredLogs } from "../fitting/centered-logs.ts";
import type { LawOnPoints, LawParameters, ParametricLaw } from "../fitting/parametric-law.ts";
import type { Point } from "../points/point.ts";
import { type Decay, dataConstrainedLaw, dataConstrainedLoss } from "./data-constrained-law.ts";
import { lackingForTwoVariables, lossLawOf, twoPowers, withoutFall } from "./method3.ts";
import { sumOfPowers } from "./sum-of-powers.ts";

/**
 * The data-constrained law of Muennighoff et al. 2023 with all its parameters fitted at once: E, A, B, α and β come from the
 * same points as R_D* and R_N*, so the intervals hold their uncertainty. A base fitted to the points that see each token once
 * would be wrong: models larger than N_opt(U) are penalized there already.
 */
export function jointDataConstrainedLaw(decay: Decay = "both"): ParametricLaw {
	return {
		...dataConstrainedLaw(PLACEHOLDER, decay),
		name: "data-constrained-joint",
		prepare: (points) => prepareJoint(points, decay),
		loss: (parameters, point) => dataConstrainedLoss(lossLawOf(parameters), parameters, point).loss,
	};
}

/** Its law is replaced; only texts are taken from it. */
const PLACEHOLDER = { E: 1, A: 1, B: 1, alpha: 1, beta: 1 };

/** Indices in θ = (ln A′, α, ln B′, β, ln E, ln R_D*, ln R_N*); A′ and B′ as in `sumOfPowers`. */
const [A, α, B, β, E, RD, RN] = [0, 1, 2, 3, 4, 5, 6] as const;
const SIZE = 7;
/** θ of a decay that is switched off: R* = 10¹². */
const OFF = Math.log(1e12);
const LEAST = Math.log(0.01);
const GREATEST = Math.log(1e6);
const STARTS = [2, 8, 40].map(Math.log);

function prepareJoint(points: readonly Point[], decay: Decay): LawOnPoints | string {
	const lacking = lackingForTwoVariables(points, SIZE);
	if (lacking) return lacking;
	const unique = points.map(({ tokens, uniqueTokens }) => Math.min(uniqueTokens ?? tokens, tokens));
	if (decay !== "parameters" && points.every(({ tokens }, i) => tokens <= 1.001 * unique[i]!))
		return "no point sees a token twice; R_D* needs repeated tokens";
	const base = sumOfPowers(
		twoPowers(points, ["A", "α"], ["B", "β"]),
		"E",
		Float64Array.from(points, ({ loss }) => loss),
	);
	const sizes = centeredLogs(points.map(({ parameters }) => parameters));
	const lengths = centeredLogs(points.map(({ tokens }) => tokens));
	const logs = points.map(({ parameters, tokens }, i) => ({
		size: sizes.values[i]!,
		length: lengths.values[i]!,
		unique: Math.log(unique[i]!) - lengths.mean,
		epochs: tokens / unique[i]!,
		parameters,
		meanSize: sizes.mean,
	}));
	const ends = (data: number, size: number) => [decay === "parameters" ? OFF : data, decay === "data" ? OFF : size];
	return {
		size: SIZE,
		names: [...base.names, "R_D*", "R_N*"],
		bounds: {
			lower: Float64Array.from([...base.bounds.lower, ...ends(LEAST, LEAST)]),
			upper: Float64Array.from([...base.bounds.upper, ...ends(GREATEST, GREATEST)]),
		},
		predict: predictor(logs),
		starts: () => base.starts().flatMap((start) => STARTS.map((R) => Float64Array.from([...start, ...ends(R, R)]))),
		parameters: (theta) => ({
			...base.parameters(theta.subarray(0, RD)),
			...(decay === "parameters" ? {} : { "R_D*": Math.exp(theta[RD]!) }),
			...(decay === "data" ? {} : { "R_N*": Math.exp(theta[RN]!) }),
		}),
		theta: (parameters: LawParameters) =>
			Float64Array.from([
				...base.theta(parameters),
				...["R_D*", "R_N*"].map((name) => (parameters[name] === undefined ? OFF : Math.log(parameters[name]))),
			]),
		undetermined: (atBound) => withoutFall(atBound, ["A", "α"], ["B", "β"]),
	};
}

/** A point's variables: ln N, ln D and ln U less the means of ln N and ln D; D/U; and N with the mean that was taken off. */
interface Variables {
	size: number;
	length: number;
	unique: number;
	epochs: number;
	parameters: number;
	meanSize: number;
}

/** ln L̂ with its first derivatives and the lower triangle of the second ones. */
function predictor(points: readonly Variables[]): LawOnPoints["predict"] {
	const size = term();
	const data = term();
	const constant = term();
	constant.gradient[E] = 1;
	return (theta, i, gradient, hessian) => {
		const point = points[i]!;
		sizeTerm(point, theta, size);
		dataTerm(point, theta, data);
		constant.value = theta[E]!;
		return logSum([size, data, constant], gradient, hessian);
	};
}

/** The logarithm of one of the three terms, with its derivatives in θ; of the second ones the lower triangle. */
interface Term {
	value: number;
	gradient: Float64Array;
	hessian: Float64Array;
}

function term(): Term {
	return { value: 0, gradient: new Float64Array(SIZE), hessian: new Float64Array(SIZE * SIZE) };
}

/** ln(B / D′^β). */
function dataTerm({ length, epochs }: Variables, theta: Float64Array, into: Term): void {
	const worth = effectiveLog(epochs, theta[RD]!);
	// ln D′ less the mean of ln D.
	const log = length - Math.log(epochs) + worth.value;
	into.value = theta[B]! - theta[β]! * log;
	into.gradient[B] = 1;
	into.gradient[β] = -log;
	into.gradient[RD] = -theta[β]! * worth.inDecay;
	into.hessian[RD * SIZE + β] = -worth.inDecay;
	into.hessian[RD * SIZE + RD] = -theta[β]! * worth.inDecayTwice;
}

/**
 * ln(A / N′^α), where ln N_opt(U) = (ln α + ln A − ln β − ln B + β·ln U) / α, which is the size from which parameters lose
 * their worth.
 */
function sizeTerm({ size, unique, parameters, meanSize }: Variables, theta: Float64Array, into: Term): void {
	const [a, b] = [theta[α]!, theta[β]!];
	const { gradient, hessian } = into;
	gradient.fill(0);
	hessian.fill(0);
	gradient[A] = 1;
	const ratio = Math.log(a) - Math.log(b) + theta[A]! - theta[B]!;
	// ln N_opt(U) less the mean of ln N.
	const best = (ratio + b * unique) / a;
	const excess = Math.min(parameters / Math.exp(best + meanSize), 1e300);
	if (!(excess > 1)) {
		into.value = theta[A]! - a * size;
		gradient[α] = -size;
		return;
	}
	const worth = effectiveLog(excess, theta[RN]!);
	// ln N′ less the mean of ln N, and its derivatives in v = ln N_opt: worth depends on ln excess = ln N − v.
	const log = best + worth.value;
	const [inBest, inBestTwice] = [1 - worth.inTotal, worth.inTotalTwice];
	const slope = [1 / a, (1 - ratio - b * unique) / a ** 2, -1 / a, unique / a - 1 / (a * b), 0, 0, 0];
	const bend = bendOfBest(a, b, ratio, unique);
	into.value = theta[A]! - a * log;
	gradient[α] = -log;
	const inDecay = (j: number) => (j === RN ? 1 : 0);
	const change = (j: number) => inBest * slope[j]! + worth.inDecay * inDecay(j);
	for (let j = 0; j < SIZE; j++) {
		gradient[j]! -= a * change(j);
		for (let k = 0; k <= j; k++) {
			const twice =
				inBestTwice * slope[j]! * slope[k]! -
				worth.inBoth * (slope[j]! * inDecay(k) + slope[k]! * inDecay(j)) +
				worth.inDecayTwice * inDecay(j) * inDecay(k) +
				inBest * bend[j * SIZE + k]!;
			hessian[j * SIZE + k] = -a * twice - (j === α ? change(k) : 0) - (k === α ? change(j) : 0);
		}
	}
}

/** Second derivatives of ln N_opt(U) in θ, lower triangle. */
function bendOfBest(a: number, b: number, ratio: number, unique: number): Float64Array {
	const bend = new Float64Array(SIZE * SIZE);
	bend[α * SIZE + A] = -1 / a ** 2;
	bend[α * SIZE + α] = (-3 + 2 * (ratio + b * unique)) / a ** 3;
	bend[B * SIZE + α] = 1 / a ** 2;
	bend[β * SIZE + α] = (1 / b - unique) / a ** 2;
	bend[β * SIZE + β] = 1 / (a * b ** 2);
	return bend;
}

/** ln of the effective count over the unique one, for total / unique = ratio, with derivatives in ln ratio and ln R*. */
function effectiveLog(ratio: number, logDecay: number) {
	const R = Math.exp(logDecay);
	const x = ratio - 1;
	const left = Math.exp(-x / R);
	const gained = -R * Math.expm1(-x / R);
	const count = 1 + gained;
	const inTotal = (ratio * left) / count;
	const inDecay = (gained - x * left) / count;
	return {
		value: Math.log1p(gained),
		inTotal,
		inDecay,
		inTotalTwice: inTotal * (1 - ratio / R) - inTotal ** 2,
		inDecayTwice: inDecay - (x * x * left) / (R * count) - inDecay ** 2,
		inBoth: (inTotal * x) / R - inTotal * inDecay,
	};
}

/** The logarithm of the sum of the terms: Σ pₖ ∇zₖ and Σ pₖ (∇²zₖ + ∇zₖ ∇zₖᵀ) − ∇u ∇uᵀ. */
function logSum(terms: readonly Term[], gradient: Float64Array, hessian: Float64Array): number {
	const greatest = Math.max(...terms.map(({ value }) => value));
	const shares = terms.map(({ value }) => Math.exp(value - greatest));
	const sum = shares.reduce((total, share) => total + share, 0);
	gradient.fill(0);
	for (const [k, each] of terms.entries())
		for (let j = 0; j < SIZE; j++) gradient[j]! += (shares[k]! / sum) * each.gradient[j]!;
	for (let j = 0; j < SIZE; j++)
		for (let k = 0; k <= j; k++) {
			let value = -gradient[j]! * gradient[k]!;
			for (const [t, each] of terms.entries())
				value += (shares[t]! / sum) * (each.hessian[j * SIZE + k]! + each.gradient[j]! * each.gradient[k]!);
			hessian[j * SIZE + k] = value;
		}
	return greatest + Math.log(sum);
}
