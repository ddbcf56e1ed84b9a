import * as Comlink from "comlink";
import { fitPoints } from "../analysis/fit-points.ts";
import { analyseStudy } from "../analysis/method1/analyse-study.ts";
import { preparePoints } from "../analysis/points/prepare-points.ts";
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
