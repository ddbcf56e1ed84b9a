import type { LossCurve, Measurements } from "../run/run-result.ts";

/** Minimum ratio of step numbers between successive points of the loss curve. */
const RATIO = 1.06;

/** The measurements of a step. */
export interface StepMeasures {
	loss: number;
	gradientNorm: number;
	updateRatio: number;
}

/** A curve and the running sums for its next point: plain data, stored in checkpoints. */
export interface CurveState {
	curve: LossCurve;
	measurements: Measurements;
	/** Steps so far and, in `edge`, the step that completes the next point. */
	steps: number;
	edge: number;
	/** The number of steps since the last point, and sums over them. */
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
 * Adds the next step's measurements. Curves have about forty points per decade of tokens.
 *
 * @param tokens training tokens up to and including this step
 * @param noiseScale the noise scale after this step
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

/** Rounds to five digits; more would be noise and make files longer. */
function rounded(value: number): number {
	return Number(value.toPrecision(5));
}
