import { estimatesOf, type Fit } from "../../analysis/fitting/fit.ts";
import type { SeedCurve } from "../../analysis/schedules/difference-curve.ts";
import { annealingCurve, type ScheduledCurve } from "../../analysis/training-laws/annealing-law.ts";
import { evenly } from "../../maths/evenly.ts";
import { type ExpectedCurve, meanCurve } from "./schedule-view.ts";

/**
 * The beginning of the longest run, which the law does not describe: warmup, and the plateau where a model knows only how frequent
 * tokens are. Of 20 thousand parameters on half a million tokens, the law missed the ends of curves by 0.07 nats when it was fitted
 * without their first tenth, and by 0.01 without three of them.
 */
const BEGINNING = 0.3;

/** Points of an expected curve. */
const POINTS = 160;

/** Points of each curve that the law is fitted to: more say the same, and take longer than a reader waits. */
const FITTED = 40;

/** What a schedule trained, for the fit of the law. */
export interface TrainedSchedule {
	readonly name: string;
	readonly rates: ArrayLike<number>;
	readonly tokensPerStep: number;
	readonly curves: readonly SeedCurve[];
}

/** The mean curve of each schedule over its seeds, without the beginning of the longest, as the law of annealing takes them. */
export function scheduledCurves(schedules: readonly TrainedSchedule[]): ScheduledCurve[] {
	const longest = Math.max(...schedules.map(({ rates }) => rates.length));
	return schedules.flatMap(({ name, rates, tokensPerStep, curves }) => {
		const { tokens, loss } = meanCurve(curves);
		const points = tokens
			// A point is the mean of several steps; half a step makes no difference.
			.map((at, i) => ({ step: Math.min(rates.length, Math.max(1, Math.round(at / tokensPerStep))), loss: loss[i]! }))
			.filter(({ step }) => step > BEGINNING * longest);
		if (points.length === 0) return [];
		const chosen = evenly(points, FITTED);
		const steps = chosen.map(({ step }) => step);
		return [{ run: name, learningRates: rates, steps, loss: chosen.map((point) => point.loss) }];
	});
}

/** Why the law cannot say what a schedule that anneals would do; null if it can. */
export function whyNotExpected(law: Fit | null): string | null {
	if (law === null) return "nothing has been trained yet";
	if (law.reason !== null) return law.reason;
	if (!(law.parameters.C!.estimate > 0)) return "no schedule that anneals has been trained yet";
	return null;
}

/**
 * The loss that a fit of the law expects of a schedule, at about as many points as a figure can show.
 *
 * @returns null where the law is not determined
 */
export function expectedCurve(law: Fit | null, rates: ArrayLike<number>, tokensPerStep: number): ExpectedCurve | null {
	if (whyNotExpected(law) !== null || rates.length === 0) return null;
	const loss = annealingCurve(estimatesOf(law!), rates);
	const first = Math.max(1, Math.ceil(BEGINNING * rates.length));
	const count = Math.min(POINTS, rates.length - first + 1);
	const steps = Array.from({ length: count }, (_, i) =>
		Math.round(first + (i * (rates.length - first)) / Math.max(1, count - 1)),
	);
	return { tokens: steps.map((step) => step * tokensPerStep), loss: steps.map((step) => loss[step - 1]!) };
}
