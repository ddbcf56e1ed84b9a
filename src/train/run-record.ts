import { trainingFlops } from "../architecture/flops.ts";
import { parameterCounts } from "../architecture/size.ts";
import type { StepMetrics } from "../kernels/optimizer-structs.ts";
import { type NoiseMoments, noiseMoments } from "../maths/noise-scale.ts";
import type { PlannedRun, RunProgress } from "../run/events.ts";
import type { RunResult, Stop } from "../run/run-result.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { addStep, type CurveState, closePoint, emptyCurve } from "./curve.ts";
import { smoothedNoiseScale, smoothMoments } from "./gradient-noise.ts";

/** The state of a run in training, without its weights: plain data, stored in checkpoints. */
export interface RecordState {
	/** Completed steps; for a diverged run, the steps before it diverged. */
	step: number;
	divergedAt: number | null;
	curve: CurveState;
	noise: NoiseMoments;
	/** Validation losses during training, of the weights and of their average, if the spec asks for them. */
	validation: { steps: number[]; loss: (number | null)[]; lossOfAverage: (number | null)[] };
	/** After the last step: the loss on each validation set, and the averaged weights' loss on the first set. */
	final: { losses: (number | null)[]; lossOfAverage: number | null } | null;
}

/** The largest 32-bit float. */
const LARGEST = 3.4028234663852886e38;

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null);

/** Collects the measurements of a run's steps and evaluations and produces its result. */
export class RunRecord {
	private readonly points: RunProgress["points"] = [];

	constructor(
		readonly run: PlannedRun,
		private readonly state: RecordState = {
			...{ step: 0, divergedAt: null, curve: emptyCurve(), noise: { signal: 0, noise: 0 } },
			...{ validation: { steps: [], loss: [], lossOfAverage: [] }, final: null },
		},
	) {
		const { tokens, loss } = state.curve.curve;
		this.points = tokens.map((at, i) => ({ tokens: at, loss: loss[i]! }));
	}

	/** A copy of the state, for a checkpoint. */
	snapshot(): RecordState {
		return structuredClone(this.state);
	}

	get divergedAt(): number | null {
		return this.state.divergedAt;
	}

	/** Whether the evaluation after the last step has been added. */
	get isComplete(): boolean {
		return this.state.final !== null;
	}

	/** Adds the metrics of step `step` = 1, 2, …, in order. */
	addStep(step: number, { loss, norm, frozen, ratio, first_norm: firstNorm }: StepMetrics): void {
		const { state } = this;
		if (state.divergedAt !== null) return;
		if (frozen !== 0) {
			state.divergedAt = frozen;
			return;
		}
		state.step = step;
		this.addNoise(firstNorm, norm);
		// When a run diverges, the square of its update may overflow.
		const measures = { loss, gradientNorm: norm, updateRatio: Number.isFinite(ratio) ? ratio : LARGEST };
		const point = addStep(state.curve, step * tokensPerStep(this.run.spec), measures, smoothedNoiseScale(state.noise));
		if (point) this.points.push(point);
	}

	private addNoise(firstNorm: number, norm: number): void {
		const { batchSequences, microBatchSequences, model } = this.run.spec;
		const microSteps = batchSequences / microBatchSequences;
		if (microSteps === 1 || !Number.isFinite(firstNorm)) return;
		// Each micro-batch contributes its gradient divided by the number of micro-batches.
		const small = (microSteps * firstNorm) ** 2;
		const moments = noiseMoments(small, norm ** 2, microBatchSequences * model.context, tokensPerStep(this.run.spec));
		this.state.noise = smoothMoments(this.state.noise, moments);
	}

	/** Adds losses in nats per token: on each validation set, and of the averaged weights on the first set. */
	addEvaluation(step: number, losses: number[], lossOfAverage: number | undefined): void {
		const { validation } = this.state;
		const { spec } = this.run;
		if (spec.validationEvery !== undefined) {
			validation.steps.push(step);
			validation.loss.push(finite(losses[0]));
			if (spec.ema !== undefined) validation.lossOfAverage.push(finite(lossOfAverage));
		}
		if (step < spec.steps) return;
		this.state.final = { losses: losses.map(finite), lossOfAverage: finite(lossOfAverage) };
		const last = closePoint(this.state.curve, smoothedNoiseScale(this.state.noise));
		if (last) this.points.push(last);
	}

	/** The run's progress, with the curve points added since the last call. */
	takeProgress(): RunProgress {
		return { id: this.run.id, step: this.state.step, points: this.points.splice(0) };
	}

	/**
	 * The result of a complete run, or of one that ends early: that diverged, after which nothing changes, or that was stopped.
	 *
	 * @param stopped why it was stopped, if it was
	 */
	result(adapter: string, variants: Readonly<Record<string, string>>, stopped?: Stop): RunResult {
		const { state } = this;
		const { id, spec } = this.run;
		const [validationLoss = null, ...others] = state.final?.losses ?? [];
		// The weights may have overflowed in the last step.
		const divergedAt = state.divergedAt ?? (validationLoss === null && !stopped ? spec.steps : null);
		const unlessDiverged = (loss: number | null | undefined) => (divergedAt === null ? (loss ?? null) : null);
		if (!state.final && divergedAt !== null) closePoint(state.curve, smoothedNoiseScale(state.noise));
		const { curve, measurements } = state.curve;
		const { noiseScale: noise, ...measured } = measurements;
		const parameters = parameterCounts(spec.model);
		const tokens = state.step * tokensPerStep(spec);
		const { steps, loss, lossOfAverage } = state.validation;
		const sofar = steps.filter((step) => step <= state.step).length;
		return {
			...{ id, spec, adapter, variants, parameters, tokens },
			status: divergedAt !== null ? "diverged" : stopped ? "stopped" : "finished",
			...(divergedAt !== null && { divergedAt }),
			...(divergedAt === null && stopped && { stopped }),
			flops: trainingFlops(parameters, tokens),
			curve,
			measurements: { ...measured, noiseScale: spec.batchSequences === spec.microBatchSequences ? [] : noise },
			validationLoss: unlessDiverged(validationLoss),
			...(spec.ema !== undefined && { validationLossEma: unlessDiverged(state.final?.lossOfAverage) }),
			...(spec.validationEvery !== undefined && {
				validationCurve: {
					tokens: steps.slice(0, sofar).map((step) => step * tokensPerStep(spec)),
					loss: loss.slice(0, sofar),
					...(spec.ema !== undefined && { lossEma: lossOfAverage.slice(0, sofar) }),
				},
			}),
			...(spec.evaluations && {
				evaluations: Object.fromEntries(spec.evaluations.map((corpus, i) => [corpus.id, unlessDiverged(others[i])])),
			}),
		};
	}
}

function tokensPerStep({ batchSequences, model }: RunSpec): number {
	return batchSequences * model.context;
}
