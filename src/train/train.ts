import { modelFlopsPerToken } from "../architecture/flops.ts";
import type { RunCorpora } from "../data/corpus.ts";
import type { Gpu } from "../gpu/device.ts";
import { initialParameters } from "../model/init.ts";
import type { PlannedRun } from "../run/events.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { TrainEvent } from "./events.ts";
import { Feeder, sharesTokens } from "./feeder.ts";
import { Pace } from "./pace.ts";
import { Pack } from "./pack.ts";
import { checkPackMemory } from "./pack-memory.ts";
import { packShape } from "./pack-shape.ts";
import { RunRecord } from "./run-record.ts";
import { type Done, Submitter } from "./submitter.ts";
import { timetableOf } from "./timetable.ts";
import { type CopiedWeights, restoreWeights, WeightCopier } from "./weight-copier.ts";

/** Minimum time between two progress events, in milliseconds. */
const PROGRESS_INTERVAL = 100;

/** Maximum rate of writing checkpoints: those of large packs are further apart. Unit: bytes per millisecond. */
const WRITING_SPEED = 10_000;

export interface TrainOptions {
	/** Checkpoints to continue from, in the order of the runs, all at one step and with the same variants. */
	from?: readonly Checkpoint[];
	/** Initial weights by name, if `from` is not given; by default random weights from each run's seed. */
	initial?: ReadonlyMap<string, Float32Array>;
	/** Takes a checkpoint every so many milliseconds, less often for large packs. */
	checkpointEvery?: number;
	/** Takes checkpoints after these steps. */
	checkpointAt?: readonly number[];
	/** Takes a checkpoint after the last step. */
	checkpointLast?: boolean;
	/** Ends training after this step, with a checkpoint and without an `end` event. Default: the last step. */
	until?: number;
	/** GPU memory that the pack may take, in bytes; default `DEFAULT_MEMORY`. */
	memory?: number;
	/** Aborting ends training after the current step, without an `end` event, and with a checkpoint if they are enabled. */
	signal?: AbortSignal;
}

/**
 * Trains the runs of one pack together. Closing the generator stops training and frees the GPU memory.
 *
 * @param runs with the same model, batch size and number of steps; see `packKey` in `src/study`
 * @param corpora the tokens of each run, in the order of `runs`
 * @throws RangeError, before anything is allocated, if the pack does not fit; Error with the reason if the device is lost
 */
