import type { Activation, Norm, Positions } from "./choices.ts";

/**
 * The shape of a decoder-only transformer and the choices in it. Two of them have names of their own: GPT-2 (what
 * `modelConfig` fills in) and Llama (RMS norm, rotary positions, SwiGLU, no biases).
 */
export interface ModelConfig {
	/** Number of distinct tokens. */
	vocabulary: number;
	/** Tokens a sequence holds; the longest distance attention can reach. */
	context: number;
	/** d_model: the size of the residual stream. */
	width: number;
	layers: number;
	/** Heads of queries. */
	heads: number;
	/** Heads of keys and values, each shared by heads / keyValueHeads of the queries (Ainslie et al. 2023). Divides `heads`. */
	keyValueHeads: number;
	/** Entries of a query, key or value. Even where positions are rotary. */
	headSize: number;
	/** Width of the feed-forward layer; for SwiGLU of its gate and of what it gates, each. */
	hidden: number;
	/** Before each half of a block and before the head. */
	norm: Norm;
	positions: Positions;
	activation: Activation;
	/** RMS norm of each query and key with a learned gain, before they are turned (Henry et al. 2020; as in Qwen3). */
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

/** What a model is described by; the rest is as in GPT-2. */
export type ModelShape = Pick<ModelConfig, "vocabulary" | "context" | "width" | "layers" | "heads"> &
	Partial<ModelConfig>;

/** GPT-2 (Radford et al. 2019) but for what is given. */
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
