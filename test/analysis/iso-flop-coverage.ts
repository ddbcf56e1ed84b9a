import { DEFAULT_FIT_OPTIONS, fitPoints } from "../../src/analysis/fit-points.ts";
import type { Fit } from "../../src/analysis/fitting/fit.ts";
import type { Point } from "../../src/analysis/points/point.ts";
import { preparePoints } from "../../src/analysis/points/prepare-points.ts";
import type { Prediction } from "../../src/analysis/power-laws/predict.ts";
import { normal, randomKey, uniform } from "../../src/maths/random.ts";
import { allocationExponent, bestAllocation, lossAt, lossExponent } from "../../src/theory/loss-law.ts";
import { type Measured, type QuantityCoverage, summary } from "./interval-coverage.ts";
import { LAW } from "./synthetic-study.ts";

/** Budgets a factor of 3 apart, each with sizes in a constant ratio about its best one, off it by up to half a step. */
export interface IsoFlopStudy {
	name: string;
	budgets: number;
	sizes: number;
	ratio: number;
	seeds: number;
	/** Standard deviation of ln L between runs. */
	noise: number;
}

export const ISO_FLOP_STUDIES: readonly IsoFlopStudy[] = [
	{ name: "5 budgets of 7 sizes, 0.5 %", budgets: 5, sizes: 7, ratio: 1.6, seeds: 1, noise: 0.005 },
	{ name: "3 seeds each", budgets: 5, sizes: 7, ratio: 1.6, seeds: 3, noise: 0.005 },
	{ name: "0.2 %", budgets: 5, sizes: 7, ratio: 1.6, seeds: 1, noise: 0.002 },
	{ name: "4 budgets of 5 sizes, 0.5 %", budgets: 4, sizes: 5, ratio: 2, seeds: 1, noise: 0.005 },
	{ name: "6 budgets of 10 sizes, 0.5 %", budgets: 6, sizes: 10, ratio: 1.5, seeds: 1, noise: 0.005 },
];

export const ISO_FLOP_METHODS = [
	"Method 2, parabola",
	"Method 2, Akima",
	"Method 2, noise-and-interpolate",
	"Method 3",
] as const;
export type IsoFlopMethod = (typeof ISO_FLOP_METHODS)[number];

/** C₀ is the compute in the middle of the budgets. A run's L is that of one more run at the optimum for C₀. */
export const ISO_FLOP_QUANTITIES = [
	...["a", "γ", "E", "N*(C₀)", "N*(30 C₀)", "L*(C₀)", "L*(30 C₀)", "a run's L"],
] as const;

const FIRST = 1e13;
const STEP = 3;
const FAR = 30;

export function isoFlopPoints({ budgets, sizes, ratio, seeds, noise }: IsoFlopStudy, key: number): Point[] {
	return Array.from({ length: budgets }, (_, b) => b).flatMap((b) => {
		const flops = FIRST * STEP ** b;
		const best = bestAllocation(LAW, flops).parameters;
		const shift = uniform(randomKey(key, "shift"), b) - 0.5;
		return Array.from({ length: sizes }, (_, i) => i).flatMap((i) => {
			const parameters = Math.round(best * ratio ** (i - (sizes - 1) / 2 + shift));
			const tokens = flops / 6 / parameters;
			return Array.from({ length: seeds }, (_, s) => {
				const factor = Math.exp(noise * normal(randomKey(key, "run", b, i), s));
				return { run: `${b} ${i} ${s}`, parameters, tokens, flops, loss: factor * lossAt(LAW, parameters, tokens) };
			});
		});
	});
}

/** How the nominal 90 % intervals of each method fare over many studies of a kind, as `isoflop fit` gives them. */
export function isoFlopCoverage(
	study: IsoFlopStudy,
	studies: number,
	resamples: number,
): Record<IsoFlopMethod, Record<string, QuantityCoverage>> {
	const middle = FIRST * STEP ** ((study.budgets - 1) / 2);
	const at = [middle, FAR * middle];
	const [near, far] = at.map((flops) => {
		const { parameters, tokens } = bestAllocation(LAW, flops);
		return { parameters, loss: lossAt(LAW, parameters, tokens) };
	});
	const truths = [allocationExponent(LAW), lossExponent(LAW), LAW.E, near!.parameters, far!.parameters];
	const all = ISO_FLOP_METHODS.map(() => ISO_FLOP_QUANTITIES.map((): ((Measured & { truth: number }) | null)[] => []));
	for (let seed = 1; seed <= studies; seed++) {
		const another = near!.loss * Math.exp(study.noise * normal(randomKey(seed, "another"), 0));
		const truth = [...truths, near!.loss, far!.loss, another];
		const options = { ...DEFAULT_FIT_OPTIONS, methods: ["2", "3"] as const, resamples, seed, at };
		const { method2, method3 } = fitPoints(preparePoints(isoFlopPoints(study, seed)), options);
		const { akima, noise } = method2!.variants;
		const found = [
			...[method2!, akima, noise].map((each) => measured(each.allocation, each.lossWithOffset, each.predictions)),
			measured(method3!, method3!, method3!.predictions),
		];
		for (const [m, quantities] of found.entries())
			for (const [q, one] of quantities.entries()) all[m]![q]!.push(one && { ...one, truth: truth[q]! });
	}
	const relative = (q: number) => q > 2;
	return Object.fromEntries(
		ISO_FLOP_METHODS.map((title, m) => [
			title,
			Object.fromEntries(ISO_FLOP_QUANTITIES.map((name, q) => [name, summary(all[m]![q]!, relative(q))])),
		]),
	) as Record<IsoFlopMethod, Record<string, QuantityCoverage>>;
}

/** In the order of `ISO_FLOP_QUANTITIES`. */
function measured({ parameters }: Fit, loss: Fit, predictions: readonly Prediction[] = []): (Measured | null)[] {
	const { γ = null, E = null } = loss.parameters;
	const [near, far] = predictions;
	const run = near?.run && near.loss ? { estimate: near.loss.estimate, ...near.run } : null;
	const optimum = [near?.parameters ?? null, far?.parameters ?? null, near?.loss ?? null, far?.loss ?? null];
	return [parameters.a ?? null, γ, E, ...optimum, run];
}
