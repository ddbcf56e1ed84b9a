import * as Comlink from "comlink";
import type { AnalysisApi, FitsApi, LabApi } from "../../worker/protocol.ts";
import type { Lab } from "../state/lab.ts";
import { memoized } from "../state/memoized.ts";

/** Starts the training worker and the analysis worker; the fits worker once it is asked for something. */
export function connectLab(): Lab {
	const training = new Worker(new URL("../../worker/worker.ts", import.meta.url), { type: "module", name: "training" });
	const analysis = new Worker(new URL("../../worker/analysis-worker.ts", import.meta.url), {
		...{ type: "module", name: "analysis" },
	});
	return {
		training: Comlink.wrap<LabApi>(training),
		analysis: Comlink.wrap<AnalysisApi>(analysis),
		fits: { fit: (...asked) => startFits().fit(...asked) },
		problem: !isSecureContext ? "insecure" : !navigator.gpu ? "missing" : null,
	};
}

const startFits = memoized((): Comlink.Remote<FitsApi> => {
	const worker = new Worker(new URL("../../worker/fits-worker.ts", import.meta.url), { type: "module", name: "fits" });
	return Comlink.wrap<FitsApi>(worker);
});
