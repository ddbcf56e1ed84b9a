import type { Flops } from "../architecture/flops.ts";
import type { ParameterCounts } from "../architecture/size.ts";
import type { RunStatus } from "./choices.ts";
import type { RunSpec } from "./run-spec.ts";

/** A loss curve: `loss[i]` (nats per token) is the mean training loss around `tokens[i]` training tokens. */
export interface LossCurve {
	tokens: number[];
	loss: number[];
}

/** Other measurements of a run's steps: one entry for each point of its loss curve. */
export interface Measurements {
	/** Global gradient norm before clipping. */
	gradientNorm: number[];
	/** ‖Δp‖/‖p‖ of all parameters together. */
	updateRatio: number[];
	/**
	 * The gradient noise scale in tokens (McCandlish et al. 2018), smoothed; null until it can be estimated. Empty if a step is
	 * one micro-batch: two batch sizes are needed.
	 */
	noiseScale: (number | null)[];
}

/** Losses on the fixed validation set during training, in nats per token; null for NaN and infinity. */
interface ValidationCurve {
	tokens: number[];
	loss: (number | null)[];
	/** For the average of the weights, if the spec has an `ema`. */
	lossEma?: (number | null)[];
}

/** Why a study's successive halving stopped a run before its last step. */
export interface Stop {
	/** The step, counted from 1, after which it was stopped. */
	step: number;
	/** The learning rate with the lowest loss there. */
	bestRate: number;
	/** Nats per token by which its rate was behind, mean over seeds; null if its rate diverged with another seed. */
	behind: number | null;
}

/** The result of a run: one line of runs.jsonl. It holds no times, so that equal runs give equal lines. */
export interface RunResult {
	id: string;
	spec: RunSpec;
	/**
	 * `diverged` if a loss or gradient was NaN or too large; the curve then ends before that step. `stopped` if it trained for
	 * less than its budget: the curve and the token count end where it was stopped.
	 */
	status: RunStatus;
	/** Present if and only if the status is `stopped`. */
	stopped?: Stop;
	/** The step, counted from 1, at which it diverged and was frozen; absent if it did not. */
	divergedAt?: number;
	/** The adapter that trained it. */
	adapter: string;
	/** The variant of each kernel that trained it: variants round differently. */
	variants: Readonly<Record<string, string>>;
	parameters: ParameterCounts;
	/** Training tokens seen. */
	tokens: number;
	flops: Flops;
	curve: LossCurve;
	measurements: Measurements;
	/** Nats per token on the fixed validation set after the last step; null when diverged or stopped. */
	validationLoss: number | null;
	/** The same for the average of the weights; absent if the spec has no `ema`. */
	validationLossEma?: number | null;
	/** Absent unless the spec has `validationEvery`. */
	validationCurve?: ValidationCurve;
	/** The same on the validation text of each of the spec's `evaluations`, by corpus; absent if it has none. */
	evaluations?: Record<string, number | null>;
}
