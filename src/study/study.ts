import type { ActivationStorage, ModelConfig } from "../architecture/config.ts";
import type { Sampling } from "../data/batches.ts";
import type { OptimizerSpec } from "../run/run-spec.ts";
import type { StudySchedule } from "./study-schedule.ts";

/** One model size, with a budget of its own if it has `steps` or `tokens`. */
export interface ModelSize {
	readonly width: number;
	readonly layers: number;
	/** Divides `width`, unless the size has a `headSize`. */
	readonly heads: number;
	/** Heads of keys and values; divides `heads`, which is the default. */
	readonly keyValueHeads?: number;
	/** Default width / heads. */
	readonly headSize?: number;
	/** Width of the feed-forward layer, in place of the study's expansion. */
	readonly hidden?: number;
	/** Optimiser steps of this size, in place of the study's budgets. */
	readonly steps?: number;
	/** Training tokens of this size, in place of the study's budgets. */
	readonly tokens?: number;
}

/**
 * A study: a grid of runs. Plain data; every list is an axis, and the runs are the product of the axes. Budgets are
 * `steps` or `tokens`, one of the two; a run takes as many whole steps as reach its tokens.
 */
export interface Study {
	readonly name: string;
	/** Ids of corpora, or mixes of them. */
	readonly corpora: readonly CorpusChoice[];
	/** How many different tokens of its text a run may read, chosen by its seed; absent: all. */
	readonly uniqueTokens?: readonly number[];
	/** Sequences from random places, or the whole text once in every epoch; see `batchStarts`. */
	readonly sampling: Sampling;
	/** Corpora whose validation losses are measured besides. */
	readonly evaluations?: readonly string[];
	/** 256: bytes. Above: GPT-2's byte-pair encoding cut at that size, the end-of-text token included. */
	readonly vocabularies: readonly number[];
	readonly context: number;
	/** Whether the head shares the token embedding's matrix. */
	readonly tied: boolean;
	readonly norms: readonly ModelConfig["norm"][];
	readonly positions: readonly ModelConfig["positions"][];
	readonly activations: readonly ModelConfig["activation"][];
	/** The feed-forward layer's width is this times the model's, rounded. SwiGLU has three matrices of it, others two. */
	readonly expansion: number;
	readonly qkNorm: boolean;
	/** Of linear layers and layer norms. */
	readonly biases: boolean;
	readonly parametrizations: readonly ("standard" | "mup")[];
	/** The width at which "mup" is the standard parametrisation but for the scores of attention; needed by it alone. */
	readonly baseWidth?: number;
	readonly sizes: readonly ModelSize[];
	readonly learningRates: readonly number[];
	/** Path of the weights that runs begin with, on the command line: a model's folder, a weights file. Absent: random. */
	readonly initialWeights?: string;
	readonly seeds: readonly number[];
	readonly schedules: readonly StudySchedule[];
	readonly steps?: readonly number[];
	readonly tokens?: readonly number[];
	/** Sequences per optimiser step. */
	readonly batchSequences: readonly number[];
	/** See `OptimizerSpec`, for what follows too. Default "adamw". */
	readonly optimizer: OptimizerSpec["kind"];
	/** Default 0.1, as GPT-3 and nanoGPT train with. */
	readonly weightDecay: number;
	/** Default "coupled", as PyTorch's AdamW. */
	readonly decay: OptimizerSpec["decay"];
	readonly beta1: number;
	/** Default 0.95, as GPT-3: short runs with large batches gain from a shorter memory than Adam's 0.999. */
	readonly beta2: number;
	readonly epsilon: number;
	readonly clip: number;
	/** The decay of an average of the weights that is evaluated beside them; absent: none is kept. */
	readonly ema?: number;
	/** Default "f32"; "f16" halves the memory of most activations, on adapters that have 16-bit floats. */
	readonly storage: ActivationStorage;
	readonly validationSequences: number;
	/** Training tokens from one evaluation to the next; absent: only after the last step. */
	readonly validationEvery?: number;
}

/** What runs train on: a corpus, or a mix with weights of any sum, such as {"sotu": 0.7, "moby-dick": 0.3}. */
export type CorpusChoice = string | { readonly mix: Readonly<Record<string, number>> };
