import { type Flops, trainingFlops } from "../architecture/flops.ts";
import { type ParameterCounts, parameterCounts } from "../architecture/size.ts";
import type { CorpusInfo } from "../data/corpus.ts";
import type { PlannedRun } from "../run/events.ts";
import { type CorpusId, type CorpusSpec, microBatch, type RunSpec, runId } from "../run/run-spec.ts";
import { withBranches } from "./branches.ts";
import { addCosts, type Cost, packCost, runFlops, tokensPerStep } from "./cost.ts";
import { checkInitialWeights, type InitialWeights } from "./initial-weights.ts";
import { packRuns } from "./packs.ts";
import { planWarnings } from "./plan-warnings.ts";
import { modelsOf, type Study, stepsOf, validationSteps } from "./study.ts";
import { checkCorpora, corpusSpecs, epochsOf } from "./study-data.ts";
import { resolveSchedule } from "./study-schedule.ts";

/** What is known of a run before it trains. */
export interface RunPlan {
	parameters: ParameterCounts;
	/** Training tokens it will see. */
	tokens: number;
	/** 6·N·D in both conventions. */
	flops: Flops;
	/** Exact model arithmetic, attention and head included; see `modelFlopsPerToken`. */
	modelFlops: number;
	/** How often it sees its text, of a mix the part it sees most often; from estimates of the tokens. */
	epochs: number;
}

export interface Plan {
	study: Study;
	/** In the order they train. */
	runs: PlannedRun[];
	/** Ids of the runs that train together, in the order they train; small sizes first. */
	packs: string[][];
	/** By run id. */
	perRun: Record<string, RunPlan>;
	totals: { runs: number; tokens: number; flops: Flops; cost: Cost };
	/** One sentence each, for people. */
	warnings: string[];
}

/**
 * Turns a study into runs. The same study and corpora always give the same plan.
 *
 * @param corpora must hold those that the study names, else a `StudyError` names the missing one
 * @param initialWeights what the study's `initialWeights` names
 */
export async function planStudy(
	study: Study,
	corpora: readonly CorpusInfo[],
	initialWeights?: InitialWeights,
): Promise<Plan> {
	const infos = new Map(corpora.map((info) => [info.id, info]));
	checkCorpora(study, infos);
	const texts = await corpusSpecs(study, infos);
	const evaluations = study.evaluations?.map((id) => ({ id, hash: infos.get(id)!.hash }));
	const specs = expandStudy(study, texts, evaluations, initialWeights?.hash);
	checkInitialWeights(study, specs, initialWeights);
	const planned = await Promise.all(specs.map(async (spec) => ({ id: await runId(spec), spec })));
	// Two token budgets may come to the same number of steps: one run.
	const packs = packRuns(withBranches([...new Map(planned.map((run) => [run.id, run])).values()]));
	const runs = packs.flat();
	const perRun = Object.fromEntries(runs.map(({ id, spec }) => [id, describeRun(spec, infos)] as const));
	const rows = Object.values(perRun);
	const sum = (of: (row: RunPlan) => number) => rows.reduce((total, row) => total + of(row), 0);
	return {
		study,
		runs,
		packs: packs.map((pack) => pack.map((run) => run.id)),
		perRun,
		totals: {
			runs: runs.length,
			tokens: sum((row) => row.tokens),
			flops: { total: sum((row) => row.flops.total), nonEmbedding: sum((row) => row.flops.nonEmbedding) },
			cost: addCosts(packs.map((pack) => packCost(pack))),
		},
		warnings: planWarnings(study, runs, perRun, infos),
	};
}

/** The product of a study's axes. */
function expandStudy(
	study: Study,
	texts: CorpusSpec[],
	evaluations: CorpusId[] | undefined,
	initialWeights: string | undefined,
): RunSpec[] {
	const { context, optimizer: kind, weightDecay, decay, beta1, beta2, epsilon, clip, ema, storage } = study;
	const specs: RunSpec[] = [];
	for (const corpus of texts)
		for (const vocabulary of study.vocabularies)
			for (const size of study.sizes)
				for (const model of modelsOf(study, size, vocabulary))
					for (const batchSequences of study.batchSequences)
						for (const steps of stepsOf(study, size, batchSequences))
							for (const schedule of study.schedules)
								for (const learningRate of study.learningRates)
									for (const seed of study.seeds) {
										const microBatchSequences = microBatch(batchSequences, context);
										const validationEvery = validationSteps(study, batchSequences);
										specs.push({
											model,
											corpus,
											...(study.sampling === "epochs" && { sampling: study.sampling }),
											...(evaluations && { evaluations }),
											...(initialWeights && { initialWeights }),
											seed,
											optimizer: { kind, learningRate, beta1, beta2, epsilon, weightDecay, decay, clip },
											schedule: resolveSchedule(schedule, steps, batchSequences * context),
											batchSequences,
											microBatchSequences,
											steps,
											validationSequences:
												Math.ceil(study.validationSequences / microBatchSequences) * microBatchSequences,
											...(validationEvery && { validationEvery }),
											...(ema !== undefined && { ema }),
											...(storage !== "f32" && { storage }),
										});
									}
	return specs;
}

function describeRun(spec: RunSpec, infos: ReadonlyMap<string, CorpusInfo>): RunPlan {
	const parameters = parameterCounts(spec.model);
	const tokens = spec.steps * tokensPerStep(spec);
	return {
		parameters,
		tokens,
		flops: trainingFlops(parameters, tokens),
		modelFlops: runFlops(spec),
		epochs: epochsOf(spec, tokens, infos),
	};
}
