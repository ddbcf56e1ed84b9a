import { join } from "node:path";
import type { Gpu } from "../../gpu/device.ts";
import { MAX_MEASURED_RUNS } from "../../lab/pack-sizes.ts";
import { type RunStudyOptions, runStudy } from "../../lab/run-study.ts";
import type { TrainedModel } from "../../model/trained-model.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";
import { initialProgress, reduceProgress, type StudyProgress } from "../../study/progress.ts";
import type { Study } from "../../study/study.ts";
import { openTunedDevice, variantsFor } from "../device/tuned-device.ts";
import { CheckpointFolder } from "../files/checkpoint-folder.ts";
import { loadTokenized } from "../files/corpora.ts";
import { weightsPath } from "../files/find-model.ts";
import { lockFolder } from "../files/folder-lock.ts";
import { folderNameOf } from "../files/output-folder.ts";
import { CHECKPOINTS_FOLDER, RUNS_FILE, StudyFolder } from "../files/study-folder.ts";
import { writeWeightsFile } from "../files/weights-file.ts";
import { abortOnInterrupt } from "../interrupt.ts";
import { openProgressView } from "../printing/open-progress-view.ts";
import { jsonNotes } from "../printing/progress-json.ts";
import { finishedRunsText } from "../printing/progress-text.ts";
import type { ProgressView } from "../printing/progress-view.ts";
import type { Terminal } from "../printing/terminal.ts";
import { numberOption } from "./number-option.ts";
import { initialWeights, type PlanOptions, planFor } from "./plan-command.ts";
import { tracedRun, writeTraceOf } from "./trace-option.ts";

export interface TrainOptions extends PlanOptions {
	/** Output folder; by default `runs/<study name>`. */
	out?: string;
	/** Part of the adapter name. */
	adapter?: string;
	/** GPU memory for concurrent runs, GiB. */
	memory?: string;
	/** Most runs that train together. */
	pack?: string;
	/** Seconds between checkpoints of unfinished runs. */
	checkpointEvery?: string;
	/** Whether to save the weights of finished runs; true by default. */
	weights?: boolean;
	/** Number of steps to trace. */
	trace?: string;
	/** Start of the id of the run to trace; by default the first planned run. */
	traceRun?: string;
}

/** A study whose runs have all ended. */
export interface TrainedStudy {
	plan: Plan;
	gpu: Gpu;
	folder: StudyFolder;
	/** In plan order. */
	results: RunResult[];
	/** How many of the results were stored before. */
	stored: number;
}

/** A part of a study to train before the rest of it. */
export interface FirstStage {
	plan: Plan;
	/** Called when that part has ended. */
	ended(folder: StudyFolder): Promise<void>;
}

/** What to train first of a plan, given its folder and what is stored there; null for all at once. */
export type StageOf = (plan: Plan, path: string, stored: readonly RunResult[]) => Promise<FirstStage | null>;

/**
 * Trains the unfinished runs of a study, and stores each result in its folder.
 *
 * @returns null when interrupted; what has ended is stored, and that is said
 */
export async function trainStudy(
	given: Terminal,
	study: Study,
	options: TrainOptions,
	stageOf: StageOf = async () => null,
): Promise<TrainedStudy | null> {
	const initial = await initialWeights(study);
	const plan = await planFor(study, initial);
	const path = options.out ?? join("runs", await folderNameOf(study));
	const readFolder = async (): Promise<FolderState> => {
		const before = await StudyFolder.check(
			path,
			study,
			plan.runs.map((run) => run.id),
		);
		return { before, first: await stageOf(plan, path, before) };
	};
	// What is wrong is said before anything is written.
	await readFolder();
	const toTrace = tracedRun(plan, options);
	const checkpointEvery = 1000 * numberOption("--checkpoint-every", options.checkpointEvery ?? "10", 0.01, 1e6);
	const memory = 2 ** 30 * numberOption("--memory", options.memory ?? "4", 0.001, 1024);
	const release = await lockFolder(path);
	try {
		// Before the lock another process may have written here.
		const state = await readFolder();
		const watch = () => openProgressView(given, options.json);
		const packSize: Job["packSize"] =
			options.pack === undefined ? "fastest" : numberOption("--pack", options.pack, 1, MAX_MEASURED_RUNS, true);
		const job = { ...state, study, plan, path, initial, toTrace, checkpointEvery, memory, packSize, watch };
		return await trainInFolder(notesOf(given, options), job, options);
	} finally {
		await release();
	}
}

