import { fitMethod1 } from "../../src/analysis/method1/method1.ts";
import { averagedSteps } from "../../src/analysis/points/averaged-steps.ts";
import type { CurveRun } from "../../src/analysis/points/curve-run.ts";
import type { Point } from "../../src/analysis/points/point.ts";
import { preparePoints } from "../../src/analysis/points/prepare-points.ts";
import { type Convention, flopsOf } from "../../src/architecture/flops.ts";
import { bestAllocation, lossAt } from "../../src/theory/loss-law.ts";
import { predictStudy } from "../../src/theory/prediction.ts";
import { MINUTE, type RateStudy, RECONCILE, rateRuns } from "./rate-study.ts";

/** A kind of study with several learning rates, and its name in the table. */
export interface RateCoverageStudy extends RateStudy {
	name: string;
}

export const RATE_STUDIES: readonly RateCoverageStudy[] = [
	{ name: "as `reconcile`, seeds scatter by 0.5 %", ...RECONCILE },
	{ name: "as `reconcile`, 1 %", ...RECONCILE, seedNoise: 0.01 },
	{ name: "as `minute`, 0.5 %", ...MINUTE },
	{ name: "as `reconcile`, 0.5 %, all rates equally good", ...RECONCILE, cost: { above: 0, below: 0 } },
	{ name: "as `reconcile`, 0.5 %, one rate", ...RECONCILE, cost: { above: 0, below: 0 }, learningRates: [0.003] },
];

/** What is measured of a study, by name. C₀ is the compute in the middle of its crossings, ten times it lies beyond. */
export const QUANTITIES = ["a, N_T", "a, N_\\E", "γ", "E", "L*(C₀)", "L*(10 C₀)", "N*(C₀)", "N*(10 C₀)"] as const;
export type Quantity = (typeof QUANTITIES)[number];

interface Measured {
	estimate: number;
	low: number | null;
	high: number | null;
}

/** How an interval fares over many studies. */
export interface QuantityCoverage {
	/** Share of the intervals that hold the truth, and of those that hold their own estimate. */
	covered: number;
	holdsEstimate: number;
	/** Share of the studies with an interval. */
	determined: number;
	/** Mean of the estimate minus the truth, and its standard deviation; relative for L* and N*. */
	bias: number;
	spread: number;
	/** Median width, on the same scale. */
	width: number;
}

/** Coverage of Method 1's intervals in studies with several learning rates, under the lowest loss over all rates. */
export function rateCoverage(study: RateStudy, studies: number, resamples: number): Record<Quantity, QuantityCoverage> {
	const truth = truthOf(study);
	const found = new Map<Quantity, (Measured | null)[]>(QUANTITIES.map((name) => [name, []]));
	for (let key = 1; key <= studies; key++) {
		const measured = measure(rateRuns(study, key), truth.flops, resamples, key);
		for (const name of QUANTITIES) found.get(name)!.push(measured[name]);
	}
	return Object.fromEntries(
		QUANTITIES.map((name) => [name, summary(found.get(name)!, truth.values[name], /\*/.test(name))]),
	) as Record<Quantity, QuantityCoverage>;
}

function truthOf({ law, sizes }: RateStudy): { flops: number; values: Record<Quantity, number> } {
	const predicted = predictStudy(law, sizes);
	const crossings = predicted.total.crossings;
	const flops = Math.sqrt(crossings[0]!.flops * crossings.at(-1)!.flops);
	const at = (factor: number) => {
		const { parameters, tokens } = bestAllocation(law, factor * flops);
		return { parameters, loss: lossAt(law, parameters, tokens) };
	};
	return {
		flops,
		values: {
			"a, N_T": law.beta / (law.alpha + law.beta),
			"a, N_\\E": predicted.nonEmbedding.exponentWithinBudgets!,
			γ: (law.alpha * law.beta) / (law.alpha + law.beta),
			E: law.E,
			"L*(C₀)": at(1).loss,
			"L*(10 C₀)": at(10).loss,
			"N*(C₀)": at(1).parameters,
			"N*(10 C₀)": at(10).parameters,
		},
	};
}

function measure(
	runs: readonly CurveRun[],
	flops: number,
	resamples: number,
	seed: number,
): Record<Quantity, Measured | null> {
	const fit = (count: Convention) => {
		const { frontier } = preparePoints(runs.flatMap((run) => pointsOf(run, count)));
		const options = { resamples, seed, interval: 0.9, trimEdges: true, at: [flops, 10 * flops] };
		return fitMethod1(frontier, [], options, { path: count });
	};
	const total = fit("total");
	const { γ = null, E = null } = total.lossWithOffset.parameters;
	const [near, far] = total.predictions ?? [];
	// Without E the predicted losses are those of a plain power law, which is not the law of these studies.
	const loss = (prediction: typeof near) => (E === null ? null : (prediction?.loss ?? null));
	return {
		"a, N_T": total.allocation.parameters.a ?? null,
		"a, N_\\E": fit("nonEmbedding").allocation.parameters.a ?? null,
		γ,
		E,
		"L*(C₀)": loss(near),
		"L*(10 C₀)": loss(far),
		"N*(C₀)": near?.parameters ?? null,
		"N*(10 C₀)": far?.parameters ?? null,
	};
}

function pointsOf({ id, spec, parameters, curve }: CurveRun, count: Convention): Point[] {
	const steps = averagedSteps(curve.tokens, spec.batchSequences * spec.model.context);
	return curve.tokens.map((tokens, i) => ({
		run: id,
		parameters: parameters[count],
		tokens,
		flops: flopsOf(parameters[count], tokens),
		loss: curve.loss[i]!,
		recipe: `learning rate ${spec.optimizer.learningRate}`,
		...(steps && { steps: steps[i]! }),
	}));
}

function summary(all: readonly (Measured | null)[], truth: number, relative: boolean): QuantityCoverage {
	const scale = relative ? truth : 1;
	const found = all.flatMap((one) =>
		one && one.low !== null && one.high !== null ? [{ estimate: one.estimate, low: one.low, high: one.high }] : [],
	);
	const share = (holds: (one: (typeof found)[number]) => boolean) => found.filter(holds).length / found.length;
	const errors = found.map(({ estimate }) => (estimate - truth) / scale);
	const bias = errors.reduce((sum, error) => sum + error, 0) / errors.length;
	const widths = found.map(({ low, high }) => (high - low) / scale).sort((p, q) => p - q);
	return {
		covered: share(({ low, high }) => low <= truth && truth <= high),
		holdsEstimate: share(({ estimate, low, high }) => low <= estimate && estimate <= high),
		determined: found.length / all.length,
		bias,
		spread: Math.sqrt(errors.reduce((sum, error) => sum + (error - bias) ** 2, 0) / errors.length),
		width: widths[widths.length >> 1] ?? Number.NaN,
	};
}
