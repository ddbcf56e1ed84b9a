import type { CorpusSource, RunCorpora, TokenizedCorpus } from "../data/corpus.ts";
import { type Gpu, requireHalf } from "../gpu/device.ts";
import { type CorpusId, trainingParts } from "../run/corpus-spec.ts";
import type { PlannedRun, StudyEvent } from "../run/events.ts";
import type { CheckpointStore, RunStore } from "../run/store.ts";
import type { Plan } from "../study/plan.ts";
import { parametersOf } from "../train/checkpoint.ts";
import { train as trainPack } from "../train/train.ts";
import { type StartingGroup, StudyCheckpoints } from "./study-checkpoints.ts";
import { withCallbacks } from "./with-callbacks.ts";

export interface RunStudyOptions {
	gpu: Gpu;
	plan: Plan;
	loadTokenized: CorpusSource["loadTokenized"];
	/** Runs found here are not trained again. */
	store: RunStore;
	/** Takes the weights of each run that ends without diverging, by name, before it counts as finished. */
	keepWeights?: (run: PlannedRun, weights: ReadonlyMap<string, Float32Array>) => Promise<void>;
	/** The weights that the study's `initialWeights` names. */
	initialWeights?: ReadonlyMap<string, Float32Array>;
	/** Where checkpoints go, so that a study that is stopped, or ends otherwise, goes on inside its runs; absent: none. */
	checkpoints?: CheckpointStore;
	/** Milliseconds from one checkpoint to the next; ten seconds unless given, further apart for large packs. */
	checkpointEvery?: number;
	/** Bytes of GPU memory that a pack may take; 4 GiB unless given. */
	memory?: number;
	/** A fresh device after one was lost. Without it, or when three are lost without a checkpoint between, the study ends. */
	reopen?: () => Promise<Gpu>;
	/**
	 * Aborting ends the study with the signal's reason, at the next event. Finished runs stay stored, and runs in training
	 * leave a checkpoint of the step at hand.
	 */
	signal?: AbortSignal;
	/** Trains one pack; the engine's own unless a test hands in another. */
	train?: typeof trainPack;
}

/** Devices that may be lost in a row, without a checkpoint between, before a study gives up. */
const MAX_LOSSES = 2;
const CHECKPOINT_INTERVAL = 10_000;

/** What changes while a study runs. */
interface Session {
	gpu: Gpu;
	/** Losses of the device since the last checkpoint or finished run. */
	losses: number;
	/** Ids of runs that are stored. */
	finished: Set<string>;
	corpora: Map<string, TokenizedCorpus>;
	checkpoints: StudyCheckpoints | undefined;
}

/**
 * Trains what is missing of a study, pack by pack, and reports it. Work goes on only while the next event is asked
 * for: not asking pauses, `return()` stops and frees the GPU's memory. What a store holds of a pack is left out of it;
 * a run's numbers do not depend on its company.
 *
 * @throws Error when the device is lost for good, a corpus is not the planned one, saving fails, or what is missing
 *   stores 16-bit floats and the adapter has none
 */
export async function* runStudy(options: RunStudyOptions): AsyncGenerator<StudyEvent, void, void> {
	const { plan, store, signal, checkpoints } = options;
	signal?.throwIfAborted();
	const stored = await store.load(plan.runs.map((run) => run.id));
	yield { type: "planned", runs: plan.runs, stored, adapter: options.gpu.name };
	const session: Session = {
		...{ gpu: options.gpu, losses: 0, corpora: new Map() },
		finished: new Set(stored.map((result) => result.id)),
		checkpoints: checkpoints && new StudyCheckpoints(checkpoints, plan.runs),
	};
	if (plan.runs.some(({ id, spec }) => spec.storage === "f16" && !session.finished.has(id))) requireHalf(session.gpu);
	const byId = new Map(plan.runs.map((run) => [run.id, run]));
	for (const ids of plan.packs) {
		const missing = () => ids.filter((id) => !session.finished.has(id)).map((id) => byId.get(id)!);
		while (missing().length > 0) {
			signal?.throwIfAborted();
			yield* loadingCorpora(missing(), session, options);
			try {
				const { groups, discarded } = (await session.checkpoints?.startingGroups(missing(), session.gpu.name)) ?? {
					groups: [{ runs: missing() }],
					discarded: [],
				};
				for (const runs of discarded) yield { type: "discarded", ...runs };
				for (const group of groups) yield* training(group, session, options);
			} catch (error) {
				yield await recovered(error, session, options);
			}
		}
	}
	await session.checkpoints?.settled();
	yield { type: "done" };
}

