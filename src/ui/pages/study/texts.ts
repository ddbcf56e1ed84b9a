import { formatCount, formatDuration, formatPercent, plural } from "../../parts/format.ts";
import { finishedCount, isComplete, type LabState } from "../../state/lab-state.ts";

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
		return share < 1 ? `Cutting the text “${corpus}” into tokens: ${formatPercent(share)}` : "Preparing the GPU";
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

/** In place of a chart that has nothing to show yet. */
export function emptyTexts(state: LabState): { frontier: string; loss: string } {
	const { phase, plan, progress } = state;
	if (phase === "running" || phase === "paused") {
		const loss = progress.tokenizing ? "The text and the GPU are being prepared." : "Waiting for the first losses.";
		return { frontier: `${loss} Slopes appear once the curves of three sizes have crossed.`, loss };
	}
	if (!plan || plan.runs.length === 0) {
		const text = phase === "preparing" ? "" : "Correct the study, then press Run.";
		return { frontier: text, loss: text };
	}
	const { model, steps, batchSequences } = plan.runs[0]!.spec;
	const sizes = new Set(plan.runs.map(({ spec }) => `${spec.model.width} ${spec.model.layers} ${spec.model.heads}`))
		.size;
	const tokens = formatCount(steps * batchSequences * model.context);
	const press = `Press Run: ${plural(sizes, "size")} will train, the smallest first, on ${tokens} tokens.`;
	return {
		frontier: `${press} The first slope appears once the curves of three sizes have crossed.`,
		loss: `${press} Curves appear at once.`,
	};
}
