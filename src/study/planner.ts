import type { CorpusInfo } from "../data/corpus.ts";
import { estimateTokens } from "../data/estimate.ts";
import { type Flops, type ParameterCounts, parameterCounts, trainingFlops } from "../model/size.ts";
import { addCosts, type Cost, packCost, runFlops, tokensPerStep } from "./cost.ts";
import type { PlannedRun } from "./events.ts";
import { packRuns } from "./packs.ts";
import { planWarnings } from "./plan-warnings.ts";
import { type RunSpec, runId } from "./run-spec.ts";
import { modelsOf, type Study, StudyError, stepsOf } from "./study.ts";
import { show } from "./study-error.ts";

/** What is known of a run before it trains. */
export interface RunPlan {
	parameters: ParameterCounts;
	/** Training tokens it will see. */
	tokens: number;
	/** 6·N·D in both conventions. */
	flops: Flops;
	/** Exact model arithmetic, attention and head included; see `modelFlopsPerToken`. */
	modelFlops: number;
	/** How often it sees its corpus, by an estimate of the corpus's tokens. */
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

/** Most tokens in one forward and backward pass: bounds the memory of activations. */
const MAX_MICRO_BATCH_TOKENS = 4096;

/**
 * Turns a study into runs. The same study and corpora always give the same plan.
 *
 * @param corpora must hold those that the study names, else a `StudyError` names the missing one
 */
export async function planStudy(study: Study, corpora: readonly CorpusInfo[]): Promise<Plan> {
	const infos = new Map(corpora.map((info) => [info.id, info]));
	for (const [i, id] of study.corpora.entries())
		if (!infos.has(id))
			throw new StudyError(
				`study: corpora[${i}] is ${show(id)}; it must be one of ${[...infos.keys()].join(", ") || "none: there are no corpora"}`,
			);
	const specs = expandStudy(study, (id) => infos.get(id)!.hash);
	const planned = await Promise.all(specs.map(async (spec) => ({ id: await runId(spec), spec })));
	// Two token budgets may come to the same number of steps: one run.
	const packs = packRuns([...new Map(planned.map((run) => [run.id, run])).values()]);
	const runs = packs.flat();
	const perRun = Object.fromEntries(
		runs.map(({ id, spec }) => [id, describeRun(spec, infos.get(spec.corpus.id)!)] as const),
	);
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
			cost: addCosts(packs.map((pack) => packCost(pack.map((run) => run.spec)))),
		},
		warnings: planWarnings(study, runs, perRun),
	};
}

/** The product of a study's axes. */
function expandStudy(study: Study, hashOf: (corpus: string) => string): RunSpec[] {
	const { context, weightDecay, beta1, beta2, epsilon, clip } = study;
	const specs: RunSpec[] = [];
	for (const id of study.corpora)
		for (const vocabulary of study.vocabularies)
			for (const size of study.sizes)
				for (const model of modelsOf(study, size, vocabulary))
					for (const batchSequences of study.batchSequences)
						for (const steps of stepsOf(study, size, batchSequences))
							for (const schedule of study.schedules)
								for (const learningRate of study.learningRates)
									for (const seed of study.seeds) {
										const microBatchSequences = microBatch(batchSequences, context);
										specs.push({
											model,
											corpus: { id, hash: hashOf(id) },
											seed,
											optimizer: { learningRate, beta1, beta2, epsilon, weightDecay, clip },
											schedule: { ...schedule },
											batchSequences,
											microBatchSequences,
											steps,
											validationSequences:
												Math.ceil(study.validationSequences / microBatchSequences) * microBatchSequences,
										});
									}
	return specs;
}

/** The largest divisor of a batch whose tokens fit a micro-batch. */
function microBatch(batchSequences: number, context: number): number {
	const most = Math.max(1, Math.floor(MAX_MICRO_BATCH_TOKENS / context));
	let size = Math.min(batchSequences, most);
	while (batchSequences % size !== 0) size--;
	return size;
}

function describeRun(spec: RunSpec, corpus: CorpusInfo): RunPlan {
	const parameters = parameterCounts(spec.model);
	const tokens = spec.steps * tokensPerStep(spec);
	return {
		parameters,
		tokens,
		flops: trainingFlops(parameters, tokens),
		modelFlops: runFlops(spec),
		epochs: tokens / Math.max(1, estimateTokens(corpus.trainBytes, spec.model.vocabulary, corpus.id)),
	};
}
