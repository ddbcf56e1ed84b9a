import type { CorpusSource } from "../data/corpus.ts";
import { type Gpu, requireHalf } from "../gpu/device.ts";
import type { Variants } from "../gpu/variants.ts";
import type { PlannedRun, StudyEvent } from "../run/events.ts";
import type { RunResult } from "../run/run-result.ts";
import type { RunSpec } from "../run/run-spec.ts";
import type { CheckpointStore, RunStore } from "../run/store.ts";
import { finalResults } from "../study/halving.ts";
import { packRuns } from "../study/packs.ts";
import type { Plan } from "../study/plan.ts";
import { parametersOf } from "../train/checkpoint.ts";
import { packSpeed } from "../train/pack-speed.ts";
import { train as trainPack } from "../train/train.ts";
import { beforeLoss, LostError, lossOf, throwLoss } from "./device-loss.ts";
import { type Next, nextByHalving, rounds } from "./due-runs.ts";
import { memoryCheckpoints } from "./memory-checkpoints.ts";
import { type Packing, PackSizes, type PackSpeed, packsOf } from "./pack-sizes.ts";
import { type KeepMoments, type StartingGroup, StudyCheckpoints } from "./study-checkpoints.ts";
import { StudyCorpora } from "./study-corpora.ts";

export interface RunStudyOptions {
	gpu: Gpu;
	plan: Plan;
	loadTokenized: CorpusSource["loadTokenized"];
	/** Runs stored here are not trained again. */
	store: RunStore;
	/** Receives the weights of each run that did not diverge, by name, before the run counts as finished. */
	keepWeights?: (run: PlannedRun, weights: ReadonlyMap<string, Float32Array>) => Promise<void>;
	/** The weights that the study's `initialWeights` refers to. */
	initialWeights?: ReadonlyMap<string, Float32Array>;
	/** Where checkpoints are stored, so that an interrupted study can resume unfinished runs; without it, none are taken. */
	checkpoints?: CheckpointStore;
	/** Moments of the runs to keep among the checkpoints, for forks that are planned later. */
	keep?: KeepMoments;
	/** Milliseconds between checkpoints; default ten seconds, more for large packs. */
	checkpointEvery?: number;
	/** GPU memory that a pack may take, in bytes; default 4 GiB. */
	memory?: number;
	/** Opens a new device after a loss. Without it, or after three losses with no checkpoint in between, the study ends. */
	reopen?: () => Promise<Gpu>;
	/**
	 * Aborting ends the study at the next event, with the signal's reason. Finished runs stay stored, and runs in training
	 * leave a checkpoint at the current step.
	 */
	signal?: AbortSignal;
	/** The kernel variants for runs like one, on this device; by default the device's. */
	variantsFor?: (gpu: Gpu, spec: RunSpec) => Promise<Variants>;
	/** Most runs of a shape that train together, or as many as are measured to be fastest on this device; default: the plan's packs. */
	packSize?: number | "fastest";
	/** Measures a pack; for tests. */
	packSpeed?: PackSpeed;
	/** Trains one pack; for tests. */
	train?: typeof trainPack;
}

/** Successive losses of the device, with no checkpoint in between, that a study tolerates. */
const MAX_LOSSES = 2;
const CHECKPOINT_INTERVAL = 10_000;

/** The mutable state of a running study. */
interface StudyState {
	gpu: Gpu;
	/** Device losses since the last checkpoint or finished run. */
	losses: number;
	/** The stored results of runs that have ended, by id. */
	results: Map<string, RunResult>;
	corpora: StudyCorpora;
	checkpoints: StudyCheckpoints | undefined;
	/** Of the present device; absent where packs are the plan's. */
	packSizes: Packing | undefined;
}

/**
 * Trains the missing runs of a study, pack by pack (with halving, in rounds between which clearly losing rates are stopped),
 * and reports progress. To pause, do not request the next event; `return()` stops and frees the GPU memory. Stored runs are
 * left out of their packs, since a run's results do not depend on the others in its pack.
 *
 * @throws Error if the device is lost for good, a corpus differs from the planned one, saving fails, or a missing run
 *   needs 16-bit floats and the adapter does not support them
 */
export async function* runStudy(options: RunStudyOptions): AsyncGenerator<StudyEvent, void, void> {
	const { plan, store, signal } = options;
	const saved = options.checkpoints ?? (plan.study.halving && memoryCheckpoints());
	signal?.throwIfAborted();
	const stored = finalResults(await store.load(plan.runs.map((run) => run.id)), plan.study);
	yield { type: "planned", runs: plan.runs, stored, adapter: options.gpu.name };
	const state: StudyState = {
		...{ gpu: options.gpu, losses: 0, corpora: new StudyCorpora(options.loadTokenized, signal) },
		results: new Map(stored.map((result) => [result.id, result])),
		checkpoints: saved && new StudyCheckpoints(saved, plan.runs, options.keep),
		packSizes: packSizesOf(options),
	};
	if (plan.runs.some(({ id, spec }) => spec.storage === "f16" && !state.results.has(id))) requireHalf(state.gpu);
	const byId = new Map(plan.runs.map((run) => [run.id, run]));
	for (const ids of rounds(plan, state.packSizes !== undefined)) {
		for (;;) {
			signal?.throwIfAborted();
			try {
				const round = ids.map((id) => byId.get(id)!);
				if (round.every(({ id }) => state.results.has(id))) break;
				const gpu = await beforeLoss(state.gpu, chosenFor(round, state, options));
				const { ended, due } = await beforeLoss(gpu, nextOf(round, gpu, state, options));
				for (const result of ended) yield* ending(byId.get(result.id)!, result, state, options);
				if (due.length === 0) break;
				for (const { runs, until } of due) {
					yield* state.corpora.load(runs);
					const { groups, discarded } = (await state.checkpoints?.startingGroups(runs, gpu.name)) ?? {
						groups: [{ runs }],
						discarded: [],
					};
					for (const runs of discarded) yield { type: "discarded", ...runs };
					for (const group of groups) yield* training(group, gpu, until, state, options);
				}
			} catch (error) {
				yield await recovered(error, state, options);
			}
		}
	}
	await state.checkpoints?.settled();
	yield { type: "done" };
}

