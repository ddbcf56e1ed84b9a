import * as Comlink from "comlink";
import type { AnalysisApi, LabApi } from "../../worker/protocol.ts";
import type { Lab } from "../state/lab.ts";

/** Starts the training worker and the analysis worker. */
export function connectLab(): Lab {
	const training = new Worker(new URL("../../worker/worker.ts", import.meta.url), { type: "module", name: "training" });
	const analysis = new Worker(new URL("../../worker/analysis-worker.ts", import.meta.url), {
		...{ type: "module", name: "analysis" },
	});
	return {
		training: Comlink.wrap<LabApi>(training),
		analysis: Comlink.wrap<AnalysisApi>(analysis),
		problem: !isSecureContext ? "insecure" : !navigator.gpu ? "missing" : null,
	};
}
