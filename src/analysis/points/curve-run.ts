import type { ParameterCounts } from "../../architecture/size.ts";
import type { LossCurve, RunResult } from "../../run/run-result.ts";

/** What the analysis needs to know about a run, finished or still training. Every `RunResult` qualifies. */
export interface CurveRun {
	id: string;
	spec: Pick<
		RunResult["spec"],
		"model" | "corpus" | "seed" | "sampling" | "optimizer" | "schedule" | "batchSequences" | "steps" | "storage"
	>;
	/** `training`: the curve ends at the current step. */
	status: RunResult["status"] | "training";
	parameters: ParameterCounts;
	curve: LossCurve;
}
