import { presetNamed } from "../../experiments/experiments.ts";
import { finalResults } from "../../study/halving.ts";
import type { Study } from "../../study/study.ts";
import { problemOf } from "../../study/study-error.ts";
import { validateStudy } from "../../study/validate-study.ts";
import { type Environment, isEditable } from "./environment.ts";
import { dropFits, requestFits } from "./fit-effects.ts";
import type { Forecasts } from "./forecast-effects.ts";

export interface StudyEffects {
	/** Plans the study of the document, unless that is done or under way. */
	planStudy(): Promise<void>;
	/** Makes the study of a preset the document, if nothing trains. */
	pickPreset(id: string): Promise<void>;
	/**
	 * Changes the document, if nothing trains. An invalid draft stays in the editor with its error, beside the last valid
	 * study.
	 */
	edit(draft: unknown): Promise<void>;
	/** Makes a valid study the document, if nothing trains. */
	setStudy(study: Study, draft?: unknown): Promise<void>;
}

/** Effects that change the study document and plan it: once per change. */
export function studyEffects(env: Environment, forecasts: Forecasts): StudyEffects {
	const { lab, store } = env;
	let planning: Study | null = null;

	async function planStudy(): Promise<void> {
		const { study, plan } = store.state.document;
		if (plan?.study === study || planning === study) return;
		planning = study;
		dropFits(env);
		try {
			const planned = { ...(await lab.training.plan(study)), study };
			const results = await lab.training.stored(planned.runs.map(({ id }) => id));
			const stored = finalResults(results, planned.study);
			if (store.state.document.study !== study) return;
			store.dispatch({ type: "study-planned", plan: planned, stored });
			requestFits(env, "final");
			await forecasts.read();
		} catch (error) {
			if (store.state.document.study === study) store.dispatch({ type: "study-not-planned", error: problemOf(error) });
		} finally {
			if (planning === study) planning = null;
		}
	}

	async function setStudy(study: Study, draft: unknown = study): Promise<void> {
		if (!isEditable(store.state)) return;
		store.dispatch({ type: "study-changed", study, draft });
		await planStudy();
	}

	return {
		planStudy,
		setStudy,
		async pickPreset(id) {
			const preset = presetNamed(id);
			if (preset) await setStudy(preset.study);
		},
		async edit(draft) {
			if (!isEditable(store.state)) return;
			let study: Study;
			try {
				study = validateStudy(draft);
			} catch (error) {
				store.dispatch({ type: "draft-rejected", draft, error: problemOf(error) });
				return;
			}
			await setStudy(study, draft);
		},
	};
}
