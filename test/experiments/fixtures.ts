import type { CorpusInfo } from "../../src/data/corpus.ts";
import { presetNamed } from "../../src/experiments/experiments.ts";
import { normal, randomKey } from "../../src/maths/random.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { RunSpec } from "../../src/run/run-spec.ts";
import type { Plan } from "../../src/study/plan.ts";
import { planStudy } from "../../src/study/planner.ts";
import type { Study } from "../../src/study/study.ts";
import { resultOf } from "../study/fixtures.ts";

/** The sizes of the real corpora; the hashes do not matter here. */
export const corpora: CorpusInfo[] = [
	{ id: "sotu", title: "", hash: "0".repeat(64), trainBytes: 10_100_000, bytes: 10_800_000 },
	{ id: "moby-dick", title: "", hash: "1".repeat(64), trainBytes: 1_170_000, bytes: 1_230_000 },
	{ id: "king-james-bible", title: "", hash: "2".repeat(64), trainBytes: 3_868_000, bytes: 4_140_000 },
];

export function planOfPreset(id: string): Promise<Plan> {
	return planOf(presetNamed(id)!.study);
}

export function planOf(study: Study): Promise<Plan> {
	return planStudy(study, corpora);
}

/** Results with the final validation loss that a law gives, times exp(noise · z) with a z of its own for each run. */
export function resultsOf({ runs }: Plan, lossOf: (spec: RunSpec) => number, noise = 0, seed = 1): RunResult[] {
	return runs.map((run, i) => {
		const loss = lossOf(run.spec) * Math.exp(noise * normal(randomKey(seed, "results"), i));
		return { ...resultOf(run), validationLoss: loss };
	});
}

/** The same results with training curves that follow a law, from the first step on, each point with a noise of its own. */
export function withCurves(
	results: readonly RunResult[],
	lossOf: (spec: RunSpec, tokens: number) => number,
	noise = 0,
	seed = 1,
): RunResult[] {
	return results.map((result, i) => {
		const { spec, tokens: end } = result;
		const tokens: number[] = [];
		for (let at = spec.batchSequences * spec.model.context; at <= end; at *= 1.06) tokens.push(at);
		const key = randomKey(seed, "curves", i);
		const loss = tokens.map((at, point) => lossOf(spec, at) * Math.exp(noise * normal(key, point)));
		return { ...result, curve: { tokens, loss } };
	});
}
