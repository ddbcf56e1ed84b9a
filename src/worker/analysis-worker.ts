import * as Comlink from "comlink";
import { analyseStudy, fitPoints, preparePoints } from "../analysis/index.ts";
import type { AnalysisApi } from "./protocol.ts";

const analysis: AnalysisApi = {
	async analyse(runs, options) {
		return analyseStudy(runs, options);
	},
	async fitPoints(points, options) {
		return fitPoints(preparePoints(points), options);
	},
};

Comlink.expose(analysis);
