import { presetNamed } from "../../experiments/experiments.ts";
import { plural } from "../../figures/format.ts";
import { canonicalJson } from "../../run/canonical-json.ts";
import type { PlannedRun } from "../../run/events.ts";
import { addCosts, packCost, type Speed, secondsFor } from "../../study/cost.ts";
import { packRuns } from "../../study/packs.ts";
import type { RunState } from "../../study/progress.ts";
import type { Study } from "../../study/study.ts";
import type { LabState } from "./lab-state.ts";
import { memoized } from "./memoized.ts";
import { type RunView, viewRuns } from "./run-view.ts";

/** What follows from the state. Nothing here is stored. */

/** What the controls can do now. */
export type Phase = "preparing" | "ready" | "running" | "paused" | "stopping";

export function phaseOf({ document, work }: LabState): Phase {
	if (work.activity === "reading") return "preparing";
	if (work.activity !== "idle") return work.activity;
	// Until the study has its plan, `document.plan` is the one before it.
	return document.error === null && document.plan?.study !== document.study ? "preparing" : "ready";
}

/** Whether training is under way, so that neither the study nor the kernels can be changed. */
export function isTraining(state: LabState): boolean {
	return ["running", "paused", "stopping"].includes(phaseOf(state));
}

/** Whether Run would start training, as far as it is not all done. */
export function isRunnable({ document, device }: LabState): boolean {
	const isFree = device.adapter !== "" && !device.measuring && device.guest === null;
	return document.plan !== null && document.error === null && isFree;
}

/** The runs with their parameter counts, in the order of the plan. */
export const selectRuns: (state: LabState) => readonly RunView[] = (state) => runViews(state.work.progress.runs);
const runViews = memoized(viewRuns);

/** How many runs are finished: stored, or kept in memory where that fails. */
export function finishedCount({ work }: LabState): number {
	return work.progress.runs.filter(isFinished).length;
}

/** How many runs are finished, and whether they are stored: "3 of 4 runs finished and stored". */
export function finishedText(state: LabState): string {
	const finished = `${finishedCount(state)} of ${plural(state.work.progress.runs.length, "run")} finished`;
	const unsaved = unsavedCount(state);
	return unsaved === 0 ? `${finished} and stored` : `${finished}, ${unsaved} in this tab's memory only`;
}

/** How many finished runs, of whatever study, could not be stored and go with the tab. */
export function unsavedCount({ storage }: LabState): number {
	return storage.trouble?.runs ?? 0;
}

/** Whether every run of the study is finished. */
export function isComplete({ work }: LabState): boolean {
	return work.progress.runs.length > 0 && work.progress.runs.every(isFinished);
}

/** The preset that the study is, or null for a custom one. */
export function presetOf({ document }: LabState): string | null {
	return matchingPreset(document.study);
}

const matchingPreset = memoized((study: Study): string | null => {
	const preset = presetNamed(study.name);
	return preset && canonicalJson(preset.study) === canonicalJson(study) ? preset.id : null;
});

/** Whether the study is about laws of size, tokens and compute, which every method can be asked for. */
export function comparesMethods({ document }: LabState): boolean {
	return [undefined, "reconcile", "isoflop", "grid"].includes(document.study.experiment);
}

/** Whether the study trains a model on the same text and seed more than once, such as at several learning rates. */
export function triesSeveralRates({ document }: LabState): boolean {
	return document.plan !== null && repeatsModels(document.plan.runs);
}

const repeatsModels = memoized((runs: readonly PlannedRun[]) => {
	const models = runs.map(({ spec: { model, corpus, seed } }) => canonicalJson({ model, corpus, seed }));
	return new Set(models).size < runs.length;
});

/** Seconds that the missing runs will take, by the adapter's last study; null while unknown. */
export function estimateOf({ device, work }: LabState): number | null {
	return device.speed && secondsLeft(device.speed, work.progress.runs);
}

const secondsLeft = memoized(secondsForMissing);

/** Seconds that the runs without a result will take at a speed. */
export function secondsForMissing(speed: Speed, runs: readonly RunState[]): number {
	const missing = packRuns(runs.filter((run) => !isFinished(run)));
	return secondsFor(addCosts(missing.map((pack) => packCost(pack))), speed);
}

function isFinished(run: RunState): boolean {
	return run.result !== undefined;
}
