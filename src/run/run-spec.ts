import type { ActivationStorage, ModelConfig } from "../architecture/config.ts";
import { canonicalJson, sha256 } from "./canonical-json.ts";

/** How the learning rate changes over a run, as a multiple of its peak; `rateShare` has the formulas. */
export interface ScheduleSpec {
	/** "wsd": warm-up, stable, decay. */
	kind: "constant" | "linear" | "cosine" | "inverse-sqrt" | "wsd" | "piecewise";
	/** Optimiser steps over which the rate rises linearly from 0 to its peak. */
	warmupSteps: number;
	/** The lowest share of the peak that the schedule falls to; 1 for `constant`. */
	floor: number;
	/** "wsd" alone: the shape and the length of its last part. */
	cooldown?: "linear" | "1-sqrt";
	cooldownSteps?: number;
	/** "piecewise" alone: (share of the run, share of the peak), the former rising from 0 to 1. */
	points?: [number, number][];
}

/** What turns gradients into updates, after clipping by the global gradient norm; `optimizer.wgsl` has the formulas. */
export interface OptimizerSpec {
	/** AdamW (Loshchilov & Hutter 2019), SGD with momentum beta1, or Lion (Chen et al. 2023). */
	kind: "adamw" | "sgd" | "lion";
	/** Peak learning rate. */
	learningRate: number;
	/** SGD's momentum. */
	beta1: number;
	/** Not used by SGD. */
	beta2: number;
	/** AdamW's alone. */
	epsilon: number;
	/** Decay of the weights themselves, on matrices. */
	weightDecay: number;
	/**
	 * A step takes from a weight this share of it: "coupled" weightDecay · rate, as in PyTorch; "independent" weightDecay ·
	 * (rate / peak rate), so that the peak can be tuned alone (Wortsman et al. 2023; Porian et al. 2024).
	 */
	decay: "coupled" | "independent";
	/** Largest global gradient norm. */
	clip: number;
}

/** A corpus by name, and the SHA-256 of its cleaned text, in hexadecimal. */
export interface CorpusId {
	id: string;
	hash: string;
}

/** One corpus, or a mix: then `id` tells its parts for people, and `hash` is of `mix` in canonical JSON. */
export interface CorpusSpec extends CorpusId {
	/** The corpora of a mix, in the order of their ids, with their shares of the sequences, which sum to 1. */
	mix?: (CorpusId & { weight: number })[];
	/** Distinct training tokens that the run may read, divided over a mix by weight; absent: all there are. */
	uniqueTokens?: number;
}

/** Plain data: everything that determines one training run. Its content hash is the run's identity. */
export interface RunSpec {
	model: ModelConfig;
	/** What the run learns from. */
	corpus: CorpusSpec;
	/** How training sequences are drawn (see `batchStarts`); absent: `with-replacement`. */
	sampling?: "epochs";
	/** Corpora whose validation texts the run is evaluated on besides its own; absent: none. */
	evaluations?: CorpusId[];
	/** What the run begins with: the hash of a model (see `InitialWeights`); absent: random weights. */
	initialWeights?: string;
	/** Seeds random initial weights and the order of the data. */
	seed: number;
	optimizer: OptimizerSpec;
	schedule: ScheduleSpec;
	/** Sequences per optimiser step. Tokens per step = batchSequences × model.context. */
	batchSequences: number;
	/** Sequences per forward and backward pass; divides `batchSequences`. */
	microBatchSequences: number;
	/** Optimiser steps. */
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
	storage?: Exclude<ActivationStorage, "f32">;
}

/** A corpus that a run reads, with its share of the sequences and of the unique tokens. */
export interface TrainingPart extends CorpusId {
	weight: number;
	uniqueTokens?: number;
}

/** What a run reads: its corpus, or the parts of its mix. */
export function trainingParts({ corpus }: Pick<RunSpec, "corpus">): TrainingPart[] {
	const { id, hash, mix = [{ id, hash, weight: 1 }], uniqueTokens } = corpus;
	if (uniqueTokens === undefined) return mix;
	return mix.map((part) => ({ ...part, uniqueTokens: Math.round(uniqueTokens * part.weight) }));
}

/** Most tokens in one forward and backward pass: bounds the memory of activations. */
const MAX_MICRO_BATCH_TOKENS = 4096;

/** The largest divisor of a batch whose tokens fit a micro-batch. */
export function microBatch(batchSequences: number, context: number): number {
	const most = Math.max(1, Math.floor(MAX_MICRO_BATCH_TOKENS / context));
	let size = Math.min(batchSequences, most);
	while (batchSequences % size !== 0) size--;
	return size;
}

/** The identity of a run: the first 16 hexadecimal digits of its spec's SHA-256. */
export async function runId(spec: RunSpec): Promise<string> {
	return (await sha256(canonicalJson(spec))).slice(0, 16);
}
