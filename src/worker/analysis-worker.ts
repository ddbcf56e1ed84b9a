import * as Comlink from "comlink";
import { fitPoints } from "../analysis/fit-points.ts";
import { analyzeStudy } from "../analysis/method1/analyze-study.ts";
import { preparePoints } from "../analysis/points/prepare-points.ts";
import type { AnalysisApi } from "./protocol.ts";

const analysis: AnalysisApi = {
	async analyze(runs, options) {
		return analyzeStudy(runs, options);
	},
	async fitPoints(points, options) {
		return fitPoints(preparePoints(points), options);
	},
};

Comlink.expose(analysis);
