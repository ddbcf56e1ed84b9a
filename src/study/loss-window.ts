import { averagedSteps } from "../analysis/points/averaged-steps.ts";
import type { LossCurve } from "../run/run-result.ts";
import type { RunSpec } from "../run/run-spec.ts";

/** Losses of a run around a step and around half of it, in nats per token. */
export interface LossAt {
	late: number;
	early: number;
}

/** A window ends at its step and begins at this share of it. */
const WINDOW = 0.8;

/** Whether both windows of `lossAt` hold points after the warmup, and steps enough for a mean. */
export function hasMeasuredGap({ schedule }: RunSpec, step: number): boolean {
	const half = Math.floor(step / 2);
	return half >= MIN_STEPS && WINDOW * half >= schedule.warmupSteps;
}

/** Then the points of a curve, 1.06 times as far as the one before, lie close enough. */
const MIN_STEPS = 10;

/**
 * A run's mean loss over the steps before `step`, and before half of it. Only points that were complete by then count, so that
 * later points of the curve change nothing.
 */
export function lossAt(curve: LossCurve, step: number, tokensPerStep: number): LossAt {
	const points = pointsOf(curve, tokensPerStep);
	return { late: meanBefore(points, step), early: meanBefore(points, Math.floor(step / 2)) };
}

/**
 * How far losses are behind others: now, and at the end of the run, of which the share `share` is done, if the gap goes on
 * closing with the logarithm of the tokens. A gap that widens is taken to stay.
 */
export function gapAt(losses: LossAt, others: LossAt, share: number): { now: number; atEnd: number } {
	const now = losses.late - others.late;
	const closed = Math.max(0, losses.early - others.early - now);
	return { now, atEnd: now - closed * Math.log2(1 / share) };
}

interface CurvePoint {
	/** The last step of the point, and how many it is the mean of. */
	end: number;
	steps: number;
	loss: number;
}

function pointsOf({ tokens, loss }: LossCurve, tokensPerStep: number): CurvePoint[] {
	let end = 0;
	return (averagedSteps(tokens, tokensPerStep) ?? []).map((steps, i) => {
		end += steps;
		return { end, steps, loss: loss[i]! };
	});
}

function meanBefore(points: readonly CurvePoint[], step: number): number {
	const complete = points.filter(({ end }) => end <= step);
	const within = complete.filter(({ end, steps }) => end - steps / 2 > WINDOW * step);
	let [sum, count] = [0, 0];
	for (const { loss, steps } of within.length > 0 ? within : complete.slice(-1)) {
		sum += steps * loss;
		count += steps;
	}
	return sum / count;
}
