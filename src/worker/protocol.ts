import type { FitPointsOptions, PointsAnalysis } from "../analysis/fit-points.ts";
import type { Fit } from "../analysis/fitting/fit.ts";
import type { AnalysisOptions, StudyAnalysis } from "../analysis/method1/study-analysis.ts";
import type { CurveRun } from "../analysis/points/curve-run.ts";
import type { Point } from "../analysis/points/point.ts";
import type { AnnealingOptions, ScheduledCurve } from "../analysis/training-laws/annealing-law.ts";
import type { Counting } from "../architecture/counting.ts";
import type { CorpusInfo } from "../data/corpus.ts";
import type { Trial } from "../gpu/trials.ts";
import type { Tuning } from "../gpu/tuning.ts";
import type { Moment, StudyEvent } from "../run/events.ts";
import type { RunResult } from "../run/run-result.ts";
import type { Speed } from "../study/cost.ts";
import type { FitsOfRuns } from "../study/fits-of-runs.ts";
import type { Forecast } from "../study/forecast.ts";
import type { HoldOut } from "../study/hold-out.ts";
import type { Judgement } from "../study/judge-forecast.ts";
import type { NextRunsRequest, NextRunsTable } from "../study/next-runs.ts";
import type { Plan } from "../study/plan.ts";
import type { Study } from "../study/study.ts";
import type { StorageReport } from "./storage-report.ts";

export type { StorageReport, Trial, Tuning };

/** How training ended, when it did not fail. */
export type RunOutcome = "done" | "stopped";

/** How many operations of the kernels are measured, of how many. */
export type OnMeasured = (done: number, total: number) => void;

/** What is set aside of a study until it is predicted. */
export interface SetAside {
	/** `studyHash` of the study. */
	study: string;
	by: HoldOut;
	/** Null until it is sealed. */
	forecast: Forecast | null;
}

/**
 * The training worker's interface to the page. Rejections carry a message to show to the user. Only `run`, `retune` and
 * `probe` open a device, and never at the same time.
 */
export interface LabApi {
	/** The adapter's name. Rejects without an adapter. */
	adapter(): Promise<string>;
	/** The available corpora: built-in ones and the user's files. */
	corpora(): Promise<CorpusInfo[]>;
	/** Adds a text as a corpus. Studies name it by the returned id. */
	addText(name: string, text: string, note: string | null): Promise<CorpusInfo>;
	/**
	 * From now on `onReport` receives how storing goes: at once, and when it changes. Runs that cannot be stored are kept in this
	 * worker's memory, and count as stored in all that follows.
	 */
	watchStorage(onReport: (report: StorageReport) => void): Promise<void>;
	/** Tries again to store the runs that are in memory only. */
	storeAgain(): Promise<void>;
	/**
	 * Stores finished runs from the text of a runs.jsonl and returns their number, with the study that the file holds beside them,
	 * unchecked; see `addRuns`.
	 */
	addRuns(text: string): Promise<{ count: number; study?: unknown }>;
	/** The runs of a study. Rejects when it cannot run. */
	plan(study: Study): Promise<Plan>;
	/** The stored results among these runs. */
	stored(ids: string[]): Promise<RunResult[]>;
	/** How many seconds these runs took, by id, as far as that is known; see `RunNote`. */
	seconds(ids: string[]): Promise<Record<string, number>>;
	/** What is set aside of the study with this hash; null if nothing is. */
	setAside(study: string): Promise<SetAside | null>;
	/** Stores that, or, with null, that nothing is. Rejects if a forecast of the study is sealed. */
	keepSetAside(study: string, aside: SetAside | null): Promise<void>;
	/**
	 * Trains the runs that are not stored yet. `onEvents` receives batches of events, a few times per second at most; a
	 * `finished` event is sent once the result is stored, or kept in memory. Before the first one, kernels that are not measured yet
	 * are, which `onMeasured` follows. Rejects while a study is running here, or the same study in another tab.
	 *
	 * @param keepAt shares of each run's steps whose checkpoints stay for later forks, until a study with other runs trains that
	 *   keeps some too; default none
	 */
	run(
		plan: Plan,
		onEvents: (events: StudyEvent[]) => void,
		onMeasured?: OnMeasured,
		keepAt?: readonly number[],
	): Promise<RunOutcome>;
	/** The moments with a checkpoint that stays; see `run`. */
	keptMoments(): Promise<Moment[]>;
	pause(): Promise<void>;
	resume(): Promise<void>;
	/** Requests a stop; `run` resolves when training has stopped. */
	stop(): Promise<void>;
	/**
	 * The adapter's speed by a measurement of at most half a second, which `run` and `retune` wait for; null where that does
	 * not do: on adapters that compute on the processor, on slow ones, and while the GPU is in use.
	 */
	probe(): Promise<Speed | null>;
	/** The kernel measurements of the adapter, if there are any. */
	tuning(): Promise<Tuning | undefined>;
	/** Measures the kernels again, for runs that start afterwards. Rejects while a study is running here. */
	retune(onMeasured?: OnMeasured): Promise<Tuning>;
	/** Deletes the measurements: the next `run` measures again. */
	forgetTuning(): Promise<void>;
}

/** The analysis worker's interface to the page. */
export interface AnalysisApi {
	/**
	 * Sets the runs to analyze: those of `ids`, in this order. `changed` holds the curves that are new or different; the
	 * others are those of the call before. Rejects an id whose curve was never sent.
	 */
	setRuns(ids: string[], changed: CurveRun[]): Promise<void>;
	/** The fits of the runs that were set. */
	analyze(options?: AnalysisOptions): Promise<StudyAnalysis>;
	/** The fits of `isoflop fit --method`. */
	fitPoints(points: Point[], options: FitPointsOptions): Promise<PointsAnalysis>;
	/** The law of loss under annealing, fitted to curves of one model size; see `fitAnnealing`. */
	fitAnnealing(curves: ScheduledCurve[], options: AnnealingOptions): Promise<Fit>;
	/** Predicts the runs that are set aside from the results of the others; see `sealForecast`. */
	forecast(plan: Plan, by: HoldOut, results: RunResult[]): Promise<Forecast>;
	/** What came of a forecast; see `judgeForecast`. */
	judge(forecast: Forecast, results: RunResult[]): Promise<Judgement>;
	/** Which run to add to a study; see `nextRunsOf`. */
	nextRuns(request: NextRunsRequest): Promise<NextRunsTable>;
}

/** What every method makes of a study's finished runs, or why they cannot be fitted together. */
export interface FitsAnswer {
	counting: Counting;
	fits: FitsOfRuns | null;
	/** Empty where there are fits. */
	reason: string;
}

/** The fits worker's interface to the page: fits that take seconds, and hold up nothing else. */
export interface FitsApi {
	/** Fits finished runs by every method in one way of counting. */
	fit(results: RunResult[], counting: Counting, resamples: number): Promise<FitsAnswer>;
}
