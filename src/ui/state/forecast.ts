import type { Forecast } from "../../study/forecast.ts";
import type { HoldOut } from "../../study/hold-out.ts";
import type { Judgement } from "../../study/judge-forecast.ts";
import type { LabAction } from "./lab-action.ts";

/** What is set aside of the study, what is predicted of it, and what came. */
export interface ForecastState {
	/** What is set aside; null for nothing. */
	readonly by: HoldOut | null;
	/** Whether the laws are being fitted to the kept runs. */
	readonly isSealing: boolean;
	readonly sealed: Forecast | null;
	/** Null until it has been compared with the stored results. */
	readonly judgement: Judgement | null;
	/** Why there is no forecast or no judgement; null where nothing went wrong. */
	readonly error: string | null;
}

export const initialForecast: ForecastState = {
	...{ by: null, isSealing: false, sealed: null, judgement: null, error: null },
};

export function reduceForecast(state: ForecastState, action: LabAction): ForecastState {
	switch (action.type) {
		case "study-changed":
			return initialForecast;
		case "set-aside":
			return { ...initialForecast, by: action.by, sealed: action.forecast };
		case "forecast-sealing":
			return { ...state, isSealing: true, error: null };
		case "forecast-judged":
			return { ...state, judgement: action.judgement, error: null };
		case "forecast-failed":
			return { ...state, isSealing: false, error: action.error };
		default:
			return state;
	}
}
