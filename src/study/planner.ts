import { DEFAULT_STORAGE } from "../architecture/choices.ts";
import { trainingFlops } from "../architecture/flops.ts";
import { parameterCounts } from "../architecture/size.ts";
import type { CorpusInfo } from "../data/corpus.ts";
import { DEFAULT_SAMPLING } from "../run/choices.ts";
import type { CorpusId, CorpusSpec } from "../run/corpus-spec.ts";
import { microBatch } from "../run/micro-batch.ts";
import { type RunSpec, runId } from "../run/run-spec.ts";
import { withBranches } from "./branches.ts";
import { addCosts, packCost, runFlops, tokensPerStep } from "./cost.ts";
import { checkInitialWeights, type InitialWeights } from "./initial-weights.ts";
import { packRuns } from "./packs.ts";
import type { Plan, RunPlan } from "./plan.ts";
import { planWarnings } from "./plan-warnings.ts";
import type { Study } from "./study.ts";
import { evaluationInterval, modelsOf, stepsOf } from "./study-axes.ts";
import { checkCorpora, corpusSpecs, epochsOf } from "./study-data.ts";
import { resolveSchedule } from "./study-schedule.ts";

/**
 * Turns a study into runs. The same study and corpora always give the same plan.
 *
 * @param corpora every corpus that the study names
 * @param initialWeights the weights that the study's `initialWeights` names
 * @throws StudyError when a corpus or the weights are missing or do not fit the study
 */
export async function planStudy(
	study: Study,
	corpora: readonly CorpusInfo[],
	initialWeights?: InitialWeights,
): Promise<Plan> {
	const infos = new Map(corpora.map((info) => [info.id, info]));
	checkCorpora(study, infos);
	const corpusChoices = await corpusSpecs(study, infos);
	const evaluations = study.evaluations?.map((id) => ({ id, hash: infos.get(id)!.hash }));
	const specs = expandStudy(study, corpusChoices, evaluations, initialWeights?.hash);
	checkInitialWeights(study, specs, initialWeights);
	const planned = await Promise.all(specs.map(async (spec) => ({ id: await runId(spec), spec })));
	// Two token budgets may round to the same number of steps, which is one run.
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
	corpora: CorpusSpec[],
	evaluations: CorpusId[] | undefined,
	initialWeights: string | undefined,
): RunSpec[] {
	const { context, optimizer: kind, weightDecay, decay, beta1, beta2, epsilon, clip, ema, storage } = study;
	const specs: RunSpec[] = [];
	for (const corpus of corpora)
		for (const vocabulary of study.vocabularies)
			for (const size of study.sizes)
				for (const model of modelsOf(study, size, vocabulary))
					for (const batchSequences of study.batchSequences)
						for (const steps of stepsOf(study, size, batchSequences))
							for (const schedule of study.schedules)
								for (const learningRate of study.learningRates)
									for (const seed of study.seeds) {
										const microBatchSequences = microBatch(batchSequences, context);
										const validationEvery = evaluationInterval(study, batchSequences);
										specs.push({
											model,
											corpus,
											...(study.sampling !== DEFAULT_SAMPLING && { sampling: study.sampling }),
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
											...(storage !== DEFAULT_STORAGE && { storage }),
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
