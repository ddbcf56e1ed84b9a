import type { Activation, Norm, Positions } from "./choices.ts";

/**
 * The shape of a decoder-only transformer and the choices in it. Two combinations have names: GPT-2 (the defaults of
 * `modelConfig`) and Llama (RMS norm, rotary positions, SwiGLU, no biases).
 */
export interface ModelConfig {
	/** Vocabulary size. */
	vocabulary: number;
	/** Tokens of a sequence. */
	context: number;
	/** d_model: the size of the residual stream. */
	width: number;
	layers: number;
	/** Heads of queries. */
	heads: number;
	/** Heads of keys and values, each shared by heads / keyValueHeads of the queries (Ainslie et al. 2023). Divides `heads`. */
	keyValueHeads: number;
	/** Entries of a query, key or value. Even if positions are rotary. */
	headSize: number;
	/** Width of the feed-forward layer; in a SwiGLU, of both the gate and the projection that it gates. */
	hidden: number;
	/** Before each half of a block and before the head. */
	norm: Norm;
	positions: Positions;
	activation: Activation;
	/** RMS norm of each query and key with a learned gain, before they are rotated (Henry et al. 2020; as in Qwen3). */
	qkNorm: boolean;
	/** Whether linear layers and layer norms have biases. */
	biases: boolean;
	/** Whether the head shares the token embedding's matrix. */
	tied: boolean;
	/** μP relative to a model of this width (see `parametrization.ts`); null for the standard parametrization. */
	baseWidth: number | null;
}

/** How many times as wide as the residual stream the feed-forward layer is unless given. */
export const FEED_FORWARD_EXPANSION = 4;

/** What describes a model; the rest defaults to GPT-2. */
export type ModelShape = Pick<ModelConfig, "vocabulary" | "context" | "width" | "layers" | "heads"> &
	Partial<ModelConfig>;

/** GPT-2 (Radford et al. 2019), except for what is given. */
export function modelConfig(shape: ModelShape): ModelConfig {
	return {
		keyValueHeads: shape.heads,
		headSize: shape.width / shape.heads,
		hidden: FEED_FORWARD_EXPANSION * shape.width,
		norm: "layer",
		positions: "learned",
		activation: "gelu",
		qkNorm: false,
		biases: true,
		tied: true,
		baseWidth: null,
		...shape,
	};
}
