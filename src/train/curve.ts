import type { LossCurve, Measurements } from "../run/run-result.ts";

/** Each point of the loss curve is at least this many times as many steps from the start as the last. */
const RATIO = 1.06;

/** The measurements of a step. */
export interface StepMeasures {
	loss: number;
	gradientNorm: number;
	updateRatio: number;
}

/** A curve and the sums for its next point: plain data, so that a checkpoint can hold it. */
export interface CurveState {
	curve: LossCurve;
	measurements: Measurements;
	/** Steps so far, and the step that completes the next point. */
	steps: number;
	edge: number;
	/** Sums over the steps since the last point. */
	count: number;
	tokens: number;
	sums: StepMeasures;
}

const NOTHING: StepMeasures = { loss: 0, gradientNorm: 0, updateRatio: 0 };

export function emptyCurve(): CurveState {
	const measurements: Measurements = { gradientNorm: [], updateRatio: [], noiseScale: [] };
	return {
		...{ curve: { tokens: [], loss: [] }, measurements, steps: 0, edge: 1 },
		...{ count: 0, tokens: 0, sums: { ...NOTHING } },
	};
}

/**
 * Adds the measurements of the next step. Curves have about forty points per decade of tokens.
 *
 * @param tokens training tokens up to and including that step
 * @param noiseScale after that step
 * @returns the point that this step completes, if any
 */
export function addStep(state: CurveState, tokens: number, measures: StepMeasures, noiseScale: number | null) {
	state.steps++;
	state.count++;
	state.tokens += tokens;
	for (const name of ["loss", "gradientNorm", "updateRatio"] as const) state.sums[name] += measures[name];
	return state.steps >= state.edge ? closePoint(state, noiseScale) : undefined;
}

/** Completes the last point, if any steps are left for it. */
export function closePoint(state: CurveState, noiseScale: number | null): { tokens: number; loss: number } | undefined {
	const { count, sums, curve, measurements } = state;
	if (count === 0) return undefined;
	const point = { tokens: state.tokens / count, loss: sums.loss / count };
	curve.tokens.push(point.tokens);
	curve.loss.push(point.loss);
	measurements.gradientNorm.push(rounded(sums.gradientNorm / count));
	measurements.updateRatio.push(rounded(sums.updateRatio / count));
	measurements.noiseScale.push(noiseScale && rounded(noiseScale));
	state.edge = Math.max(state.steps + 1, Math.ceil(state.steps * RATIO));
	Object.assign(state, { count: 0, tokens: 0, sums: { ...NOTHING } });
	return point;
}

/** To five digits: more would be noise and make files longer. */
function rounded(value: number): number {
	return Number(value.toPrecision(5));
}
