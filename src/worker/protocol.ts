import type { FitPointsOptions, PointsAnalysis } from "../analysis/fit-points.ts";
import type { AnalysisOptions, StudyAnalysis } from "../analysis/method1/study-analysis.ts";
import type { CurveRun } from "../analysis/points/curve-run.ts";
import type { Point } from "../analysis/points/point.ts";
import type { CorpusInfo } from "../data/corpus.ts";
import type { Trial, Tuning } from "../gpu/tuning.ts";
import type { StudyEvent } from "../run/events.ts";
import type { RunResult } from "../run/run-result.ts";
import type { Plan } from "../study/plan.ts";
import type { Study } from "../study/study.ts";

export type { Trial, Tuning };

/** A study before it runs: its plan, and the runs of it that are stored. */
export interface PreparedStudy {
	plan: Plan;
	stored: RunResult[];
}

/** How a run of a study ended when nothing went wrong. */
export type RunOutcome = "done" | "stopped";

/**
 * What the page asks of the training worker. Everything that takes time happens there; failures reject with a message
 * for people. Only `run` and `retune` open a device, and not at the same time.
 */
export interface LabApi {
	/** The adapter's name. Rejects when there is none. */
	adapter(): Promise<string>;
	/** The corpora that studies can name: built-in ones and the user's files. */
	corpora(): Promise<CorpusInfo[]>;
	/** Makes a text a corpus; a study names it by the id returned. */
	addText(name: string, text: string): Promise<CorpusInfo>;
	/** Stores finished runs from the text of a runs.jsonl; returns how many. Rejects runs that are not what they say. */
	addRuns(text: string): Promise<number>;
	prepare(study: Study): Promise<PreparedStudy>;
	/**
	 * Trains what is missing. `onEvents` gets batches at most ten times a second; a run's `finished` is sent after its
	 * result is durable. Rejects while a study runs here, or while another tab runs the same one.
	 */
	run(study: Study, onEvents: (events: StudyEvent[]) => void): Promise<RunOutcome>;
	pause(): Promise<void>;
	resume(): Promise<void>;
	/** The outcome of `run` tells when everything has stopped. */
	stop(): Promise<void>;
	/** Which variants of the kernels were measured to be fastest on the adapter, if they were. */
	tuning(): Promise<Tuning | undefined>;
	/** Measures that anew and keeps it, for runs that start afterwards. Rejects while a study runs here. */
	retune(): Promise<Tuning>;
	/** Forgets it: the next `run` measures again. */
	forgetTuning(): Promise<void>;
}

/** What the page asks of the analysis worker, which computes beside training. */
export interface AnalysisApi {
	analyze(runs: CurveRun[], options?: AnalysisOptions): Promise<StudyAnalysis>;
	/** Every method's fits, as `isoflop fit --method` gives them. */
	fitPoints(points: Point[], options: FitPointsOptions): Promise<PointsAnalysis>;
}
