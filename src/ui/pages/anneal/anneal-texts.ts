import { formatCount, formatDuration, formatPercent, formatScientific, plural } from "../../../figures/format.ts";
import { LAPTOP_GPU, type Speed } from "../../../study/cost.ts";
import { keptText } from "../../parts/kept-text.ts";
import { measuredText } from "../../parts/measured-text.ts";
import type { MeasuredKernels } from "../../state/device.ts";
import { secondsForMissing } from "../../state/selectors.ts";
import type { AnnealState } from "./anneal-session.ts";
import { withoutLateBranches } from "./planned-cards.ts";

/** What the page says about its state. */

type Told = Pick<AnnealState, "phase" | "progress" | "problem" | "planned" | "beginnings">;

/** Left of the progress bar: what is going on. `unsaved` runs could not be stored; `measured` is null unless kernels are. */
export function statusText(
	{ phase, progress, problem }: Told,
	unsaved: number,
	measured: MeasuredKernels | null,
): string {
	const total = progress.runs.length;
	const finished = progress.runs.filter(({ result }) => result).length;
	if (problem) return "The comparison has an error.";
	if (phase === "preparing") return "Reading the comparison";
	if (phase === "stopping") return "Stopping";
	if (phase === "ready") return keptText(finished, total, unsaved);
	if (measured) return measuredText(measured);
	if (progress.tokenizing) {
		const { corpus, share } = progress.tokenizing;
		return share < 1 ? `Tokenizing “${corpus}”: ${formatPercent(share)}` : "Preparing the GPU";
	}
	const training = progress.runs.filter(({ status }) => status === "training").length;
	const now = phase === "paused" ? ", paused" : training > 0 ? `, training ${training} together` : "";
	return `${formatPercent(progress.share)}: ${finished} of ${plural(total, "run")} finished${now}`;
}

/** Right of it: the time left. */
export function timeText(state: Told, speed: Speed | null): string {
	const { phase, progress, planned, beginnings } = state;
	if (phase === "running" || phase === "paused") {
		const { secondsLeft } = progress;
		return secondsLeft === null ? "estimating the time left" : `about ${formatDuration(secondsLeft)} left`;
	}
	if (phase !== "ready" || !planned || !speed || isComplete(state)) return "";
	return `about ${formatDuration(secondsForMissing(speed, withoutLateBranches(progress.runs, beginnings)))}`;
}

export function isComplete({ progress }: Pick<AnnealState, "progress">): boolean {
	return progress.runs.length > 0 && progress.runs.every(({ result }) => result);
}

/** What the comparison comes to: its runs, their tokens and FLOP, and how long they take on this adapter. */
export function costTexts(
	{ planned, progress, beginnings }: Told,
	speed: Speed | null,
): [name: string, value: string][] {
	if (!planned) return ["Runs", "Training tokens", "Compute", "Time"].map((name) => [name, "–"]);
	const { totals } = planned.plan;
	const runs = withoutLateBranches(progress.runs, beginnings);
	const steps = (of: (run: (typeof runs)[number]) => number) =>
		runs.reduce((sum, run) => sum + of(run) * run.spec.batchSequences * run.spec.model.context, 0);
	const trained = steps(({ spec, branch }) => spec.steps - (branch?.step ?? 0));
	const saved = 1 - trained / totals.tokens;
	const seconds = isComplete({ progress })
		? "none: all is trained"
		: speed
			? `about ${formatDuration(secondsForMissing(speed, runs))} on this GPU`
			: `about ${formatDuration(secondsForMissing(LAPTOP_GPU, runs))} on a typical laptop GPU`;
	return [
		["Runs", `${totals.runs}`],
		[
			"Training tokens",
			`${formatCount(trained)}${saved > 0.005 ? `; shared trunks save ${formatPercent(saved)}` : ""}`,
		],
		["Compute", `${formatScientific((totals.flops.total * trained) / totals.tokens)} FLOP`],
		["Time", seconds],
	];
}
