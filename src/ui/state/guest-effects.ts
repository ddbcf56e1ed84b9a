import * as Comlink from "comlink";
import type { Fit } from "../../analysis/fitting/fit.ts";
import type { AnnealingOptions, ScheduledCurve } from "../../analysis/training-laws/annealing-law.ts";
import type { Moment, StudyEvent } from "../../run/events.ts";
import type { RunResult } from "../../run/run-result.ts";
import { finalResults } from "../../study/halving.ts";
import type { Plan } from "../../study/plan.ts";
import { plannedProgress, reduceProgress } from "../../study/progress.ts";
import type { Study } from "../../study/study.ts";
import type { RunOutcome } from "../../worker/protocol.ts";
import { rememberedSpeed, rememberSpeed } from "./adapter-speed.ts";
import type { Environment } from "./environment.ts";
import type { KernelEffects } from "./kernel-effects.ts";
import { type LinkContent, openedLink } from "./link-effects.ts";
import { isTraining } from "./selectors.ts";

/** What a page can have planned and trained that is not the study document. One study trains at a time in the lab. */
export interface GuestEffects {
	/** The runs of a study, what is stored of them, and the moments of any runs that are kept. Rejects when it cannot run. */
	planGuest(study: Study): Promise<{ plan: Plan; stored: RunResult[]; kept: Moment[] }>;
	/**
	 * Trains what is missing of a plan, under the name of the page that asks for it. Rejects while something else uses the GPU, and
	 * with the reason when training fails.
	 *
	 * @param keepAt as of `LabApi.run`
	 */
	trainGuest(
		page: string,
		plan: Plan,
		onEvents: (events: StudyEvent[]) => void,
		keepAt?: readonly number[],
	): Promise<RunOutcome>;
	/** These do nothing while no guest trains. */
	pauseGuest(): Promise<void>;
	resumeGuest(): Promise<void>;
	stopGuest(): Promise<void>;
	/** Opens a link of the page; see `openedLink`. */
	openGuestLink(title: string, open: () => Promise<LinkContent>): Promise<boolean>;
	/** Fits the law of loss under annealing, beside the page. */
	fitAnnealing(curves: ScheduledCurve[], options?: AnnealingOptions): Promise<Fit>;
}

export function guestEffects(env: Environment, kernels: KernelEffects): GuestEffects {
	const { lab, store, memory } = env;
	const whileGuest = async (act: () => Promise<void>) => {
		if (store.state.device.guest) await act();
	};

	return {
		async planGuest(study) {
			const plan = { ...(await lab.training.plan(study)), study };
			const ids = plan.runs.map(({ id }) => id);
			const [results, kept] = await Promise.all([lab.training.stored(ids), lab.training.keptMoments()]);
			return { plan, stored: finalResults(results, study), kept };
		},
		async trainGuest(page, plan, onEvents, keepAt) {
			const { guest, measuring } = store.state.device;
			const use = isTraining(store.state)
				? "The study is training"
				: measuring
					? "The kernels are being measured"
					: null;
			if (guest || use) throw new Error(`${use ?? `${guest!.page} is training`}; one study trains at a time.`);
			let progress = plannedProgress(plan.runs, []);
			const receive = (events: StudyEvent[]) => {
				progress = events.reduce(reduceProgress, progress);
				store.dispatch({ type: "guest-training", page, tokensPerSecond: progress.tokensPerSecond });
				if (events.some(({ type }) => type === "planned")) void kernels.readKernels();
				onEvents(events);
			};
			store.dispatch({ type: "guest-training", page, tokensPerSecond: 0 });
			try {
				return await lab.training.run(plan, Comlink.proxy(receive), kernels.onMeasured, keepAt);
			} finally {
				store.dispatch({ type: "guest-ended" });
				const { adapter } = store.state.device;
				if (memory && adapter !== "") {
					rememberSpeed(memory, adapter, progress);
					store.dispatch({ type: "speed-measured", speed: rememberedSpeed(memory, adapter) });
				}
			}
		},
		pauseGuest: () => whileGuest(() => lab.training.pause()),
		resumeGuest: () => whileGuest(() => lab.training.resume()),
		stopGuest: () => whileGuest(() => lab.training.stop()),
		openGuestLink: (title, open) => openedLink(env, title, open),
		fitAnnealing: (curves, options = {}) => lab.analysis.fitAnnealing(curves, options),
	};
}
