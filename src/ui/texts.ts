import { formatCount, formatDuration, formatPercent, plural } from "./format.ts";
import { finishedCount, isComplete, type LabState } from "./lab-state.ts";

/** Sentences the page says about its state. */

/** Left of the progress bar: what is going on. */
export function statusText(state: LabState): string {
	const { phase, progress, studyError } = state;
	const total = progress.runs.length;
	const finished = finishedCount(state);
	if (studyError) return "The study has an error; see its field.";
	if (phase === "preparing") return "Reading the study";
	if (phase === "stopping") return "Stopping";
	if (phase === "ready") {
		if (isComplete(state)) return `All ${plural(total, "run")} finished and stored`;
		return finished > 0
			? `${finished} of ${plural(total, "run")} stored; Run trains the rest`
			: `${plural(total, "run")}, none trained yet`;
	}
	if (progress.tokenizing) {
		const { corpus, share } = progress.tokenizing;
		return `Cutting the text “${corpus}” into tokens: ${formatPercent(share)}`;
	}
	const training = progress.runs.filter((run) => run.status === "training");
	const size = training[0] ? `, training ${training.length} of width ${training[0].spec.model.width}` : "";
	return `${formatPercent(progress.share)}: ${finished} of ${plural(total, "run")} finished${phase === "paused" ? ", paused" : size}`;
}

/** Right of it: the time left. */
export function timeText(state: LabState): string {
	const { phase, progress, estimate } = state;
	if (phase === "running" || phase === "paused") {
		return progress.secondsLeft === null ? "measuring the speed" : `about ${formatDuration(progress.secondsLeft)} left`;
	}
	if (phase === "ready" && estimate !== null && !isComplete(state)) return `about ${formatDuration(estimate)}`;
	return "";
}

/** In place of a chart or result that has nothing to show yet. */
export function emptyText(state: LabState): string {
	const { phase, plan, progress } = state;
	if (phase === "running" || phase === "paused") {
		return progress.tokenizing ? "The text is being cut into tokens." : "Waiting for the first losses.";
	}
	if (!plan) return "Correct the study to see its numbers, then press Run.";
	const sizes = new Set(plan.runs.map(({ spec }) => `${spec.model.width} ${spec.model.layers} ${spec.model.heads}`))
		.size;
	const first = plan.runs[0];
	const tokens = first ? formatCount(first.spec.steps * first.spec.batchSequences * first.spec.model.context) : "";
	return `Press Run: ${sizes === 1 ? "one size" : `${sizes} sizes`} will train. The smallest comes first, on ${tokens} tokens; curves appear at once, slopes as sizes finish.`;
}