/** Where sentences go: as lines of JSON where progress does. */
export function notesOf(terminal: Terminal, { json }: { json?: boolean }): Terminal {
	return json && !terminal.screen ? jsonNotes(terminal) : terminal;
}

/** What a folder holds before its study trains. */
interface FolderState {
	/** Finished runs. */
	before: readonly RunResult[];
	first: FirstStage | null;
}

interface Job extends FolderState {
	study: Study;
	plan: Plan;
	/** The output folder, which this process holds. */
	path: string;
	initial: TrainedModel | undefined;
	toTrace: ReturnType<typeof tracedRun>;
	/** Milliseconds. */
	checkpointEvery: number;
	/** Bytes. */
	memory: number;
	packSize: number | "fastest";
	watch: () => ProgressView;
}

async function trainInFolder(terminal: Terminal, job: Job, options: TrainOptions): Promise<TrainedStudy | null> {
	const { study, plan, path, initial, toTrace, checkpointEvery, memory, packSize, watch, before, first } = job;
	const checkpoints = new CheckpointFolder(join(path, CHECKPOINTS_FOLDER));
	const gpu = await openTunedDevice(terminal, options.adapter);
	const folder = await StudyFolder.open(path, study);
	for (const warning of plan.warnings) terminal.say(`Note: ${warning}`);
	if (folder.repaired) terminal.say(`${join(path, RUNS_FILE)}: removed an incomplete last line; that run trains again`);
	if (toTrace) await writeTraceOf(terminal, gpu, toTrace, path, initial?.weights);
	const training = {
		...{ gpu, loadTokenized, store: folder, checkpoints, checkpointEvery, memory, packSize, variantsFor },
		reopen: () => openTunedDevice(terminal, options.adapter),
		initialWeights: initial?.weights,
		keepWeights: (options.weights ?? true) ? weightsKeeper(folder.path, gpu.name) : undefined,
	};
	for (const stage of first ? [first.plan, plan] : [plan]) {
		const { progress, interrupted } = await train(watch(), { ...training, plan: stage });
		if (interrupted) {
			terminal.say(
				`stopped; ${finishedRunsText(progress)} and saved in ${path}. Run the same command again to resume.`,
			);
			return null;
		}
		if (stage !== plan) await first!.ended(folder);
	}
	await checkpoints.clear();
	const results = await folder.sort(plan.runs.map((run) => run.id));
	const known = new Set(before.map(({ id }) => id));
	return { plan, gpu, folder, results, stored: results.filter(({ id }) => known.has(id)).length };
}

/** Trains until the study is done or a signal stops it. A second signal exits immediately. */
async function train(
	view: ProgressView,
	options: RunStudyOptions,
): Promise<{ progress: StudyProgress; interrupted: boolean }> {
	const abort = new AbortController();
	const stopListening = abortOnInterrupt(abort, () => view.close());
	let progress = initialProgress;
	try {
		for await (const event of runStudy({ ...options, signal: abort.signal })) {
			progress = reduceProgress(progress, event);
			view.show(progress, event);
		}
	} catch (error) {
		if (!abort.signal.aborted) throw error;
	} finally {
		view.close();
		stopListening();
	}
	return { progress, interrupted: progress.phase !== "done" };
}

/** Saves the weights of each finished run in the study folder. */
function weightsKeeper(path: string, adapter: string): RunStudyOptions["keepWeights"] {
	return ({ id, spec }, weights) =>
		writeWeightsFile(weightsPath(path, id), { config: spec.model, weights, about: { id, spec, adapter } });
}
