import * as Comlink from "comlink";
import { fitsOfRuns } from "../study/fits-of-runs.ts";
import { IncomparableRuns } from "../study/run-points.ts";
import type { FitsApi } from "./protocol.ts";

const fits: FitsApi = {
	async fit(results, counting, resamples) {
		try {
			return { counting, fits: fitsOfRuns(results, counting, resamples), reason: "" };
		} catch (error) {
			if (error instanceof IncomparableRuns) return { counting, fits: null, reason: error.message };
			throw error;
		}
	},
};

Comlink.expose(fits);