/** The device is gone; `message` is a reason for people. */
class LostError extends Error {}

/** Takes a fresh device into the session where one was lost; throws everything else, and the loss when it is one too many. */
async function recovered(error: unknown, session: Session, { reopen }: RunStudyOptions): Promise<StudyEvent> {
	if (!(error instanceof LostError)) throw error;
	session.losses++;
	const kept = session.checkpoints ? "finished runs and checkpoints are kept" : "finished runs are kept";
	if (!reopen || session.losses > MAX_LOSSES) {
		const often = session.losses > 1 ? ` ${session.losses} times in a row` : "";
		throw new Error(`the GPU was lost${often}: ${error.message}; ${kept}, start the study again to go on`);
	}
	session.gpu = await reopen().catch((reason: Error) => {
		throw new Error(
			`the GPU was lost: ${error.message}; no other could be opened: ${reason.message}; ${kept}, start the study again to go on`,
		);
	});
	return { type: "recovered", reason: error.message, adapter: session.gpu.name };
}

async function* loadingCorpora(
	runs: PlannedRun[],
	{ corpora }: Session,
	options: RunStudyOptions,
): AsyncGenerator<StudyEvent, void, void> {
	for (const { spec } of runs)
		for (const corpus of [...trainingParts(spec), ...(spec.evaluations ?? [])]) {
			const { vocabulary } = spec.model;
			const key = corpusKey(corpus, vocabulary);
			if (!corpora.has(key)) corpora.set(key, yield* tokenizing(corpus, vocabulary, options));
		}
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
	{ runs, from }: StartingGroup,
	session: Session,
	options: RunStudyOptions,
): AsyncGenerator<StudyEvent, void, void> {
	const { store, signal, keepWeights, checkpointEvery = CHECKPOINT_INTERVAL, train = trainPack } = options;
	const { gpu, finished, checkpoints } = session;
	let isLost = false;
	const lost = gpu.lost.then((reason): never => {
		isLost = true;
		throw new LostError(reason);
	});
	lost.catch(() => {});
	const tokens = runs.map((run) => corporaOf(run, session.corpora));
	const trainer = train(gpu, runs, tokens, {
		...(from ? { from } : options.initialWeights && { initial: options.initialWeights }),
		...(checkpoints && { checkpointEvery, checkpointAt: checkpoints.branchSteps(runs, finished) }),
		...(checkpoints && signal && { signal }),
		checkpointLast: keepWeights !== undefined,
		...(options.memory !== undefined && { memory: options.memory }),
	});
	try {
		for (;;) {
			const next = await Promise.race([trainer.next(), lost]);
			if (next.done) break;
			const event = next.value;
			// What is trained to its end is kept, even when the study ends here, and so is the last checkpoint.
			if (event.type !== "end" && !checkpoints) signal?.throwIfAborted();
			if (event.type === "start") {
				const ids = runs.map((run) => run.id);
				yield { type: "pack", ids, bytes: event.bytes, ...(from && { from: from[0]!.step }) };
			} else if (event.type === "progress") yield event;
			else if (event.type === "checkpoint") {
				session.losses = 0;
				if (event.step < runs[0]!.spec.steps) {
					checkpoints?.save(event.checkpoints, finished);
					continue;
				}
				for (const [i, checkpoint] of event.checkpoints.entries())
					if (checkpoint.record.divergedAt === null) await keepWeights?.(runs[i]!, parametersOf(checkpoint));
			} else
				for (const [i, result] of event.results.entries()) {
					await store.save(result);
					finished.add(result.id);
					checkpoints?.remove(runs[i]!, finished);
					session.losses = 0;
					yield { type: "finished", result };
				}
		}
		await checkpoints?.settled();
		signal?.throwIfAborted();
	} catch (error) {
		// A lost device shows first as some failed call; let the sentence that says why win.
		await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, 0))]);
		throw error;
	} finally {
		// A call that waits for a lost device may never return, and `return()` would wait behind it.
		const freed = trainer.return();
		if (isLost) freed.catch(() => {});
		else await freed;
		// What was begun is finished; whether it failed is told where training goes on, if it does.
		await checkpoints?.settled().catch(() => {});
	}
}
