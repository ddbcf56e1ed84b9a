import { normal, randomKey } from "../../src/maths/random.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { RunSpec } from "../../src/run/run-spec.ts";
import type { Plan } from "../../src/study/plan.ts";
import type { Study } from "../../src/study/study.ts";
import { validateStudy } from "../../src/study/validate-study.ts";
import { allocationExponent, type LossLaw, lossAt } from "../../src/theory/loss-law.ts";
import { predictStudy } from "../../src/theory/prediction.ts";
import { resultOf } from "../study/fixtures.ts";

/** Sizes of the presets overtake each other within their budgets, also in non-embedding parameters. */
export const LAB_LAW: LossLaw = { E: 2, A: 30, B: 45, alpha: 0.35, beta: 0.37 };

/** a in total parameters under that law. */
export const TOTAL_EXPONENT = allocationExponent(LAB_LAW);

/** a through the crossings of a plan's sizes under that law, in non-embedding parameters. */
export function nonEmbeddingExponent({ perRun }: Plan, ids: readonly string[], law = LAB_LAW): number {
	const sizes = ids.map((id) => ({ ...perRun[id]!.parameters, tokens: perRun[id]!.tokens }));
	return predictStudy(law, sizes).nonEmbedding.exponent!;
}

export interface LawRuns {
	law?: LossLaw;
	/** Standard deviation of ln L between runs. */
	noise?: number;
	/** Standard deviation of ln L between neighboring points of a curve. */
	pointNoise?: number;
	/** Relative loss of a run after so many tokens; 1 at the best. */
	penalty?: (spec: RunSpec, tokens: number) => number;
	seed?: number;
}

/** Points of a curve, evenly spaced in ln D over so many decades. */
const POINTS = 100;
const DECADES = 2.5;

/** Results whose curves and final losses follow a law of total parameters and tokens, each shifted by its own noise. */
export function lawRuns(
	{ runs }: Plan,
	{ law = LAB_LAW, noise = 0, pointNoise = noise / 2, penalty = () => 1, seed = 1 }: LawRuns = {},
): RunResult[] {
	return runs.map((planned, i) => {
		const result = resultOf(planned);
		const shift = noise * normal(randomKey(seed, "law runs"), i);
		const key = randomKey(seed, "points", i);
		const lossOf = (tokens: number) =>
			lossAt(law, result.parameters.total, tokens) * penalty(planned.spec, tokens) * Math.exp(shift);
		const tokens = Array.from({ length: POINTS }, (_, p) => result.tokens * 10 ** (DECADES * ((p + 0.5) / POINTS - 1)));
		const loss = tokens.map((at, p) => lossOf(at) * Math.exp(pointNoise * normal(key, p)));
		return { ...result, curve: { tokens, loss }, validationLoss: lossOf(result.tokens) };
	});
}

/** The same runs, with some diverged. */
export function withDiverged(runs: readonly RunResult[], which: (run: RunResult) => boolean): RunResult[] {
	return runs.map((run) => (which(run) ? { ...run, status: "diverged", divergedAt: 3, validationLoss: null } : run));
}

/** Lengths from before the first crossing under `LAB_LAW` to after the last, with either way of counting. */
const LENGTHS = [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 640_000, 1_280_000];

/** A study with its arms stretched to those lengths: fewer, chosen for real runs, would miss crossings of the law. */
export function stretched(study: Study): Study {
	const arms = study.arms!.map((arm) => {
		return { ...arm, tokens: arm.tokens && arm.tokens.length > 1 ? LENGTHS : LENGTHS.slice(-1) };
	});
	return validateStudy({ ...study, tokens: LENGTHS.slice(-1), arms });
}
