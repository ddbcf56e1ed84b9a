import type { AnalysisApi, FitsApi, LabApi } from "../../worker/protocol.ts";

/** Why there is no WebGPU: the page is not served securely, the browser has none, or it finds no usable adapter. */
export type WebGpuProblem = "insecure" | "missing" | "no-adapter";

/** The workers that the page asks. Tests provide one that answers from a script. */
export interface Lab {
	training: LabApi;
	analysis: AnalysisApi;
	fits: FitsApi;
	/** Why no adapter needs to be asked for; null where there may be one. */
	problem: Exclude<WebGpuProblem, "no-adapter"> | null;
}
