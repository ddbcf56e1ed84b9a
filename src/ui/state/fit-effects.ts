import type { Counting } from "../../architecture/counting.ts";
import type { Environment } from "./environment.ts";
import { analyzable, resultsOf } from "./run-view.ts";
import { comparesMethods, selectRuns } from "./selectors.ts";

export interface FitEffects {
	/** Changes how parameters and compute are counted in figures and tables. */
	chooseCounting(counting: Counting): void;
}

export function fitEffects({ store, fits }: Environment): FitEffects {
	return {
		chooseCounting(counting) {
			fits.show(counting);
			store.dispatch({ type: "counting-chosen", counting });
		},
	};
}

/** Asks for the fits of what has been trained: quick ones while it trains, final ones at rest. */
export function requestFits({ store, analysis, fits }: Environment, effort: "quick" | "final"): void {
	analysis.request(analyzable(selectRuns(store.state)), effort);
	if (comparesMethods(store.state)) fits.request(resultsOf(store.state.work.progress.runs), effort);
}

/** Drops all fits that are under way or waiting. */
export function dropFits({ analysis, fits }: Environment): void {
	analysis.reset();
	fits.reset();
}
