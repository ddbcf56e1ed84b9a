import type { CorpusInfo } from "../data/corpus.ts";
import { estimateTokens } from "../data/estimate.ts";
import { canonicalJson, sha256 } from "../run/canonical-json.ts";
import { type CorpusSpec, trainingParts } from "../run/corpus-spec.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { count, quote, show } from "../run/show.ts";
import { armStudies } from "./arms.ts";
import type { CorpusChoice, Study } from "./study.ts";
import { StudyError } from "./study-error.ts";

/** Ids of all corpora that a study names, without repeats. */
export function corporaNamed(study: Study): string[] {
	const names = armStudies(study).flatMap(({ corpora, evaluations = [] }) => [
		...corpora.flatMap((choice) => (typeof choice === "string" ? [choice] : Object.keys(choice.mix))),
		...evaluations,
	]);
	return [...new Set(names)];
}

/** Checks that every corpus of a study is available. Throws a `StudyError` that names the missing one. */
export function checkCorpora(study: Study, infos: ReadonlyMap<string, CorpusInfo>): void {
	const known = [...infos.keys()].join(", ") || "none: no corpora are available";
	for (const [i, choice] of study.corpora.entries()) {
		if (typeof choice === "string" && !infos.has(choice))
			throw new StudyError(["corpora", i], `is ${show(choice)}; it must be one of ${known}`);
		if (typeof choice === "string") continue;
		for (const id of Object.keys(choice.mix))
			if (!infos.has(id))
				throw new StudyError(["corpora", i, "mix"], `names ${quote(id)}; each name in it must be one of ${known}`);
	}
	for (const [i, id] of (study.evaluations ?? []).entries())
		if (!infos.has(id)) throw new StudyError(["evaluations", i], `is ${show(id)}; it must be one of ${known}`);
}

/**
 * The product of a study's corpora and its numbers of unique tokens.
 *
 * @throws StudyError when a corpus has too few tokens, or `uniqueTokens` does not fill one sequence
 */
export async function corpusSpecs(study: Study, infos: ReadonlyMap<string, CorpusInfo>): Promise<CorpusSpec[]> {
	const specs: CorpusSpec[] = [];
	for (const choice of study.corpora) {
		const corpus =
			typeof choice === "string" ? { id: choice, hash: infos.get(choice)!.hash } : await mixSpec(choice, infos);
		if (!study.uniqueTokens) specs.push(corpus);
		for (const [i, uniqueTokens] of (study.uniqueTokens ?? []).entries()) {
			const spec = { ...corpus, uniqueTokens };
			checkUniqueTokens(study, i, spec, infos);
			specs.push(spec);
		}
	}
	return specs;
}

/** Normalizes the weights and sorts the names, so that equivalent mixes give the same run. */
async function mixSpec(
	choice: Exclude<CorpusChoice, string>,
	infos: ReadonlyMap<string, CorpusInfo>,
): Promise<CorpusSpec> {
	const entries = Object.entries(choice.mix).sort(([a], [b]) => (a < b ? -1 : 1));
	const sum = entries.reduce((total, [, weight]) => total + weight, 0);
	const parts = entries.map(([id, weight]) => ({ id, hash: infos.get(id)!.hash, weight: weight / sum }));
	const id = parts.map((part) => `${Number(part.weight.toPrecision(3))} ${part.id}`).join(" + ");
	return { id, hash: await sha256(canonicalJson(parts)), mix: parts };
}

function checkUniqueTokens(study: Study, i: number, corpus: CorpusSpec, infos: ReadonlyMap<string, CorpusInfo>): void {
	for (const { id, uniqueTokens } of trainingParts({ corpus })) {
		const of = corpus.mix ? `, of which ${count(uniqueTokens!)} from ${quote(id)}` : "";
		const path = ["uniqueTokens", i];
		const found = `is ${count(study.uniqueTokens![i]!)}${of}`;
		const { trainBytes } = infos.get(id)!;
		if (uniqueTokens! > trainBytes)
			throw new StudyError(
				path,
				`${found}; it must be at most ${count(trainBytes)}, the training bytes of ${quote(id)}`,
			);
		if (uniqueTokens! <= study.context)
			throw new StudyError(path, `${found}; it must exceed the context, which is ${study.context}`);
	}
}

/** How much a run reads of one text. */
export interface Reading {
	/** Corpus id. */
	id: string;
	tokens: number;
	/** Estimated passes through the text, or through the part of it that the run may read. */
	epochs: number;
}

/** What a run of so many tokens reads of its corpus, or of each part of its mix. */
export function readingsOf(spec: RunSpec, tokens: number, infos: ReadonlyMap<string, CorpusInfo>): Reading[] {
	return trainingParts(spec).map(({ id, weight, uniqueTokens = Number.POSITIVE_INFINITY }) => {
		const read = tokens * weight;
		return { id, tokens: read, epochs: read / Math.max(1, Math.min(uniqueTokens, tokensIn(infos.get(id)!, spec))) };
	});
}

/** Estimated passes of a run through its corpus; for a mix, through the corpus it repeats most. */
export function epochsOf(spec: RunSpec, tokens: number, infos: ReadonlyMap<string, CorpusInfo>): number {
	return Math.max(...readingsOf(spec, tokens, infos).map(({ epochs }) => epochs));
}

/** A corpus of the run that may have fewer tokens than its `uniqueTokens`, if there is one. */
export function scarceCorpus(spec: RunSpec, infos: ReadonlyMap<string, CorpusInfo>) {
	return trainingParts(spec)
		.map(({ id, uniqueTokens = 0 }) => ({ id, uniqueTokens, estimate: tokensIn(infos.get(id)!, spec) }))
		.find(({ uniqueTokens, estimate }) => uniqueTokens > 0.98 * estimate);
}

function tokensIn({ id, trainBytes }: CorpusInfo, { model }: RunSpec): number {
	return estimateTokens(trainBytes, model.vocabulary, id);
}
