import * as Comlink from "comlink";
import { analyseStudy } from "../analysis/index.ts";
import type { AnalysisApi } from "./protocol.ts";

const analysis: AnalysisApi = {
	async analyse(runs, options) {
		return analyseStudy(runs, options);
	},
};

Comlink.expose(analysis);
