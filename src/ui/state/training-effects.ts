import * as Comlink from "comlink";
import { plural } from "../../figures/format.ts";
import type { StudyEvent } from "../../run/events.ts";
import { finalResults } from "../../study/halving.ts";
import { problemOf } from "../../study/study-error.ts";
import { rememberedSpeed, rememberSpeed } from "./adapter-speed.ts";
import { type Environment, tell, tellFailure } from "./environment.ts";
import { dropFits, requestFits } from "./fit-effects.ts";
import type { Forecasts, Stage } from "./forecast-effects.ts";
import type { KernelEffects } from "./kernel-effects.ts";
import { finishedCount, finishedText, phaseOf, selectRuns } from "./selectors.ts";

export interface TrainingEffects {
	/** Trains what is missing of the study, if it can. Resolves when that has ended, for whatever reason. */
	run(): Promise<void>;
	pause(): Promise<void>;
	resume(): Promise<void>;
	stop(): Promise<void>;
	/** Reads the stored results of the study again. */
	readResults(): Promise<void>;
	/** How many seconds stored runs took, by id, as far as that is known. */
	secondsOf(ids: readonly string[]): Promise<Readonly<Record<string, number>>>;
}

/** Effects that train, and that show what is stored. */
export function trainingEffects(env: Environment, kernels: KernelEffects, forecasts: Forecasts): TrainingEffects {
	const { lab, store, memory } = env;

	function receive(given: StudyEvent[], { eventOf }: Stage): void {
		const events = given.map(eventOf).filter((event) => event !== null);
		const before = finishedCount(store.state);
		store.dispatch({ type: "events-received", events });
		for (const event of events) {
			if (event.type === "discarded") tellDiscarded(event);
			// By now the device is open, and its kernels are measured if they were not before.
			if (event.type === "planned") void kernels.readKernels();
		}
		const after = finishedCount(store.state);
		const runs = selectRuns(store.state);
		if (after > before) tell(env, `${after} of ${plural(runs.length, "run")} finished.`);
		requestFits(env, "quick");
	}

	function tellDiscarded({ ids, reason }: Extract<StudyEvent, { type: "discarded" }>): void {
		const text = `${plural(ids.length, "run")} cannot resume from a checkpoint and will start over: ${reason}.`;
		tell(env, text, { title: "Checkpoints not used", text });
	}

	function keepSpeed(): void {
		const { device, work } = store.state;
		if (!memory || device.adapter === "") return;
		rememberSpeed(memory, device.adapter, work.progress);
		store.dispatch({ type: "speed-measured", speed: rememberedSpeed(memory, device.adapter) });
	}

	/** Shows the stored results, by the present plan or a new one. */
	async function readResults(planAgain = false): Promise<void> {
		const { study, plan: before } = store.state.document;
		dropFits(env);
		store.dispatch({ type: "results-reading" });
		try {
			const plan = before && !planAgain ? before : { ...(await lab.training.plan(study)), study };
			const results = await lab.training.stored(plan.runs.map(({ id }) => id));
			const stored = finalResults(results, plan.study);
			store.dispatch({ type: "results-read", plan, stored });
			requestFits(env, "final");
			void forecasts.judge();
		} catch (error) {
			store.dispatch({ type: "study-not-planned", error: problemOf(error) });
		}
	}

	return {
		async run() {
			const { document, device } = store.state;
			if (phaseOf(store.state) !== "ready" || document.error || !document.plan) return;
			if (device.measuring || device.guest) return;
			store.dispatch({ type: "run-started" });
			let failure: unknown = null;
			let outcome: string | null = null;
			try {
				for (const stage of await forecasts.stages(document.plan)) {
					outcome = await lab.training.run(
						stage.plan,
						Comlink.proxy((events: StudyEvent[]) => receive(events, stage)),
						kernels.onMeasured,
					);
					if (outcome === "done" && !(await stage.after())) outcome = "stopped";
					if (outcome === "stopped") break;
				}
			} catch (error) {
				failure = error;
			}
			keepSpeed();
			// A run may fail because a text is not the planned one any more.
			await readResults(failure !== null);
			const saved = finishedText(store.state);
			if (failure !== null) tellFailure(env, failure, `${saved}.`);
			else if (outcome === "stopped") {
				const text = `${saved}. Run trains the rest, from a checkpoint where there is one.`;
				tell(env, `Stopped. ${saved}.`, { title: "Stopped", text });
			} else tell(env, `All done: ${saved}.`);
		},
		async pause() {
			if (phaseOf(store.state) !== "running") return;
			store.dispatch({ type: "run-paused" });
			await lab.training.pause();
		},
		async resume() {
			if (phaseOf(store.state) !== "paused") return;
			store.dispatch({ type: "run-resumed" });
			await lab.training.resume();
		},
		async stop() {
			if (!["running", "paused"].includes(phaseOf(store.state))) return;
			store.dispatch({ type: "run-stopping" });
			await lab.training.stop();
		},
		readResults: () => readResults(),
		secondsOf: (ids) => lab.training.seconds([...ids]).catch(() => ({})),
	};
}
