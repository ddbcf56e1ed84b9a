import { canonicalJson, sha256 } from "../../run/canonical-json.ts";
import type { StudyEvent } from "../../run/events.ts";
import type { RunResult } from "../../run/run-result.ts";
import { finalResults } from "../../study/halving.ts";
import type { HoldOut } from "../../study/hold-out.ts";
import type { NextRunsRequest, NextRunsTable } from "../../study/next-runs.ts";
import type { Plan } from "../../study/plan.ts";
import type { Study } from "../../study/study.ts";
import { type Environment, errorText, isEditable, tell } from "./environment.ts";
import { phaseOf } from "./selectors.ts";

export interface ForecastEffects {
	/** Sets runs of the study aside, if nothing trains and no forecast is sealed; null sets none aside. */
	setAside(by: HoldOut | null): Promise<void>;
	/** Which runs would narrow an interval most; see `nextRunsOf`. */
	nextRuns(request: NextRunsRequest): Promise<NextRunsTable>;
}

/** A part of a study's training: what it trains, how its events look to the page, and what follows it. */
export interface Stage {
	plan: Plan;
	/** The event as one of the whole study; null for one that the page need not know. */
	eventOf(event: StudyEvent): StudyEvent | null;
	/**
	 * Resolves when the next stage may begin, with false if training is to stop instead. Rejects where there can be no
	 * forecast.
	 */
	after(): Promise<boolean>;
}

/** What training needs of forecasts. */
export interface Forecasts extends ForecastEffects {
	/** Reads what is set aside of the planned study, and has judged what is sealed. */
	read(): Promise<void>;
	/** Has what is sealed compared with the stored results. */
	judge(): Promise<void>;
	/** All at once, or the kept runs, the seal, and the runs that are set aside. */
	stages(plan: Plan): Promise<Stage[]>;
}

/** Effects that set runs aside, seal forecasts and judge them. */
export function forecastEffects(env: Environment): Forecasts {
	const { lab, store } = env;
	let reading: Promise<void> = Promise.resolve();
	const isShown = (study: Study) => store.state.document.study === study;
	const fail = (error: unknown) => store.dispatch({ type: "forecast-failed", error: errorText(error) });

	async function resultsOf({ runs, study }: Plan): Promise<RunResult[]> {
		return finalResults(await lab.training.stored(runs.map(({ id }) => id)), study);
	}

	async function judge(): Promise<void> {
		const { plan, study } = store.state.document;
		const { sealed } = store.state.forecast;
		if (!plan || !sealed) return;
		const isStill = () => isShown(study) && store.state.forecast.sealed === sealed;
		try {
			const judgement = await lab.analysis.judge(sealed, await resultsOf(plan));
			if (isStill()) store.dispatch({ type: "forecast-judged", judgement });
		} catch (error) {
			if (isStill()) fail(error);
		}
	}

	async function read(): Promise<void> {
		const { study } = store.state.document;
		try {
			const aside = await lab.training.setAside(await sha256(canonicalJson(study)));
			if (!isShown(study)) return;
			store.dispatch({ type: "set-aside", by: aside?.by ?? null, forecast: aside?.forecast ?? null });
			void judge();
		} catch (error) {
			if (isShown(study)) fail(error);
		}
	}

	async function seal(plan: Plan, by: HoldOut): Promise<void> {
		store.dispatch({ type: "forecast-sealing" });
		tell(env, "The kept runs are finished. The laws are being fitted.");
		try {
			const forecast = await lab.analysis.forecast(plan, by, await resultsOf(plan));
			const study = forecast.study.hash;
			await lab.training.keepSetAside(study, { study, by, forecast });
			store.dispatch({ type: "set-aside", by, forecast });
		} catch (error) {
			fail(error);
			throw error;
		}
		tell(env, "The forecast is sealed. Now the runs that were set aside train.");
		void judge();
	}

	/** Nothing is told to the worker between two stages, so a pause is waited for here. */
	async function mayGoOn(): Promise<boolean> {
		if (phaseOf(store.state) === "paused")
			await new Promise<void>((resolve) => {
				const unsubscribe = store.subscribe(() => {
					if (phaseOf(store.state) === "paused") return;
					unsubscribe();
					resolve();
				});
			});
		return phaseOf(store.state) !== "stopping";
	}

	return {
		nextRuns: (request) => lab.analysis.nextRuns(request),
		judge,
		read() {
			reading = read();
			return reading;
		},
		async setAside(by) {
			const { document, forecast } = store.state;
			if (!isEditable(store.state) || forecast.sealed) return;
			store.dispatch({ type: "set-aside", by, forecast: null });
			try {
				const study = await sha256(canonicalJson(document.study));
				await lab.training.keepSetAside(study, by && { study, by, forecast: null });
			} catch (error) {
				fail(error);
			}
		},
		async stages(plan) {
			const whole: Stage = { plan, eventOf: (event) => event, after: async () => true };
			await reading;
			const { by, sealed } = store.state.forecast;
			if (by === null || sealed) return [whole];
			// Few studies set anything aside.
			const { heldOutRuns, keptPlan } = await import("../../study/hold-out.ts");
			const kept: Stage = {
				plan: keptPlan(plan, heldOutRuns(plan, by)),
				eventOf: (event) =>
					event.type === "done" ? null : event.type === "planned" ? { ...event, runs: plan.runs } : event,
				async after() {
					await seal(plan, by);
					return mayGoOn();
				},
			};
			return [kept, whole];
		},
	};
}
