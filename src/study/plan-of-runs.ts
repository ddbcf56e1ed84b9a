import type { CorpusInfo } from "../data/corpus.ts";
import type { RunResult } from "../run/run-result.ts";
import type { Plan } from "./plan.ts";
import { planStudy } from "./planner.ts";
import type { Study } from "./study.ts";
import { corporaNamed } from "./study-data.ts";
import { StudyError } from "./study-error.ts";

/**
 * The plan of a study whose runs are given, without its texts: the runs know which texts they were trained on. Estimates that
 * depend on a text's length, such as epochs, are those of an endless text.
 *
 * @throws StudyError if no run was trained or judged on one of the study's corpora, or none belongs to the study
 */
export async function planOfRuns(study: Study, runs: readonly RunResult[]): Promise<Plan> {
	const hashes = new Map<string, string>();
	for (const { corpus, evaluations = [] } of runs.map(({ spec }) => spec))
		for (const { id, hash } of [...(corpus.mix ?? [corpus]), ...evaluations]) hashes.set(id, hash);
	const infos = corporaNamed(study).flatMap((id): CorpusInfo[] => {
		const hash = hashes.get(id);
		return hash === undefined ? [] : [{ id, title: id, hash, bytes: ENDLESS, trainBytes: ENDLESS }];
	});
	const plan = await planStudy(study, infos);
	const ids = new Set(runs.map(({ id }) => id));
	if (!plan.runs.some(({ id }) => ids.has(id)))
		throw new StudyError([], `none of its ${plan.runs.length} runs is among the ${runs.length} given`);
	return plan;
}

const ENDLESS = 1e15;
