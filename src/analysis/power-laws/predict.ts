import { centralInterval, intervalAround } from "../../maths/quantile.ts";
import { randomKey } from "../../maths/random.ts";
import { student } from "../../maths/student.ts";
import type { Estimate } from "../fitting/fit.ts";
import type { LawParameters, ParametricLaw } from "../fitting/parametric-law.ts";
import type { ScalingLaws } from "./scaling-laws.ts";

/** A fit's prediction of compute-optimal training at one compute, usually beyond its points. */
export interface Prediction {
	/** C, FLOP. */
	flops: number;
	/** N*. */
	parameters: Estimate;
	/** D*. */
	tokens: Estimate;
	/** D* / N*, tokens per parameter. */
	ratio: Estimate;
	/** L* of the law, nats per token; null without a law of the loss. */
	loss: Estimate | null;
	/** Prediction interval of one run's loss: the law's uncertainty combined with the scatter of a run. */
	run: { low: number; high: number } | null;
}

/** N*, D* and L* at one compute. */
export interface Optimum {
	parameters: number;
	tokens: number;
	loss: number | null;
}

/** How far single runs lie from a law, as a standard deviation in ln L that is known with some degrees of freedom. */
export interface RunDeviation {
	deviation: number;
	freedom: number;
}

export interface PredictOptions {
	/** Compute to predict at, FLOP. */
	at: readonly number[];
	interval: number;
	seed: number;
}

/**
 * Predictions, with intervals over a bootstrap's draws.
 *
 * @param optimum gives the optimum of the estimate or a draw at a compute; null where there is none
 * @param scatter of single runs about the law; null if unknown
 */
export function predict<Draw>(
	estimate: Draw,
	draws: readonly Draw[],
	optimum: (draw: Draw, flops: number) => Optimum | null,
	scatter: RunDeviation | null,
	{ at, interval, seed }: PredictOptions,
): Prediction[] {
	return at.flatMap((flops) => {
		const best = optimum(estimate, flops);
		if (!best || !Object.values(best).every((value) => value === null || Number.isFinite(value))) return [];
		const others = draws.map((draw) => optimum(draw, flops)).filter((other) => other !== null);
		const about = (value: (of: Optimum) => number): Estimate => {
			const ends = intervalAround(value(best), others.map(value), draws.length - others.length, interval);
			return { estimate: value(best), low: ends?.low ?? null, high: ends?.high ?? null };
		};
		const losses = others.flatMap(({ loss }) => (loss === null ? [] : [loss]));
		const ends = best.loss === null ? null : intervalAround(best.loss, losses, draws.length - losses.length, interval);
		const key = randomKey(seed, "prediction");
		const runs =
			scatter === null
				? []
				: losses.map((loss, i) => loss * Math.exp(scatter.deviation * student(key, i, scatter.freedom)));
		return [
			{
				flops,
				parameters: about(({ parameters }) => parameters),
				tokens: about(({ tokens }) => tokens),
				ratio: about(({ parameters, tokens }) => tokens / parameters),
				loss: best.loss === null ? null : { estimate: best.loss, low: ends?.low ?? null, high: ends?.high ?? null },
				run: centralInterval(runs, interval),
			},
		];
	});
}

/** The optimum from the power laws of Methods 1 and 2; the loss includes an offset if that law was fitted. */
export function optimumOfScalingLaws(
	{ allocation, tokens, lossNoOffset, lossWithOffset }: ScalingLaws,
	flops: number,
): Optimum | null {
	if (!allocation || !tokens) return null;
	const power = (law: { coefficient: number; exponent: number }) => law.coefficient * flops ** law.exponent;
	const loss = lossWithOffset
		? lossWithOffset.offset + lossWithOffset.coefficient * flops ** -lossWithOffset.exponent
		: lossNoOffset && power(lossNoOffset);
	return { parameters: power(allocation), tokens: power(tokens), loss };
}

/** Steps of the search for the best size; each reduces the range by a third. */
const STEPS = 90;

/**
 * The optimum of a law of the loss: the lowest loss along C = factor · N · D, by ternary search in ln N, since the laws
 * have a single minimum there.
 *
 * @param factor C / (N·D); 6 unless compute is counted otherwise
 */
export function optimumOfLaw(
	law: ParametricLaw,
	parameters: LawParameters,
	flops: number,
	factor: number,
): Optimum | null {
	const lossAt = (logN: number) => {
		const size = Math.exp(logN);
		return law.loss(parameters, { run: "", parameters: size, tokens: flops / factor / size, flops, loss: 1 });
	};
	let low = 0;
	let high = Math.log(flops / factor);
	for (let i = 0; i < STEPS; i++) {
		const a = low + (high - low) / 3;
		const b = high - (high - low) / 3;
		if (lossAt(a) <= lossAt(b)) high = b;
		else low = a;
	}
	const logN = (low + high) / 2;
	// At an end of the range there is no minimum, and no best size.
	if (!(logN > 1e-6 && logN < Math.log(flops / factor) - 1e-6)) return null;
	const size = Math.exp(logN);
	return { parameters: size, tokens: flops / factor / size, loss: lossAt(logN) };
}