function packSizesOf({ packSize, packSpeed: speed = packSpeed }: RunStudyOptions): Packing | undefined {
	if (packSize === undefined) return undefined;
	return packSize === "fastest" ? new PackSizes(speed) : packsOf(packSize);
}

/** The device with the variants for the runs of a round, which all have one shape. */
async function chosenFor(round: PlannedRun[], { gpu }: StudyState, { variantsFor }: RunStudyOptions): Promise<Gpu> {
	return variantsFor ? { ...gpu, variants: await variantsFor(gpu, round[0]!.spec) } : gpu;
}

/** What to do next with the runs of a round. */
async function nextOf(
	round: PlannedRun[],
	gpu: Gpu,
	{ results, checkpoints, packSizes }: StudyState,
	{ plan }: RunStudyOptions,
): Promise<Next> {
	const { halving } = plan.study;
	const runs = round.filter(({ id }) => !results.has(id));
	const most = runs.length > 0 ? await packSizes?.of(gpu, runs) : undefined;
	if (halving && checkpoints) return nextByHalving(round, halving, results, checkpoints, gpu.name, most);
	const packs = most === undefined ? [runs] : packRuns(runs, most);
	return { ended: [], due: packs.filter(({ length }) => length > 0).map((pack) => ({ runs: pack })) };
}

/** Stores the result of a run that has ended. */
async function* ending(
	run: PlannedRun,
	result: RunResult,
	{ results, checkpoints }: StudyState,
	{ store }: RunStudyOptions,
): AsyncGenerator<StudyEvent, void, void> {
	await store.save(result);
	results.set(result.id, result);
	checkpoints?.remove(run, results);
	yield { type: "finished", result };
}

/** Opens a new device after a device loss. Rethrows any other error, and the loss if there have been too many. */
async function recovered(error: unknown, state: StudyState, options: RunStudyOptions): Promise<StudyEvent> {
	const { reopen } = options;
	if (!(error instanceof LostError)) throw error;
	state.losses++;
	const kept = state.checkpoints ? "finished runs and checkpoints are kept" : "finished runs are kept";
	if (!reopen || state.losses > MAX_LOSSES) {
		const often = state.losses > 1 ? ` ${state.losses} times in a row` : "";
		throw new Error(`the GPU was lost${often}: ${error.message}; ${kept}, start the study again to continue`);
	}
	state.gpu = await reopen().catch((reason: Error) => {
		throw new Error(
			`the GPU was lost: ${error.message}; no other could be opened: ${reason.message}; ${kept}, start the study again to continue`,
		);
	});
	state.packSizes = packSizesOf(options);
	return { type: "recovered", reason: error.message, adapter: state.gpu.name };
}

async function* training(
	{ runs, from }: StartingGroup,
	gpu: Gpu,
	until: number | undefined,
	state: StudyState,
	options: RunStudyOptions,
): AsyncGenerator<StudyEvent, void, void> {
	const { signal, keepWeights, checkpointEvery = CHECKPOINT_INTERVAL, train = trainPack } = options;
	const { results, checkpoints } = state;
	let isLost = false;
	const loss = lossOf(gpu);
	loss.catch(() => {
		isLost = true;
	});
	const tokens = runs.map((run) => state.corpora.of(run));
	const trainer = train(gpu, runs, tokens, {
		...(from ? { from } : options.initialWeights && { initial: options.initialWeights }),
		...(checkpoints && { checkpointEvery, checkpointAt: checkpoints.branchSteps(runs, results) }),
		...(checkpoints && signal && { signal }),
		checkpointLast: keepWeights !== undefined,
		...(until !== undefined && { until }),
		...(options.memory !== undefined && { memory: options.memory }),
	});
	try {
		for (;;) {
			const next = await Promise.race([trainer.next(), loss]);
			if (next.done) break;
			const event = next.value;
			// Results and the last checkpoint are saved even if the study was aborted.
			if (event.type !== "end" && !checkpoints) signal?.throwIfAborted();
			if (event.type === "start") {
				const ids = runs.map((run) => run.id);
				yield { type: "pack", ids, bytes: event.bytes, ...(from && { from: from[0]!.step }) };
			} else if (event.type === "progress") yield event;
			else if (event.type === "checkpoint") {
				state.losses = 0;
				if (event.step < runs[0]!.spec.steps) {
					checkpoints?.save(event.checkpoints, results);
					continue;
				}
				for (const [i, checkpoint] of event.checkpoints.entries())
					if (checkpoint.record.divergedAt === null) await keepWeights?.(runs[i]!, parametersOf(checkpoint));
			} else
				for (const [i, result] of event.results.entries()) {
					state.losses = 0;
					yield* ending(runs[i]!, result, state, options);
				}
		}
		await checkpoints?.settled();
		signal?.throwIfAborted();
	} catch (error) {
		await throwLoss(loss, error);
	} finally {
		// A call to a lost device may never settle, and `return()` would wait for it.
		const freed = trainer.return();
		if (isLost) freed.catch(() => {});
		else await freed;
		// Saves in progress complete; the next call that continues training throws if one failed.
		await checkpoints?.settled().catch(() => {});
	}
}
