import type { CorpusSource, RunCorpora, TokenizedCorpus } from "../data/corpus.ts";
import type { Gpu } from "../gpu/device.ts";
import type { PlannedRun, StudyEvent } from "../study/events.ts";
import type { Plan } from "../study/planner.ts";
import { type CorpusId, trainingParts } from "../study/run-spec.ts";
import type { RunStore } from "../study/store.ts";
import { parametersOf } from "../train/checkpoint.ts";
import { train as trainPack } from "../train/train.ts";
import { withCallbacks } from "./with-callbacks.ts";

export interface RunStudyOptions {
	gpu: Gpu;
	plan: Plan;
	loadTokenized: CorpusSource["loadTokenized"];
	/** Runs found here are not trained again. */
	store: RunStore;
	/** Takes the weights of each run that ends without diverging, by name, before it counts as finished. */
	keepWeights?: (run: PlannedRun, weights: ReadonlyMap<string, Float32Array>) => Promise<void>;
	/** Aborting ends the study with the signal's reason, at the next event. Finished runs stay stored. */
	signal?: AbortSignal;
	/** Trains one pack; the engine's own unless a test hands in another. */
	train?: typeof trainPack;
}

/**
 * Trains what is missing of a study, pack by pack, and reports it. Work goes on only while the next event is asked
 * for: not asking pauses, `return()` stops and frees the GPU's memory. What a store holds of a pack is left out of it;
 * a run's numbers do not depend on its company.
 *
 * @throws Error when the device is lost, a corpus is not the planned one, or saving fails
 */
export async function* runStudy(options: RunStudyOptions): AsyncGenerator<StudyEvent, void, void> {
	const { gpu, plan, store, signal } = options;
	signal?.throwIfAborted();
	const stored = await store.load(plan.runs.map((run) => run.id));
	yield { type: "planned", runs: plan.runs, stored, adapter: gpu.name };
	const done = new Set(stored.map((result) => result.id));
	const byId = new Map(plan.runs.map((run) => [run.id, run]));
	const corpora = new Map<string, TokenizedCorpus>();
	for (const ids of plan.packs) {
		signal?.throwIfAborted();
		const pack = ids.filter((id) => !done.has(id)).map((id) => byId.get(id)!);
		if (pack.length === 0) continue;
		for (const { spec } of pack)
			for (const corpus of [...trainingParts(spec), ...(spec.evaluations ?? [])]) {
				const { vocabulary } = spec.model;
				const key = corpusKey(corpus, vocabulary);
				if (!corpora.has(key)) corpora.set(key, yield* tokenizing(corpus, vocabulary, options));
			}
		yield* training(pack, corpora, options);
	}
	yield { type: "done" };
}

function corpusKey({ id, hash }: CorpusId, vocabulary: number): string {
	return `${vocabulary} ${hash} ${id}`;
}

function corporaOf({ spec }: PlannedRun, corpora: ReadonlyMap<string, TokenizedCorpus>): RunCorpora {
	const find = (corpus: CorpusId) => corpora.get(corpusKey(corpus, spec.model.vocabulary))!;
	return { training: trainingParts(spec).map(find), evaluations: (spec.evaluations ?? []).map(find) };
}

async function* tokenizing(
	corpus: CorpusId,
	vocabulary: number,
	{ loadTokenized, signal }: RunStudyOptions,
): AsyncGenerator<StudyEvent, TokenizedCorpus, void> {
	const tokens = yield* withCallbacks<StudyEvent, TokenizedCorpus>((emit) =>
		loadTokenized(
			corpus.id,
			vocabulary,
			(done, total) => emit({ type: "tokenizing", corpus: corpus.id, vocabulary, done, total }),
			signal,
		),
	);
	signal?.throwIfAborted();
	if (tokens.corpus.hash !== corpus.hash)
		throw new Error(
			`corpus ${corpus.id}: its text has SHA-256 ${tokens.corpus.hash.slice(0, 12)}…, the plan was made for ` +
				`${corpus.hash.slice(0, 12)}…; plan the study again`,
		);
	return tokens;
}

async function* training(
	pack: PlannedRun[],
	corpora: ReadonlyMap<string, TokenizedCorpus>,
	{ gpu, store, signal, keepWeights, train = trainPack }: RunStudyOptions,
): AsyncGenerator<StudyEvent, void, void> {
	let isLost = false;
	const lost = gpu.lost.then((reason): never => {
		isLost = true;
		throw new Error(`the GPU was lost: ${reason}; finished runs are kept, start the study again to go on`);
	});
	lost.catch(() => {});
	const tokens = pack.map((run) => corporaOf(run, corpora));
	const trainer = train(gpu, pack, tokens, { checkpointLast: keepWeights !== undefined });
	try {
		for (;;) {
			const next = await Promise.race([trainer.next(), lost]);
			if (next.done) return;
			const event = next.value;
			// What is trained to its end is kept, even when the study ends here.
			if (event.type !== "end") signal?.throwIfAborted();
			if (event.type === "start") yield { type: "pack", ids: pack.map((run) => run.id), bytes: event.bytes };
			else if (event.type === "progress") yield event;
			else if (event.type === "checkpoint") {
				if (event.step < pack[0]!.spec.steps) continue;
				for (const [i, checkpoint] of event.checkpoints.entries())
					if (checkpoint.record.divergedAt === null) await keepWeights?.(pack[i]!, parametersOf(checkpoint));
			} else
				for (const result of event.results) {
					await store.save(result);
					yield { type: "finished", result };
				}
		}
	} catch (error) {
		// A lost device shows first as some failed call; let the sentence that says why win.
		await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, 0))]);
		throw error;
	} finally {
		// A call that waits for a lost device may never return, and `return()` would wait behind it.
		const freed = trainer.return();
		if (isLost) freed.catch(() => {});
		else await freed;
	}
}
