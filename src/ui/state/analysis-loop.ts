import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import type { CurveRun } from "../../analysis/points/curve-run.ts";
import type { AnalysisApi } from "../../worker/protocol.ts";

/** Bootstrap resamples while curves still grow, and at rest. */
const RESAMPLES = { quick: 200, final: 1000 } as const;
/** Least time between two analyses while training, in milliseconds. */
const INTERVAL = 1000;

type Effort = keyof typeof RESAMPLES;

/**
 * Keeps one analysis under way and at most the latest request waiting, so that fits follow the curves without queueing
 * up behind them. The worker keeps the runs: it is sent those that changed since the last request.
 */
export class AnalysisLoop {
	private readonly api: AnalysisApi;
	private readonly deliver: (analysis: StudyAnalysis) => void;
	private waiting: { runs: readonly CurveRun[]; effort: Effort } | null = null;
	private busy = false;
	private resets = 0;
	/** What the worker has. */
	private sent: readonly CurveRun[] = [];

	constructor(api: AnalysisApi, deliver: (analysis: StudyAnalysis) => void) {
		this.api = api;
		this.deliver = deliver;
	}

	/** Asks for an analysis of these runs; equal objects are taken to be unchanged. Does nothing without runs. */
	request(runs: readonly CurveRun[], effort: Effort): void {
		if (runs.length === 0) return;
		this.waiting = { runs, effort };
		if (!this.busy) void this.work();
	}

	/** Drops what is under way or waiting. */
	reset(): void {
		this.resets++;
		this.waiting = null;
	}

	private async work(): Promise<void> {
		this.busy = true;
		while (this.waiting) {
			const { runs, effort } = this.waiting;
			const { resets } = this;
			this.waiting = null;
			try {
				await this.send(runs);
				const analysis = await this.api.analyze({ resamples: RESAMPLES[effort] });
				if (resets === this.resets) this.deliver(analysis);
			} catch (error) {
				console.error("analysis:", error);
			}
			if (effort === "quick") await new Promise((resolve) => setTimeout(resolve, INTERVAL));
		}
		this.busy = false;
	}

	private async send(runs: readonly CurveRun[]): Promise<void> {
		const known = new Set(this.sent);
		const changed = runs.filter((run) => !known.has(run));
		// Until the worker has answered, it may have anything.
		this.sent = [];
		await this.api.setRuns(
			runs.map(({ id }) => id),
			changed,
		);
		this.sent = runs;
	}
}
