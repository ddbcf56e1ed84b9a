import type { StudyEvent } from "../../run/events.ts";
import type { RunState, StudyProgress } from "../../study/progress.ts";
import { duration, plural, short } from "./format.ts";

/** "width 8, 1 layer, rate 0.01, seed 1" */
export function runName({ spec }: Pick<RunState, "spec">): string {
	const { width, layers } = spec.model;
	return `width ${width}, ${plural(layers, "layer")}, rate ${spec.optimizer.learningRate}, seed ${spec.seed}`;
}

/** "loss 3.104, validation 3.222", or how it ended otherwise. */
export function runOutcome({ status, curve, result }: RunState): string {
	const loss = curve.loss.at(-1);
	if (status === "diverged") return `diverged after ${short(curve.tokens.at(-1) ?? 0)} tokens; fits leave it out`;
	const parts = loss === undefined ? [] : [`loss ${loss.toFixed(3)}`];
	if (result?.validationLoss != null) parts.push(`validation ${result.validationLoss.toFixed(3)}`);
	return parts.join(", ");
}

/** "210K tokens/s, 3.2 GFLOP/s, 1 min 20 s left" */
export function speedLine({ tokensPerSecond, flopsPerSecond, secondsLeft }: StudyProgress): string {
	const left = secondsLeft === null ? "" : `, ${duration(secondsLeft)} left`;
	return `${short(tokensPerSecond)} tokens/s, ${Number((flopsPerSecond / 1e9).toPrecision(2))} GFLOP/s${left}`;
}

/** "2 runs cannot go on from a checkpoint and start over: it was made on …" */
export function discardedLine({ ids, reason }: Extract<StudyEvent, { type: "discarded" }>): string {
	return `${plural(ids.length, "run")} cannot go on from a checkpoint and start over: ${reason}`;
}

/** "3 of 8 runs are finished" */
export function finishedCount({ runs }: StudyProgress): string {
	return `${runs.filter((run) => run.result).length} of ${plural(runs.length, "run")} are finished`;
}
