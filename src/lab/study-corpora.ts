import type { CorpusSource, RunCorpora, TokenizedCorpus } from "../data/corpus.ts";
import { type CorpusId, trainingParts } from "../run/corpus-spec.ts";
import type { PlannedRun, StudyEvent } from "../run/events.ts";
import { withCallbacks } from "./with-callbacks.ts";

/** The tokenized corpora of a study's runs, each loaded when it is first needed. */
export class StudyCorpora {
	private readonly loaded = new Map<string, TokenizedCorpus>();
	private readonly loadTokenized: CorpusSource["loadTokenized"];
	private readonly signal: AbortSignal | undefined;

	constructor(loadTokenized: CorpusSource["loadTokenized"], signal?: AbortSignal) {
		this.loadTokenized = loadTokenized;
		this.signal = signal;
	}

	/**
	 * Loads what the runs need, and reports progress.
	 *
	 * @throws Error if a corpus differs from the planned one; the signal's reason when it is aborted
	 */
	async *load(runs: readonly PlannedRun[]): AsyncGenerator<StudyEvent, void, void> {
		for (const { spec } of runs)
			for (const corpus of [...trainingParts(spec), ...(spec.evaluations ?? [])]) {
				const { vocabulary } = spec.model;
				const key = keyOf(corpus, vocabulary);
				if (!this.loaded.has(key)) this.loaded.set(key, yield* this.tokenize(corpus, vocabulary));
			}
	}

	/** The corpora of a run, which must be loaded. */
	of({ spec }: PlannedRun): RunCorpora {
		const find = (corpus: CorpusId) => this.loaded.get(keyOf(corpus, spec.model.vocabulary))!;
		return { training: trainingParts(spec).map(find), evaluations: (spec.evaluations ?? []).map(find) };
	}

	private async *tokenize(corpus: CorpusId, vocabulary: number): AsyncGenerator<StudyEvent, TokenizedCorpus, void> {
		const tokens = yield* withCallbacks<StudyEvent, TokenizedCorpus>((emit) =>
			this.loadTokenized(
				corpus.id,
				vocabulary,
				(done, total) => emit({ type: "tokenizing", corpus: corpus.id, vocabulary, done, total }),
				this.signal,
			),
		);
		this.signal?.throwIfAborted();
		if (tokens.corpus.hash !== corpus.hash)
			throw new Error(
				`corpus ${corpus.id}: its text has SHA-256 ${tokens.corpus.hash.slice(0, 12)}…, the plan was made for ` +
					`${corpus.hash.slice(0, 12)}…; plan the study again`,
			);
		return tokens;
	}
}

function keyOf({ id, hash }: CorpusId, vocabulary: number): string {
	return `${vocabulary} ${hash} ${id}`;
}
