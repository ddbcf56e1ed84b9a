import type {
	Activation,
	ActivationStorage,
	Architecture,
	Norm,
	Parametrization,
	Positions,
} from "../architecture/choices.ts";
import type { Decay, OptimizerKind, Sampling } from "../run/choices.ts";
import type { ExperimentId } from "./experiment-ids.ts";
import type { Scaled } from "./scaled.ts";
import type { StudySchedule } from "./study-schedule.ts";

/** A model size. With `steps` or `tokens` it has its own training budget. */
export interface ModelSize {
	readonly width: number;
	readonly layers: number;
	/** Divides `width`, unless the size has a `headSize`. 1 where a study trains no transformer. */
	readonly heads: number;
	/** Key and value heads; divides `heads`, which is the default. */
	readonly keyValueHeads?: number;
	/** Default width / heads. */
	readonly headSize?: number;
	/** Width of the feed-forward layer; overrides the study's `expansion`. */
	readonly hidden?: number;
	/** Training steps of this size; overrides the study's budgets. */
	readonly steps?: number;
	/** Training tokens of this size; overrides the study's budgets. */
	readonly tokens?: number;
}

/**
 * A study: a grid of runs, as plain data. Every list is an axis, and the runs are the product of the axes. Budgets are
 * one of `steps`, `tokens` and `flops`; tokens are rounded up to whole steps, FLOPs to the nearest step.
 */
export interface Study {
	readonly name: string;
	/** The experiment whose question the study answers with a table and a figure of its own. */
	readonly experiment?: ExperimentId;
	/** Versions of the study to compare. The runs are those of all arms; without arms, those of the study itself. */
	readonly arms?: readonly Arm[];
	/** Corpus ids or mixes. */
	readonly corpora: readonly CorpusChoice[];
	/** How many different tokens of its corpus a run reads, chosen by its seed. Default: all. */
	readonly uniqueTokens?: readonly number[];
	/** Whether sequences start anywhere, or cover the corpus once per epoch; see `batchStarts`. */
	readonly sampling: Sampling;
	/** More corpora to measure validation losses on. */
	readonly evaluations?: readonly string[];
	/** Vocabulary sizes. 256 is bytes; larger ones are GPT-2's byte-pair encoding cut to that size, end-of-text included. */
	readonly vocabularies: readonly number[];
	readonly context: number;
	/** Whether the head shares the token embedding matrix. */
	readonly tied: boolean;
	/** Default "transformer". The settings from `norms` to `qkNorm`, and μP, are those of transformers. */
	readonly architectures: readonly Architecture[];
	readonly norms: readonly Norm[];
	readonly positions: readonly Positions[];
	readonly activations: readonly Activation[];
	/** Feed-forward width over model width. SwiGLU has three matrices of that width, others two. */
	readonly expansion: number;
	readonly qkNorm: boolean;
	/** Whether linear layers, gates and layer norms have biases. */
	readonly biases: boolean;
	readonly parametrizations: readonly Parametrization[];
	/** For "mup" only: the width at which it equals the standard parametrization, apart from attention scores. */
	readonly baseWidth?: number;
	readonly sizes: readonly ModelSize[];
	readonly learningRates: readonly number[];
	/** Path of weights to start from, a model folder or a weights file; command line only. Default: random weights. */
	readonly initialWeights?: string;
	readonly seeds: readonly number[];
	readonly schedules: readonly StudySchedule[];
	readonly steps?: readonly number[];
	readonly tokens?: readonly number[];
	/** Compute budgets 6·N_T·D of every size, in FLOP: larger models train on fewer tokens, as in an IsoFLOP profile. */
	readonly flops?: readonly number[];
	/** Sequences per training step; one that follows the model's size is rounded to a power of 2. */
	readonly batchSequences: readonly Scaled[];
	/** Default "adamw". This and the settings up to `clip` are described in `OptimizerSpec`. */
	readonly optimizer: OptimizerKind;
	/** Default 0.1, as in GPT-3 and nanoGPT. */
	readonly weightDecay: number;
	/** Default "coupled", as in PyTorch's AdamW. */
	readonly decay: Decay;
	readonly beta1: number;
	/** Default 0.95, as in GPT-3: short runs with large batches need a shorter memory than Adam's 0.999. */
	readonly beta2: number;
	readonly epsilon: number;
	readonly clip: number;
	/** Decay of a moving average of the weights, evaluated as well. Default: no average. */
	readonly ema?: number;
	/** Default "f32". "f16" halves the memory of most activations and needs an adapter with 16-bit floats. */
	readonly storage: ActivationStorage;
	readonly validationSequences: number;
	/** Stops learning rates that are clearly behind before their budgets are spent. Default: all train to the end. */
	readonly halving?: Halving;
	/** Training tokens between evaluations. Default: one evaluation after the last step. */
	readonly validationEvery?: number;
}

/** A version of a study: its settings with some replaced. A budget of any kind replaces the study's. */
export type Arm = { readonly name: string } & Partial<
	Omit<Study, "name" | "experiment" | "arms" | "initialWeights" | "halving">
>;

/**
 * Successive halving (Jamieson & Talwalkar 2016) of learning rates, as careful as the envelope needs it: at most half of the rates
 * are stopped at a time, and only those that are clearly behind; `decideHalving` has the rules.
 */
export interface Halving {
	/** Shares of each run's steps at which its rates are compared, ascending. Default 0.25 and 0.5. */
	readonly at: readonly number[];
	/** Nats per token by which a rate must at least be behind to be stopped. Default 0.05. */
	readonly margin: number;
}

/** What runs train on: a corpus, or a mix with weights of any sum, such as {"sotu": 0.7, "moby-dick": 0.3}. */
export type CorpusChoice = string | { readonly mix: Readonly<Record<string, number>> };
