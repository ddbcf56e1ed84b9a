import type { ParameterCounts } from "../../architecture/size.ts";
import type { LossCurve, RunResult } from "../../run/run-result.ts";

/** What the analysis reads of a run, finished or still training. Every `RunResult` is one. */
export interface CurveRun {
	id: string;
	spec: Pick<
		RunResult["spec"],
		"model" | "corpus" | "seed" | "sampling" | "optimizer" | "schedule" | "batchSequences" | "steps" | "storage"
	>;
	/** `training`: the curve is the part seen so far. */
	status: RunResult["status"] | "training";
	parameters: ParameterCounts;
	curve: LossCurve;
}
