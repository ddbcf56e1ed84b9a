import { DEFAULT_STORAGE } from "../architecture/choices.ts";
import type { ModelConfig } from "../architecture/config.ts";
import { trainingFlops } from "../architecture/flops.ts";
import { parameterCounts } from "../architecture/size.ts";
import type { CorpusInfo } from "../data/corpus.ts";
import { DEFAULT_SAMPLING } from "../run/choices.ts";
import type { CorpusSpec } from "../run/corpus-spec.ts";
import { microBatch } from "../run/micro-batch.ts";
import type { OptimizerSpec } from "../run/optimizer-spec.ts";
import { type RunSpec, runId } from "../run/run-spec.ts";
import { armStudies, inArm } from "./arms.ts";
import { withBranches } from "./branches.ts";
import { addCosts, packCost, runFlops, tokensPerStep } from "./cost.ts";
import { checkInitialWeights, type InitialWeights } from "./initial-weights.ts";
import { packRuns } from "./packs.ts";
import type { Plan, RunPlan } from "./plan.ts";
import { planWarnings } from "./plan-warnings.ts";
import type { ModelSize, Study } from "./study.ts";
import { batchFor, evaluationInterval, modelsOf, stepsOf } from "./study-axes.ts";
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
	const arms = [];
	for (const [i, arm] of armStudies(study).entries()) {
		const specs = await inArm(study, i, async () => {
			checkCorpora(arm, infos);
			return expandStudy(arm, await corpusSpecs(arm, infos), infos, initialWeights?.hash);
		});
		checkInitialWeights(study, specs, initialWeights);
		arms.push({
			name: arm.name,
			runs: await Promise.all(specs.map(async (spec) => ({ id: await runId(spec), spec }))),
		});
	}
	const planned = arms.flatMap((arm) => arm.runs);
	// Two arms may have runs in common, and two token budgets may round to the same number of steps.
	const packs = packRuns(withBranches([...new Map(planned.map((run) => [run.id, run])).values()]));
	const runs = packs.flat();
	const perRun = Object.fromEntries(runs.map(({ id, spec }) => [id, describeRun(spec, infos)] as const));
	const rows = Object.values(perRun);
	const sum = (of: (row: RunPlan) => number) => rows.reduce((total, row) => total + of(row), 0);
	return {
		study,
		runs,
		packs: packs.map((pack) => pack.map((run) => run.id)),
		arms: arms.map(({ name, runs }) => ({ name, runIds: [...new Set(runs.map(({ id }) => id))] })),
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
	infos: ReadonlyMap<string, CorpusInfo>,
	initialWeights: string | undefined,
): RunSpec[] {
	const evaluations = study.evaluations?.map((id) => ({ id, hash: infos.get(id)!.hash }));
	const specs: RunSpec[] = [];
	for (const corpus of corpora)
		for (const vocabulary of study.vocabularies)
			for (const size of study.sizes)
				for (const model of modelsOf(study, size, vocabulary))
					for (const batch of study.batchSequences)
						for (const length of lengthsOf(study, size, model, batchFor(batch, model)))
							for (const learningRate of study.learningRates)
								for (const seed of study.seeds)
									specs.push({
										...{ model, corpus },
										...(study.sampling !== DEFAULT_SAMPLING && { sampling: study.sampling }),
										...(evaluations && { evaluations }),
										...(initialWeights && { initialWeights }),
										seed,
										optimizer: optimizerOf(study, learningRate),
										...length,
										...(study.ema !== undefined && { ema: study.ema }),
										...(study.storage !== DEFAULT_STORAGE && { storage: study.storage }),
									});
	return specs;
}

function optimizerOf(study: Study, learningRate: number): OptimizerSpec {
	const { optimizer: kind, beta1, beta2, epsilon, weightDecay, decay, clip } = study;
	return { kind, learningRate, beta1, beta2, epsilon, weightDecay, decay, clip };
}

/** The product of a model's budgets and schedules, and the settings that follow from the batch size. */
function lengthsOf(study: Study, size: ModelSize, model: ModelConfig, batchSequences: number) {
	const microBatchSequences = microBatch(batchSequences, study.context);
	const validationSequences = Math.ceil(study.validationSequences / microBatchSequences) * microBatchSequences;
	const validationEvery = evaluationInterval(study, batchSequences);
	const counts = parameterCounts(model);
	return stepsOf(study, size, model, batchSequences).flatMap((steps) =>
		study.schedules.map((schedule) => ({
			schedule: resolveSchedule(schedule, steps, batchSequences * study.context, counts),
			...{ batchSequences, microBatchSequences, steps, validationSequences },
			...(validationEvery && { validationEvery }),
		})),
	);
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
