import { presetNamed } from "../../experiments/experiments.ts";
import { type Speed, secondsFor } from "../../study/cost.ts";
import { type Environment, isEditable } from "./environment.ts";
import { FIRST_PRESETS, FIRST_SECONDS, firstPreset } from "./first-preset.ts";
import type { StudyEffects } from "./study-effects.ts";

export interface FirstStudyEffects {
	/**
	 * Shows the largest study that this adapter finishes in about a minute, by the speed of its last study or a quick
	 * measurement. Changes nothing if there is no adapter, or as soon as `isWanted` says no or the study has been changed.
	 */
	chooseFirst(isWanted: () => boolean): Promise<void>;
}

export function firstStudyEffects({ lab, store }: Environment, { setStudy }: StudyEffects): FirstStudyEffects {
	/** Seconds of each preset, up to the first that takes too long. */
	async function secondsOf(speed: Speed): Promise<Partial<Record<(typeof FIRST_PRESETS)[number], number>>> {
		const seconds: Partial<Record<(typeof FIRST_PRESETS)[number], number>> = {};
		for (const id of FIRST_PRESETS) {
			const { totals } = await lab.training.plan(presetNamed(id)!.study);
			seconds[id] = secondsFor(totals.cost, speed);
			if (seconds[id] > FIRST_SECONDS) break;
		}
		return seconds;
	}

	return {
		async chooseFirst(isWanted) {
			const { draft } = store.state.document;
			const isOpen = () => isWanted() && isEditable(store.state) && store.state.document.draft === draft;
			if (!isOpen() || store.state.device.adapter === "") return;
			const known = store.state.device.speed;
			const speed = known ?? (await lab.training.probe().catch(() => null));
			const seconds = speed ? await secondsOf(speed).catch(() => ({})) : {};
			if (!isOpen()) return;
			if (speed && !known) store.dispatch({ type: "speed-probed", speed });
			const { study } = presetNamed(firstPreset(seconds))!;
			if (store.state.document.study !== study) await setStudy(study);
			if (store.state.document.draft === study) store.dispatch({ type: "first-study-chosen" });
		},
	};
}