export async function* train(
	gpu: Gpu,
	runs: PlannedRun[],
	corpora: RunCorpora[],
	options: TrainOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
	const { spec } = runs[0]!;
	const { from, checkpointEvery, checkpointAt, checkpointLast = false, until = spec.steps, signal } = options;
	const takesCheckpoints =
		checkpointEvery !== undefined || checkpointAt !== undefined || checkpointLast || until < spec.steps;
	const shape = packShape(spec, runs.length, sharesTokens(runs, corpora));
	checkPackMemory(gpu, shape, takesCheckpoints, options.memory);
	// Variants differ in rounding, so a resumed run keeps the ones it started with.
	const variants = from?.[0]?.variants ?? gpu.variants;
	const pack = await Pack.create({ ...gpu, variants }, shape);
	try {
		const records = runs.map((run, i) => new RunRecord(run, from && structuredClone(from[i]!.record)));
		for (const [i, { weights, record }] of (from ?? []).entries()) restoreWeights(pack, i, weights, record.divergedAt);
		if (!from) loadInitialValues(pack, runs, options.initial);
		const timetable = timetableOf(spec, from?.[0]?.step ?? 0, options);
		const tokensPerStep = spec.batchSequences * spec.model.context;
		const microBatchTokens = spec.microBatchSequences * spec.model.context;
		const pace = new Pace(runs.length * microBatchTokens * modelFlopsPerToken(spec.model));
		const feeder = new Feeder(pack, runs, corpora);
		const [copier, submitter] = await pack.allocate(() => {
			const copier = takesCheckpoints ? new WeightCopier(pack) : undefined;
			return [copier, new Submitter(pack, feeder, timetable, pace, copier)] as const;
		});
		yield { type: "start", bytes: pack.memory.bytes };
		// Measurements of earlier steps.
		if (from) yield { type: "progress", runs: records.map((record) => record.takeProgress()), tokensPerSecond: 0 };
		let since = performance.now();
		let lastCheckpoint = since;
		let steps = 0;
		for (let done = await submitter.next(); done; done = await submitter.next()) {
			steps += recordDone(done, records);
			const now = performance.now();
			const isLast = done.type === "steps" && done.first + done.metrics.length > until;
			if (steps > 0 && (now - since >= PROGRESS_INTERVAL || isLast)) {
				const tokensPerSecond = (steps * tokensPerStep * runs.length * 1000) / (now - since);
				yield { type: "progress", runs: records.map((record) => record.takeProgress()), tokensPerSecond };
				submitter.resume();
				since = performance.now();
				steps = 0;
			}
			if (done.type === "snapshot") {
				const checkpoints = checkpointsOf(records, done.step, done.weights, pack.gpu);
				yield { type: "checkpoint", step: done.step, checkpoints };
				submitter.resume();
				lastCheckpoint = performance.now();
			}
			if (copier && now - lastCheckpoint >= Math.max(checkpointEvery ?? Infinity, copier.bytes / WRITING_SPEED))
				submitter.requestSnapshot();
			if (signal?.aborted) submitter.stop();
		}
		if (!records.every(({ isComplete }) => isComplete)) return;
		const last = records.map((record) => record.takeProgress());
		if (last.some(({ points }) => points.length > 0)) yield { type: "progress", runs: last, tokensPerSecond: 0 };
		yield { type: "end", results: records.map((record) => record.result(gpu.name, variants)) };
	} catch (reason) {
		throw await withLossOfDevice(gpu, reason);
	} finally {
		pack.destroy();
	}
}

function loadInitialValues(pack: Pack, runs: PlannedRun[], initial?: ReadonlyMap<string, Float32Array>): void {
	const ofSeed = new Map<number, ReadonlyMap<string, Float32Array>>();
	runs.forEach(({ spec: { seed } }, run) => {
		const values = initial ?? ofSeed.get(seed) ?? initialParameters(pack.shape.model, seed);
		ofSeed.set(seed, values);
		pack.loadParameters(run, values);
	});
}

/** Adds a submit's measurements to the records; returns the number of steps. */
function recordDone(done: Done, records: RunRecord[]): number {
	if (done.type === "steps") {
		done.metrics.forEach((ofRuns, i) => {
			for (const [run, record] of records.entries()) record.addStep(done.first + i, ofRuns[run]!);
		});
		return done.metrics.length;
	}
	if (done.type === "evaluation")
		for (const [run, record] of records.entries()) {
			const losses = done.losses.map((ofRuns) => ofRuns[run]!);
			const average = record.run.spec.ema === undefined ? undefined : losses.pop();
			record.addEvaluation(done.step, losses, average);
		}
	return 0;
}

function checkpointsOf(records: RunRecord[], step: number, weights: CopiedWeights, gpu: Gpu): Checkpoint[] {
	return records.map((record, run) => ({
		...{ id: record.run.id, spec: record.run.spec, adapter: gpu.name, variants: gpu.variants, step },
		...{ record: record.snapshot(), weights: weights.ofRun(run) },
	}));
}

/** An error for the loss of the device if it has been lost, otherwise `reason`. */
async function withLossOfDevice(gpu: Gpu, reason: unknown): Promise<unknown> {
	const lost = await Promise.race([gpu.lost, new Promise<undefined>((done) => setTimeout(done, 100))]);
	return lost === undefined ? reason : new Error(`${lost}; finished runs are kept: run the study again to continue`);
}
