import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import type { Counting } from "../../architecture/counting.ts";
import type { CorpusInfo } from "../../data/corpus.ts";
import type { StudyEvent } from "../../run/events.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Speed } from "../../study/cost.ts";
import type { Forecast } from "../../study/forecast.ts";
import type { HoldOut } from "../../study/hold-out.ts";
import type { Judgement } from "../../study/judge-forecast.ts";
import type { Plan } from "../../study/plan.ts";
import type { Study } from "../../study/study.ts";
import type { StudyProblem } from "../../study/study-error.ts";
import type { FitsAnswer, StorageReport, Tuning } from "../../worker/protocol.ts";
import type { WebGpuProblem } from "./lab.ts";

/** Something to tell: what is wrong or new, and what to do. */
export interface Notice {
	kind: "error" | "info";
	title: string;
	text: string;
}

/** Everything that can happen to the lab's state. Each slice takes the actions that concern it. */
export type LabAction =
	// The GPU
	| { type: "adapter-found"; adapter: string; speed: Speed | null }
	| { type: "adapter-missing"; problem: WebGpuProblem }
	| { type: "speed-measured"; speed: Speed | null }
	/** By a quick measurement, before the adapter has trained anything. */
	| { type: "speed-probed"; speed: Speed }
	| { type: "kernels-measuring"; measuring: boolean }
	/** By measuring them, or by Run before it trains. */
	| { type: "kernels-measured"; done: number; total: number }
	| { type: "kernels-read"; tuning: Tuning | null }
	/** Another page than the study's trains, or has ended. */
	| { type: "guest-training"; page: string; tokensPerSecond: number }
	| { type: "guest-ended" }
	// The document
	| { type: "corpora-listed"; corpora: readonly CorpusInfo[] }
	| { type: "study-changed"; study: Study; draft: unknown }
	| { type: "draft-rejected"; draft: unknown; error: StudyProblem }
	| { type: "study-planned"; plan: Plan; stored: RunResult[] }
	| { type: "study-not-planned"; error: StudyProblem }
	/** The study is the one that suits this adapter, which nobody asked for. */
	| { type: "first-study-chosen" }
	// Training
	| { type: "run-started" }
	| { type: "run-paused" }
	| { type: "run-resumed" }
	| { type: "run-stopping" }
	| { type: "events-received"; events: readonly StudyEvent[] }
	/** Nothing trains, and the stored results are about to be read. */
	| { type: "results-reading" }
	| { type: "results-read"; plan: Plan; stored: RunResult[] }
	// The fits
	| { type: "analyzed"; analysis: StudyAnalysis }
	| { type: "runs-fitted"; answer: FitsAnswer }
	| { type: "counting-chosen"; counting: Counting }
	// The forecast
	/** What is set aside of the study, by its choice or as stored, and the forecast of it if that is sealed. */
	| { type: "set-aside"; by: HoldOut | null; forecast: Forecast | null }
	| { type: "forecast-sealing" }
	| { type: "forecast-judged"; judgement: Judgement }
	| { type: "forecast-failed"; error: string }
	// The browser's storage
	| { type: "storage-reported"; report: StorageReport }
	// What people are told
	| { type: "told"; announcement: string; notice?: Notice }
	| { type: "notice-dismissed" };
