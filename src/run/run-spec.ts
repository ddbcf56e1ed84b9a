import type { OTHER_STORAGES } from "../architecture/choices.ts";
import type { ModelConfig } from "../architecture/config.ts";
import { canonicalJson, sha256 } from "./canonical-json.ts";
import type { OTHER_SAMPLINGS } from "./choices.ts";
import type { CorpusId, CorpusSpec } from "./corpus-spec.ts";
import type { OptimizerSpec } from "./optimizer-spec.ts";
import type { ScheduleSpec } from "./schedule.ts";

/** Plain data: everything that determines one training run. Its content hash is the run's identity. */
export interface RunSpec {
	model: ModelConfig;
	/** The training text. */
	corpus: CorpusSpec;
	/** How training sequences are drawn; absent: `with-replacement`. */
	sampling?: (typeof OTHER_SAMPLINGS)[number];
	/** Other corpora whose validation texts the run is also evaluated on; absent: none. */
	evaluations?: CorpusId[];
	/** The hash of the weights that the run starts from (see `InitialWeights`); absent: random weights. */
	initialWeights?: string;
	/** Seeds random initial weights and the order of the data. */
	seed: number;
	optimizer: OptimizerSpec;
	schedule: ScheduleSpec;
	/** Sequences per training step. Tokens per step = batchSequences × model.context. */
	batchSequences: number;
	/** Sequences per forward and backward pass; divides `batchSequences`. */
	microBatchSequences: number;
	/** Training steps. */
	steps: number;
	/** Sequences of the fixed validation set, evaluated at the end. A multiple of microBatchSequences. */
	validationSequences: number;
	/** Steps between evaluations; absent: only after the last step. */
	validationEvery?: number;
	/**
	 * Decay d of an average of the weights, e ← d·e + (1 − d)·p after each step t, where d is at most (1 + t)/(10 + t) so that
	 * the initial weights are soon forgotten. The average is evaluated too. Absent: none is kept.
	 */
	ema?: number;
	/** How activations are stored during training and evaluation; absent: "f32". */
	storage?: (typeof OTHER_STORAGES)[number];
}

/** The identity of a run: the first 16 hexadecimal digits of its spec's SHA-256. */
export async function runId(spec: RunSpec): Promise<string> {
	return (await sha256(canonicalJson(spec))).slice(0, 16);
}
