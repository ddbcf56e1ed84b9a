import { join } from "node:path";
import { fitStudy } from "../../analysis/fit-study.ts";
import { answer } from "../../experiments/answers.ts";
import { type RunStudyOptions, runStudy } from "../../lab/run-study.ts";
import type { RunStatus } from "../../run/choices.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Forecast } from "../../study/forecast.ts";
import { type HoldOut, keptPlan } from "../../study/hold-out.ts";
import { judgeForecast } from "../../study/judge-forecast.ts";
import type { Plan } from "../../study/plan.ts";
import { initialProgress, reduceProgress, type StudyProgress } from "../../study/progress.ts";
import type { Study } from "../../study/study.ts";
import { openTunedDevice } from "../device/tuned-device.ts";
import { CheckpointFolder } from "../files/checkpoint-folder.ts";
import { loadTokenized } from "../files/corpora.ts";
import { weightsPath } from "../files/find-model.ts";
import { lockFolder } from "../files/folder-lock.ts";
import { readForecast } from "../files/forecast-file.ts";
import { folderNameOf } from "../files/output-folder.ts";
import { readStudy } from "../files/read-study.ts";
import { CHECKPOINTS_FOLDER, FITS_FILE, RUNS_FILE, STUDY_FILE, StudyFolder } from "../files/study-folder.ts";
import { type TrainedModel, writeWeightsFile } from "../files/weights-file.ts";
import { abortOnInterrupt } from "../interrupt.ts";
import { answerJson, answerLines } from "../printing/answer-lines.ts";
import { asciiKeys } from "../printing/ascii-keys.ts";
import { fitTable } from "../printing/fit-table.ts";
import { judgementLines } from "../printing/forecast-lines.ts";
import { plural } from "../printing/format.ts";
import { openProgressView } from "../printing/open-progress-view.ts";
import { jsonNotes } from "../printing/progress-json.ts";
import { finishedRunsText } from "../printing/progress-text.ts";
import type { ProgressView } from "../printing/progress-view.ts";
import { EXIT_INTERRUPTED, type Terminal } from "../printing/terminal.ts";
import { holdOutOf, runsToSetAside, sealInFolder } from "./hold-out-option.ts";
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
	/** Which runs are set aside until their losses are predicted: see `HOLD_OUTS`. */
	holdOut?: string;
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
	const by = holdOutOf(options.holdOut);
	const readFolder = async (): Promise<FolderState> => {
		const before = await StudyFolder.check(path, study, ids);
		const sealed = await readForecast(path, study);
		return { by, before, sealed, heldOut: runsToSetAside(plan, by, sealed, before) };
	};
	// What is wrong is said before anything is written.
	await readFolder();
	const toTrace = tracedRun(plan, options);
	const checkpointEvery = 1000 * numberOption("--checkpoint-every", options.checkpointEvery ?? "10", 0.01, 1e6);
	const memory = 2 ** 30 * numberOption("--memory", options.memory ?? "4", 0.001, 1024);
	const release = await lockFolder(path);
	try {
		const watch = () => openProgressView(given, options.json);
		// Before the lock another process may have written here.
		const state = await readFolder();
		const job = { ...state, study, plan, path, initial, toTrace, checkpointEvery, memory, watch };
		return await runInFolder(terminal, job, options);
	} finally {
		await release();
	}
}

/** What a folder holds before its study trains. */
interface FolderState {
	by: HoldOut | null;
	/** Finished runs. */
	before: readonly RunResult[];
	sealed: Forecast | null;
	/** Runs to set aside until a forecast of them is sealed. */
	heldOut: string[] | null;
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
	watch: () => ProgressView;
}

async function runInFolder(terminal: Terminal, job: Job, options: RunOptions): Promise<number> {
	const { study, plan, path, initial, toTrace, checkpointEvery, memory, watch, by, before, sealed, heldOut } = job;
	const ids = plan.runs.map((run) => run.id);
	const checkpoints = new CheckpointFolder(join(path, CHECKPOINTS_FOLDER));
	const gpu = await openTunedDevice(terminal, options.adapter);
	const folder = await StudyFolder.open(path, study);
	for (const warning of plan.warnings) terminal.say(`Note: ${warning}`);
	if (folder.repaired) terminal.say(`${join(path, RUNS_FILE)}: removed an incomplete last line; that run trains again`);
	if (toTrace) await writeTraceOf(terminal, gpu, toTrace, path, initial?.weights);
	const training = {
		...{ gpu, loadTokenized, store: folder, checkpoints, checkpointEvery, memory },
		reopen: () => openTunedDevice(terminal, options.adapter),
		initialWeights: initial?.weights,
		keepWeights: (options.weights ?? true) ? weightsKeeper(folder.path, gpu.name) : undefined,
	};
	const known = new Set(before.map(({ id }) => id));
	let forecast = sealed;
	for (const stage of heldOut ? [keptPlan(plan, heldOut), plan] : [plan]) {
		const { progress, interrupted } = await train(watch(), { ...training, plan: stage });
		if (interrupted) {
			terminal.say(
				`stopped; ${finishedRunsText(progress)} and saved in ${path}. Run the same command again to resume.`,
			);
			return EXIT_INTERRUPTED;
		}
		if (stage !== plan) forecast = await sealInFolder(terminal, plan, by!, folder);
	}
	await checkpoints.clear();
	const results = await folder.sort(ids);
	const fits = fitStudy(results);
	await folder.writeFits(fits);
	// The headline experiment is answered by the fits themselves.
	const found = study.experiment === "reconcile" ? null : answer(plan, results);
	const judgement = forecast && (await judgeForecast(forecast, results));
	if (options.json) {
		const stored = results.filter(({ id }) => known.has(id)).length;
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
			...(forecast && { forecast: asciiKeys(forecast), judgement }),
		});
	} else {
		for (const line of found ? answerLines(found) : fitTable(fits)) terminal.print(line);
		if (forecast && judgement) for (const line of ["", ...judgementLines(forecast, judgement)]) terminal.print(line);
	}
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
