import { join } from "node:path";
import { fitStudy } from "../../analysis/fit-study.ts";
import { answer } from "../../experiments/answers.ts";
import { type RunStudyOptions, runStudy } from "../../lab/run-study.ts";
import type { RunStatus } from "../../run/choices.ts";
import type { Plan } from "../../study/plan.ts";
import { initialProgress, reduceProgress, type StudyProgress } from "../../study/progress.ts";
import type { Study } from "../../study/study.ts";
import { openTunedDevice } from "../device/tuned-device.ts";
import { CheckpointFolder } from "../files/checkpoint-folder.ts";
import { loadTokenized } from "../files/corpora.ts";
import { weightsPath } from "../files/find-model.ts";
import { lockFolder } from "../files/folder-lock.ts";
import { folderNameOf } from "../files/output-folder.ts";
import { readStudy } from "../files/read-study.ts";
import { CHECKPOINTS_FOLDER, FITS_FILE, RUNS_FILE, STUDY_FILE, StudyFolder } from "../files/study-folder.ts";
import { type TrainedModel, writeWeightsFile } from "../files/weights-file.ts";
import { abortOnInterrupt } from "../interrupt.ts";
import { answerJson, answerLines } from "../printing/answer-lines.ts";
import { fitTable } from "../printing/fit-table.ts";
import { plural } from "../printing/format.ts";
import { openProgressView } from "../printing/open-progress-view.ts";
import { jsonNotes } from "../printing/progress-json.ts";
import { finishedRunsText } from "../printing/progress-text.ts";
import type { ProgressView } from "../printing/progress-view.ts";
import { EXIT_INTERRUPTED, type Terminal } from "../printing/terminal.ts";
import { numberOption } from "./number-option.ts";
import { initialWeights, type PlanOptions, planFor } from "./plan-command.ts";
import { tracedRun, writeTraceOf } from "./trace-option.ts";

export interface RunOptions extends PlanOptions {
	/** Output folder; by default `runs/<study name>`. */
	out?: string;
	/** Part of the adapter name. */
	adapter?: string;
	/** GPU memory for concurrent runs, GiB. */
	memory?: string;
	/** Seconds between checkpoints of unfinished runs. */
	checkpointEvery?: string;
	/** Whether to save the weights of finished runs; true by default. */
	weights?: boolean;
	/** Number of steps to trace. */
	trace?: string;
	/** Start of the id of the run to trace; by default the first planned run. */
	traceRun?: string;
}

/** `isoflop run`: trains the unfinished runs of a study, saves each result, and fits them. */
export async function runCommand(given: Terminal, argument: string, options: RunOptions): Promise<number> {
	const terminal = options.json && !given.screen ? jsonNotes(given) : given;
	const study = await readStudy(argument, options.corpus, terminal.say);
	const initial = await initialWeights(study);
	const plan = await planFor(study, initial);
	const path = options.out ?? join("runs", await folderNameOf(study));
	const ids = plan.runs.map((run) => run.id);
	await StudyFolder.check(path, study, ids);
	const toTrace = tracedRun(plan, options);
	const checkpointEvery = 1000 * numberOption("--checkpoint-every", options.checkpointEvery ?? "10", 0.01, 1e6);
	const memory = 2 ** 30 * numberOption("--memory", options.memory ?? "4", 0.001, 1024);
	const release = await lockFolder(path);
	try {
		// Before the lock another process may have begun another study here.
		await StudyFolder.check(path, study, ids);
		const watch = () => openProgressView(given, options.json);
		const job = { study, plan, path, initial, toTrace, checkpointEvery, memory, watch };
		return await runInFolder(terminal, job, options);
	} finally {
		await release();
	}
}

interface Job {
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
	watch: () => ProgressView;
}

async function runInFolder(terminal: Terminal, job: Job, options: RunOptions): Promise<number> {
	const { study, plan, path, initial, toTrace, checkpointEvery, memory, watch } = job;
	const ids = plan.runs.map((run) => run.id);
	const checkpoints = new CheckpointFolder(join(path, CHECKPOINTS_FOLDER));
	const gpu = await openTunedDevice(terminal, options.adapter);
	const folder = await StudyFolder.open(path, study);
	for (const warning of plan.warnings) terminal.say(`Note: ${warning}`);
	if (folder.repaired) terminal.say(`${join(path, RUNS_FILE)}: removed an incomplete last line; that run trains again`);
	if (toTrace) await writeTraceOf(terminal, gpu, toTrace, path, initial?.weights);
	const { progress, interrupted } = await train(watch(), {
		...{ gpu, plan, loadTokenized, store: folder, checkpoints, checkpointEvery, memory },
		reopen: () => openTunedDevice(terminal, options.adapter),
		initialWeights: initial?.weights,
		keepWeights: (options.weights ?? true) ? weightsKeeper(folder.path, gpu.name) : undefined,
	});
	if (interrupted) {
		terminal.say(`stopped; ${finishedRunsText(progress)} and saved in ${path}. Run the same command again to resume.`);
		return EXIT_INTERRUPTED;
	}
	await checkpoints.clear();
	const results = await folder.sort(ids);
	const fits = fitStudy(results);
	await folder.writeFits(fits);
	// The headline experiment is answered by the fits themselves.
	const found = study.experiment === "reconcile" ? null : answer(plan, results);
	const stored = progress.runs.filter((run) => run.status === "stored").length;
	if (options.json) {
		const trained = results.length - stored;
		const count = (status: RunStatus) => results.filter((result) => result.status === status).length;
		terminal.json({
			...{
				out: path,
				adapter: gpu.name,
				runs: { trained, stored, diverged: count("diverged"), stopped: count("stopped") },
				fits,
			},
			...(found && { answer: answerJson(found) }),
		});
	} else for (const line of found ? answerLines(found) : fitTable(fits)) terminal.print(line);
	terminal.say(`results of ${plural(results.length, "run")} are in ${path}: ${STUDY_FILE}, ${RUNS_FILE}, ${FITS_FILE}`);
	return 0;
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
