import type { Activation, Norm, Positions } from "./choices.ts";

/** What every language model has: a token embedding, layers, and a head. */
interface CommonConfig {
	/** Vocabulary size. */
	vocabulary: number;
	/** Tokens of a sequence. */
	context: number;
	/** d_model: the size of an embedding, and of what each layer passes to the next. */
	width: number;
	layers: number;
	/** Whether linear layers, gates and layer norms have biases. */
	biases: boolean;
	/** Whether the head shares the token embedding's matrix. */
	tied: boolean;
}

/**
 * The shape of a decoder-only transformer and the choices in it. Two combinations have names: GPT-2 (the defaults of
 * `modelConfig`) and Llama (RMS norm, rotary positions, SwiGLU, no biases).
 */
export interface TransformerConfig extends CommonConfig {
	/** Absent: that of the runs recorded before there was another architecture. */
	architecture?: undefined;
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
	/** μP relative to a model of this width (see `parametrization.ts`); null for the standard parametrization. */
	baseWidth: number | null;
}

/** The shape of a language model of stacked LSTM layers, as many features wide as the embedding; see `lstm.ts`. */
export interface LstmConfig extends CommonConfig {
	architecture: "lstm";
}

/** The shape of a model, and the choices that its architecture has. */
export type ModelConfig = TransformerConfig | LstmConfig;

/** How many times as wide as the residual stream the feed-forward layer is unless given. */
export const FEED_FORWARD_EXPANSION = 4;

/** What describes a transformer; the rest defaults to GPT-2. */
export type ModelShape = Pick<TransformerConfig, "vocabulary" | "context" | "width" | "layers" | "heads"> &
	Partial<TransformerConfig>;

/** GPT-2 (Radford et al. 2019), except for what is given. */
export function modelConfig(shape: ModelShape): TransformerConfig {
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
