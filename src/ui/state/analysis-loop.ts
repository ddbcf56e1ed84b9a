import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import type { CurveRun } from "../../analysis/points/curve-run.ts";
import type { AnalysisApi } from "../../worker/protocol.ts";

/** Bootstrap resamples while curves still grow, and at rest. */
const RESAMPLES = { quick: 200, final: 1000 } as const;
/** Least time between two analyses while training, in milliseconds. */
const INTERVAL = 1000;

/**
 * Keeps one analysis under way at a time and only the newest request waiting, so that fits follow the curves without
 * queueing up behind them. Resets drop what is under way.
 */
export class AnalysisLoop {
	private readonly api: AnalysisApi;
	private readonly deliver: (analysis: StudyAnalysis) => void;
	private waiting: { runs: CurveRun[]; effort: keyof typeof RESAMPLES } | null = null;
	private busy = false;
	private turn = 0;

	constructor(api: AnalysisApi, deliver: (analysis: StudyAnalysis) => void) {
		this.api = api;
		this.deliver = deliver;
	}

	/** Asks for an analysis of these runs. Nothing happens without runs. */
	request(runs: CurveRun[], effort: keyof typeof RESAMPLES): void {
		if (runs.length === 0) return;
		this.waiting = { runs, effort };
		if (!this.busy) void this.work();
	}

	reset(): void {
		this.turn++;
		this.waiting = null;
	}

	private async work(): Promise<void> {
		this.busy = true;
		while (this.waiting) {
			const { runs, effort } = this.waiting;
			const { turn } = this;
			this.waiting = null;
			try {
				const analysis = await this.api.analyze(runs, { resamples: RESAMPLES[effort] });
				if (turn === this.turn) this.deliver(analysis);
			} catch (error) {
				console.error("analysis:", error);
			}
			if (effort === "quick") await new Promise((resolve) => setTimeout(resolve, INTERVAL));
		}
		this.busy = false;
	}
}
