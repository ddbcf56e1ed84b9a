import { shapeText } from "../../../architecture/shape-text.ts";
import { formatCount, formatDuration, formatPercent, plural } from "../../../figures/format.ts";
import { keptText } from "../../parts/kept-text.ts";
import { measuredText } from "../../parts/measured-text.ts";
import type { LabState } from "../../state/lab-state.ts";
import { estimateOf, finishedCount, isComplete, phaseOf, unsavedCount } from "../../state/selectors.ts";

/** What the page says about its state. */

/** Left of the progress bar: what is going on. */
export function statusText(state: LabState): string {
	const phase = phaseOf(state);
	const { progress } = state.work;
	const total = progress.runs.length;
	const finished = finishedCount(state);
	if (state.document.error) return "The study has an error; see the form.";
	if (phase === "preparing") return "Reading the study";
	if (phase === "stopping") return "Stopping";
	if (phase === "ready") return keptText(finished, total, unsavedCount(state));
	const { measured } = state.device;
	if (measured) return measuredText(measured);
	if (progress.tokenizing) {
		const { corpus, share } = progress.tokenizing;
		return share < 1 ? `Tokenizing “${corpus}”: ${formatPercent(share)}` : "Preparing the GPU";
	}
	const training = progress.runs.filter((run) => run.status === "training");
	const size = training[0] ? `, training ${training.length} of width ${training[0].spec.model.width}` : "";
	return `${formatPercent(progress.share)}: ${finished} of ${plural(total, "run")} finished${phase === "paused" ? ", paused" : size}`;
}

/** Right of it: the time left. */
export function timeText(state: LabState): string {
	const phase = phaseOf(state);
	if (phase === "running" || phase === "paused") {
		const { secondsLeft } = state.work.progress;
		return secondsLeft === null ? "estimating the time left" : `about ${formatDuration(secondsLeft)} left`;
	}
	const estimate = estimateOf(state);
	if (phase === "ready" && estimate !== null && !isComplete(state)) return `about ${formatDuration(estimate)}`;
	return "";
}

/** Why the first screen shows this study; empty where somebody chose it. */
export function whyFirst(state: LabState): string {
	if (!state.document.isFirst) return "";
	const seconds = estimateOf(state);
	if (seconds === null)
		return "Chosen because it is the smallest: this adapter is slow, or its speed is not known yet.";
	return isComplete(state)
		? "Chosen because this GPU trained it in about a minute."
		: `Chosen because this GPU takes about ${formatDuration(seconds)} for it.`;
}

/** In place of a chart that has nothing to show yet. */
export function emptyTexts(state: LabState): { frontier: string; loss: string } {
	const phase = phaseOf(state);
	const { plan } = state.document;
	if (phase === "running" || phase === "paused") {
		const loss = state.work.progress.tokenizing ? "Preparing the text and the GPU." : "Waiting for the first losses.";
		return { frontier: `${loss} Slopes appear once the loss curves of three sizes have crossed.`, loss };
	}
	if (!plan || plan.runs.length === 0) {
		const text = phase === "preparing" ? "" : "Fix the study, then press Run.";
		return { frontier: text, loss: text };
	}
	const { model, steps, batchSequences } = plan.runs[0]!.spec;
	const sizes = new Set(plan.runs.map(({ spec }) => shapeText(spec.model))).size;
	const tokens = formatCount(steps * batchSequences * model.context);
	const press = `Press Run: ${plural(sizes, "size")} will train, the smallest first, on ${tokens} tokens.`;
	return {
		frontier: `${press} The first slope appears once the loss curves of three sizes have crossed.`,
		loss: `${press} Curves appear at once.`,
	};
}
