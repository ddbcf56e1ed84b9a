import type { ExperimentId } from "../study/experiment-ids.ts";
import type { Study } from "../study/study.ts";
import { validateStudy } from "../study/validate-study.ts";

/** An experiment of the literature, repeated in sizes that fit other machines. */
export interface Experiment {
	readonly id: ExperimentId;
	readonly title: string;
	readonly question: string;
	/** The paper and the section that asked it. */
	readonly source: string;
	/** What was found there. */
	readonly found: string;
	/** What a study of this size cannot show. */
	readonly limits: string;
	/** Smallest first. */
	readonly presets: readonly Preset[];
}

/** A study that comes with the lab. */
export interface Preset {
	/** Names it on the command line and in links. */
	readonly id: string;
	readonly title: string;
	/** What it trains, in one or two sentences. */
	readonly description: string;
	readonly study: Study;
}

/** A preset before its document is checked, which happens when it is first asked for. */
export interface PresetDraft extends Omit<Preset, "study"> {
	readonly document: Readonly<Record<string, unknown>>;
}

/** Defines an experiment from the documents of its presets; each is named after its preset. */
export function defineExperiment({
	presets,
	...about
}: Omit<Experiment, "presets"> & { presets: readonly PresetDraft[] }): Experiment {
	return { ...about, presets: presets.map((draft) => preset(about.id, draft)) };
}

function preset(experiment: ExperimentId, { document, ...about }: PresetDraft): Preset {
	let study: Study | undefined;
	return {
		...about,
		get study() {
			study ??= validateStudy({ name: about.id, experiment, ...document });
			return study;
		},
	};
}
