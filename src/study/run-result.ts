import type { Flops, ParameterCounts } from "../model/size.ts";
import type { RunSpec } from "./run-spec.ts";

/** A loss curve: `loss[i]` (nats per token) is the mean training loss around `tokens[i]` training tokens. */
export interface LossCurve {
	tokens: number[];
	loss: number[];
}

/** What a finished run leaves behind: one line of runs.jsonl. Holds no times, so that equal runs give equal lines. */
export interface RunResult {
	id: string;
	spec: RunSpec;
	/** `diverged` when a loss was not finite; the curve then ends before that step. */
	status: "finished" | "diverged";
	/** The adapter that trained it. */
	adapter: string;
	parameters: ParameterCounts;
	/** Training tokens seen. */
	tokens: number;
	flops: Flops;
	curve: LossCurve;
	/** Nats per token on the fixed validation set after the last step; null when diverged. */
	validationLoss: number | null;
	/** The same on the validation text of each of the spec's `evaluations`, by corpus; absent when it has none. */
	evaluations?: Record<string, number | null>;
}
