import type { CorpusInfo } from "../data/corpus.ts";
import { estimateTokens } from "../data/estimate.ts";
import { canonicalJson, sha256 } from "../run/canonical-json.ts";
import { type CorpusSpec, trainingParts } from "../run/corpus-spec.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { count, pathText, quote, show } from "../run/show.ts";
import type { Study } from "./study.ts";
import { StudyError } from "./study-error.ts";

/** What runs learn from: a corpus, or a mix of some with weights of any sum, such as {"sotu": 0.7, "moby-dick": 0.3}. */
export type CorpusChoice = string | { readonly mix: Readonly<Record<string, number>> };

/** Every corpus that a study names, once. */
export function corporaNamed({ corpora, evaluations = [] }: Pick<Study, "corpora" | "evaluations">): string[] {
	const names = corpora.flatMap((choice) => (typeof choice === "string" ? [choice] : Object.keys(choice.mix)));
	return [...new Set([...names, ...evaluations])];
}

/** Checks that every corpus of a study is there. Throws a `StudyError` that names the missing one. */
export function checkCorpora(study: Study, infos: ReadonlyMap<string, CorpusInfo>): void {
	const known = [...infos.keys()].join(", ") || "none: there are no corpora";
	for (const [i, choice] of study.corpora.entries()) {
		if (typeof choice === "string" && !infos.has(choice))
			throw new StudyError(`study: corpora[${i}] is ${show(choice)}; it must be one of ${known}`);
		if (typeof choice === "string") continue;
		for (const id of Object.keys(choice.mix))
			if (!infos.has(id))
				throw new StudyError(
					`study: ${pathText(["corpora", i, "mix"])} names ${quote(id)}; each name in it must be one of ${known}`,
				);
	}
	for (const [i, id] of (study.evaluations ?? []).entries())
		if (!infos.has(id)) throw new StudyError(`study: evaluations[${i}] is ${show(id)}; it must be one of ${known}`);
}

/**
 * The product of a study's corpora and its numbers of unique tokens.
 *
 * @throws StudyError when a text is too short for the unique tokens asked of it, or these for one sequence
 */
export async function corpusSpecs(study: Study, infos: ReadonlyMap<string, CorpusInfo>): Promise<CorpusSpec[]> {
	const specs: CorpusSpec[] = [];
	for (const choice of study.corpora) {
		const corpus =
			typeof choice === "string" ? { id: choice, hash: infos.get(choice)!.hash } : await mix(choice, infos);
		if (!study.uniqueTokens) specs.push(corpus);
		for (const [i, uniqueTokens] of (study.uniqueTokens ?? []).entries()) {
			const spec = { ...corpus, uniqueTokens };
			checkUniqueTokens(study, i, spec, infos);
			specs.push(spec);
		}
	}
	return specs;
}

/** Weights of one sum and names of one order, so that the same mix is the same run however it is written. */
async function mix(choice: Exclude<CorpusChoice, string>, infos: ReadonlyMap<string, CorpusInfo>): Promise<CorpusSpec> {
	const entries = Object.entries(choice.mix).sort(([a], [b]) => (a < b ? -1 : 1));
	const sum = entries.reduce((total, [, weight]) => total + weight, 0);
	const parts = entries.map(([id, weight]) => ({ id, hash: infos.get(id)!.hash, weight: weight / sum }));
	const id = parts.map((part) => `${Number(part.weight.toPrecision(3))} ${part.id}`).join(" + ");
	return { id, hash: await sha256(canonicalJson(parts)), mix: parts };
}

function checkUniqueTokens(study: Study, i: number, corpus: CorpusSpec, infos: ReadonlyMap<string, CorpusInfo>): void {
	for (const { id, uniqueTokens } of trainingParts({ corpus })) {
		const of = corpus.mix ? `, of which ${count(uniqueTokens!)} from ${quote(id)}` : "";
		const field = `study: uniqueTokens[${i}] is ${count(study.uniqueTokens![i]!)}${of}`;
		const { trainBytes } = infos.get(id)!;
		if (uniqueTokens! > trainBytes)
			throw new StudyError(
				`${field}; it must be at most ${count(trainBytes)}, the bytes that ${quote(id)} has to train on`,
			);
		if (uniqueTokens! <= study.context)
			throw new StudyError(`${field}; it must be more than the context, which is ${study.context}`);
	}
}

/** How often a run goes through its text, of a mix through the part it sees most often; from estimates of the tokens. */
export function epochsOf(spec: RunSpec, tokens: number, infos: ReadonlyMap<string, CorpusInfo>): number {
	const epochs = trainingParts(spec).map(
		({ id, weight, uniqueTokens = Number.POSITIVE_INFINITY }) =>
			(tokens * weight) / Math.max(1, Math.min(uniqueTokens, tokensIn(infos.get(id)!, spec))),
	);
	return Math.max(...epochs);
}

/** The part of a run's text that may have fewer tokens than its `uniqueTokens` ask for, if there is one. */
export function scarcePart(spec: RunSpec, infos: ReadonlyMap<string, CorpusInfo>) {
	return trainingParts(spec)
		.map(({ id, uniqueTokens = 0 }) => ({ id, uniqueTokens, estimate: tokensIn(infos.get(id)!, spec) }))
		.find(({ uniqueTokens, estimate }) => uniqueTokens > 0.98 * estimate);
}

function tokensIn({ id, trainBytes }: CorpusInfo, { model }: RunSpec): number {
	return estimateTokens(trainBytes, model.vocabulary, id);
}
