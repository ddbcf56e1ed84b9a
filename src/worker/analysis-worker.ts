import * as Comlink from "comlink";
import { fitPoints } from "../analysis/fit-points.ts";
import { fitStudy } from "../analysis/fit-study.ts";
import type { CurveRun } from "../analysis/points/curve-run.ts";
import { preparePoints } from "../analysis/points/prepare-points.ts";
import { sealForecast } from "../study/forecast.ts";
import { judgeForecast } from "../study/judge-forecast.ts";
import { nextRunsOf } from "../study/next-runs.ts";
import type { AnalysisApi } from "./protocol.ts";

let runs: CurveRun[] = [];

const analysis: AnalysisApi = {
	async setRuns(ids, changed) {
		const known = new Map([...runs, ...changed].map((run) => [run.id, run]));
		runs = ids.map((id) => {
			const run = known.get(id);
			if (!run) throw new Error(`analysis worker: run ${id} is to be analyzed, but its curve was not sent`);
			return run;
		});
	},
	async analyze(options) {
		return fitStudy(runs, options);
	},
	async fitPoints(points, options) {
		return fitPoints(preparePoints(points), options);
	},
	forecast: (plan, by, results) => sealForecast(plan, by, results, { now: new Date() }),
	judge: judgeForecast,
	async nextRuns(request) {
		return nextRunsOf(request);
	},
};

Comlink.expose(analysis);
