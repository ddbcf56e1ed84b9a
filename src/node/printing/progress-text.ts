import { shapeText } from "../../architecture/shape-text.ts";
import type { StudyEvent } from "../../run/events.ts";
import { stopText } from "../../run/stop-text.ts";
import type { RunState, StudyProgress } from "../../study/progress.ts";
import { duration, plural, short } from "./format.ts";

type EventOf<Type extends StudyEvent["type"]> = Extract<StudyEvent, { type: Type }>;

/** "width 8, 1 layer, rate 0.01, seed 1" */
export function runName({ spec }: Pick<RunState, "spec">): string {
	const { width, layers } = spec.model;
	return `width ${width}, ${plural(layers, "layer")}, rate ${spec.optimizer.learningRate}, seed ${spec.seed}`;
}

/** "loss 3.104, validation 3.222"; empty before the first loss. */
export function runOutcome({ status, curve, result }: RunState): string {
	const loss = curve.loss.at(-1);
	if (status === "diverged") return `diverged after ${short(curve.tokens.at(-1) ?? 0)} tokens; excluded from fits`;
	const parts = loss === undefined ? [] : [`loss ${loss.toFixed(3)}`];
	const stop = result && stopText(result);
	if (stop) parts.push(stop);
	if (result?.validationLoss != null) parts.push(`validation ${result.validationLoss.toFixed(3)}`);
	return parts.join(", ");
}

/** "210K tokens/s, 3.2 GFLOP/s, 1 min 20 s left" */
export function speedText({ tokensPerSecond, flopsPerSecond, secondsLeft }: StudyProgress): string {
	const left = secondsLeft === null ? "" : `, ${duration(secondsLeft)} left`;
	return `${short(tokensPerSecond)} tokens/s, ${Number((flopsPerSecond / 1e9).toPrecision(2))} GFLOP/s${left}`;
}

/** "40 %, 210K tokens/s, 3.2 GFLOP/s, 1 min 20 s left" */
export function shareText(state: StudyProgress): string {
	return `${Math.floor(100 * state.share)} %, ${speedText(state)}`;
}

/** "tokenizing sotu: 40 %" */
export function tokenizingText({ corpus, share }: NonNullable<StudyProgress["tokenizing"]>): string {
	return `tokenizing ${corpus}: ${Math.floor(100 * share)} %`;
}

/** "2 runs restart from step 0 because their checkpoint is unusable: it was made on …" */
export function discardedText({ ids, reason }: EventOf<"discarded">): string {
	return (
		`${plural(ids.length, "run")} ${ids.length === 1 ? "restarts" : "restart"} from step 0 ` +
		`because the checkpoint is unusable: ${reason}`
	);
}

export function recoveredText({ reason, adapter }: EventOf<"recovered">): string {
	return `the GPU was lost (${reason}); resuming from the last checkpoints on ${adapter}`;
}

/** "finished width 8, 1 layer, rate 0.01, seed 1: loss 3.104, validation 3.222" */
export function finishedText({ runs }: StudyProgress, { result }: EventOf<"finished">): string {
	const run = runs.find(({ id }) => id === result.id)!;
	return `finished ${runName(run)}: ${runOutcome(run)}`;
}

/** "3 of 8 runs are finished" */
export function finishedRunsText({ runs }: StudyProgress): string {
	return `${runs.filter((run) => run.result).length} of ${plural(runs.length, "run")} are finished`;
}

/** "training 2 runs of width 8, 1 layer, 2 heads, 900 steps, from step 450 (1.2MB on the GPU)" */
export function packText({ runs }: StudyProgress, event: EventOf<"pack">): string {
	const { spec } = runs.find((run) => run.id === event.ids[0])!;
	const from = event.from ? `, from step ${event.from}` : "";
	return (
		`training ${plural(event.ids.length, "run")} of ${shapeText(spec.model)}, ${plural(spec.steps, "step")}${from} ` +
		`(${short(event.bytes)}B on the GPU)`
	);
}

/** "training on llvmpipe; 3 of 8 runs are finished" */
export function plannedText(state: StudyProgress, { adapter, stored }: EventOf<"planned">): string {
	return `training on ${adapter}${stored.length > 0 ? `; ${finishedRunsText(state)}` : ""}`;
}
