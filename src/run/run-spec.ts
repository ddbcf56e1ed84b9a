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
	/** What the run learns from. */
	corpus: CorpusSpec;
	/** How training sequences are drawn (see `batchStarts`); absent: `with-replacement`. */
	sampling?: (typeof OTHER_SAMPLINGS)[number];
	/** Corpora whose validation texts the run is evaluated on besides its own; absent: none. */
	evaluations?: CorpusId[];
	/** What the run begins with: the hash of a model (see `InitialWeights`); absent: random weights. */
	initialWeights?: string;
	/** Seeds random initial weights and the order of the data. */
	seed: number;
	optimizer: OptimizerSpec;
	schedule: ScheduleSpec;
	/** Sequences per optimizer step. Tokens per step = batchSequences × model.context. */
	batchSequences: number;
	/** Sequences per forward and backward pass; divides `batchSequences`. */
	microBatchSequences: number;
	/** Optimizer steps. */
	steps: number;
	/** Sequences of the fixed validation set, evaluated at the end. A multiple of microBatchSequences. */
	validationSequences: number;
	/** Steps from one evaluation to the next; absent: only after the last step. */
	validationEvery?: number;
	/**
	 * Decay d of an average of the weights, e ← d·e + (1 − d)·p after each step t, where d is at most (1 + t)/(10 + t) so
	 * that the initial weights are soon forgotten; it is evaluated beside them. Absent: none.
	 */
	ema?: number;
	/** What activations are stored as while a run trains and is evaluated; absent: "f32". */
	storage?: (typeof OTHER_STORAGES)[number];
}

/** The identity of a run: the first 16 hexadecimal digits of its spec's SHA-256. */
export async function runId(spec: RunSpec): Promise<string> {
	return (await sha256(canonicalJson(spec))).slice(0, 16);
}
