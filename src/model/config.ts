/** The shape of a GPT-2 transformer: layer norm before each block, learned positions, tanh GELU, biases. */
export interface ModelConfig {
	/** Number of distinct tokens. */
	vocabulary: number;
	/** Tokens a sequence holds; the longest distance attention can reach. */
	context: number;
	/** d_model: the size of the residual stream. */
	width: number;
	layers: number;
	/** Attention heads; must divide `width`. */
	heads: number;
	/** Whether the head shares the token embedding's matrix. */
	tied: boolean;
}

/** The feed-forward layer is this many times as wide as the residual stream. */
export const FEED_FORWARD_EXPANSION = 4;
