import { fitMethod1 } from "../../src/analysis/method1/method1.ts";
import { averagedSteps } from "../../src/analysis/points/averaged-steps.ts";
import type { CurveRun } from "../../src/analysis/points/curve-run.ts";
import type { Point } from "../../src/analysis/points/point.ts";
import { preparePoints } from "../../src/analysis/points/prepare-points.ts";
import { type Convention, flopsOf } from "../../src/architecture/flops.ts";
import { normal, randomKey } from "../../src/maths/random.ts";
import { bestAllocation, lossAt } from "../../src/theory/loss-law.ts";
import { predictStudy } from "../../src/theory/prediction.ts";
import { type Measured, type QuantityCoverage, summary } from "./interval-coverage.ts";
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

/**
 * What is measured of a study, by name. C₀ is the compute in the middle of its crossings, ten times it lies beyond. A run's L is
 * that of one more run at the optimum for C₀.
 */
export const QUANTITIES = [
	"a, N_T",
	"a, N_\\E",
	"γ",
	"E",
	"L*(C₀)",
	"L*(10 C₀)",
	"N*(C₀)",
	"N*(10 C₀)",
	"a run's L",
] as const;
export type Quantity = (typeof QUANTITIES)[number];

/** Coverage of Method 1's intervals in studies with several learning rates, under the lowest loss over all rates. */
export function rateCoverage(study: RateStudy, studies: number, resamples: number): Record<Quantity, QuantityCoverage> {
	const truth = truthOf(study);
	const found = new Map<Quantity, (Measured | null)[]>(QUANTITIES.map((name) => [name, []]));
	for (let key = 1; key <= studies; key++) {
		const measured = measure(rateRuns(study, key), truth.flops, resamples, key);
		for (const name of QUANTITIES) found.get(name)!.push(measured[name]);
	}
	return Object.fromEntries(
		QUANTITIES.map((name) => [
			name,
			summary(
				found.get(name)!.map((one, i) => {
					const scatter = name === "a run's L" ? runScatter(study, i) : 0;
					return one && { ...one, truth: truth.values[name] * Math.exp(scatter) };
				}),
				/\*|run/.test(name),
			),
		]),
	) as Record<Quantity, QuantityCoverage>;
}

/** How far one more run ends from its law in ln L: an offset, and half as much tilt, as in `rateRuns`. */
function runScatter({ seedNoise }: RateStudy, study: number): number {
	const key = randomKey(study, "another");
	return seedNoise * (normal(key, 0) + normal(key, 1) / 2);
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
			"a run's L": at(1).loss,
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
		"a run's L": near?.run && E !== null ? { estimate: near.loss!.estimate, ...near.run } : null,
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
