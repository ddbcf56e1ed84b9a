import type { LossCurve, Measurements } from "../run/run-result.ts";

/** A point of the loss curve stands for the steps since the last, at least this much further on. */
const RATIO = 1.06;

/** What a step is measured by. */
export interface StepMeasures {
	loss: number;
	gradientNorm: number;
	updateRatio: number;
}

/** A curve and what is not yet a point of it: plain data, so that a checkpoint can hold it. */
export interface CurveState {
	curve: LossCurve;
	measurements: Measurements;
	/** Steps so far, and the one that closes the next point. */
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
 * Adds what the next step measured; curves have about forty points for each tenfold of tokens.
 *
 * @param tokens training tokens up to and including that step
 * @param noiseScale as it stands after that step
 * @returns the point that this step completes, if it does
 */
export function addStep(state: CurveState, tokens: number, measures: StepMeasures, noiseScale: number | null) {
	state.steps++;
	state.count++;
	state.tokens += tokens;
	for (const name of ["loss", "gradientNorm", "updateRatio"] as const) state.sums[name] += measures[name];
	return state.steps >= state.edge ? closePoint(state, noiseScale) : undefined;
}

/** Closes the last point, where steps are left for it. */
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

/** To five digits: more would say nothing, and make long files. */
function rounded(value: number): number {
	return Number(value.toPrecision(5));
}
