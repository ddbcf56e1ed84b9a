import * as Comlink from "comlink";
import type { AnalysisApi, LabApi } from "../../worker/protocol.ts";

/** Everything the page can ask for. Tests hand the page one that answers from a script. */
export type Lab = LabApi & AnalysisApi;

/** Starts the training worker and the analysis worker and speaks to both. */
export function connectLab(): Lab {
	const training = Comlink.wrap<LabApi>(
		new Worker(new URL("../../worker/worker.ts", import.meta.url), { type: "module", name: "training" }),
	);
	const analysis = Comlink.wrap<AnalysisApi>(
		new Worker(new URL("../../worker/analysis-worker.ts", import.meta.url), { type: "module", name: "analysis" }),
	);
	return {
		adapter: () => training.adapter(),
		corpora: () => training.corpora(),
		addText: (name, text) => training.addText(name, text),
		addRuns: (text) => training.addRuns(text),
		prepare: (study) => training.prepare(study),
		run: (study, onEvents) => training.run(study, Comlink.proxy(onEvents)),
		pause: () => training.pause(),
		resume: () => training.resume(),
		stop: () => training.stop(),
		tuning: () => training.tuning(),
		retune: () => training.retune(),
		forgetTuning: () => training.forgetTuning(),
		analyze: (runs, options) => analysis.analyze(runs, options),
		fitPoints: (points, options) => analysis.fitPoints(points, options),
	};
}
