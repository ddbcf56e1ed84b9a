import { modelConfig, type TransformerConfig } from "../architecture/config.ts";

/** Kinds of blocks, by the choices that change a count: GPT-2's, or Llama's gated ones without biases. */
export const BLOCKS = {
	gpt2: { norm: "layer", positions: "learned", activation: "gelu", biases: true },
	llama: { norm: "rms", positions: "rotary", activation: "swiglu", biases: false },
} as const satisfies Record<string, Partial<TransformerConfig>>;
export type Blocks = keyof typeof BLOCKS;

/** A transformer as a reader describes it, and the tokens it is trained on. */
export interface DescribedModel {
	readonly width: number;
	readonly layers: number;
	readonly heads: number;
	readonly vocabulary: number;
	/** Tokens of a sequence. */
	readonly context: number;
	/** Null for 4 · width. */
	readonly hidden: number | null;
	/** Null for width / heads. */
	readonly headSize: number | null;
	readonly blocks: Blocks;
	readonly tied: boolean;
	/** D. */
	readonly tokens: number;
}

/** A published model, or one as small as the lab's. */
export interface KnownModel {
	readonly id: string;
	readonly title: string;
	readonly source: string;
	readonly model: DescribedModel;
}

const GPT = { hidden: null, headSize: null, blocks: "gpt2", tied: true } as const;

export const KNOWN_MODELS: readonly KnownModel[] = [
	{
		id: "tiny",
		title: "A model of this lab",
		source: "as small as those of the studies here",
		model: { ...GPT, width: 32, layers: 2, heads: 4, vocabulary: 2048, context: 64, tokens: 2e6 },
	},
	{
		id: "gpt2",
		title: "GPT-2, 124M",
		source: "Radford et al. 2019",
		model: { ...GPT, width: 768, layers: 12, heads: 12, vocabulary: 50_257, context: 1024, tokens: 10e9 },
	},
	{
		id: "gpt3",
		title: "GPT-3, 175B",
		source: "Brown et al. 2020, arXiv:2005.14165, table 2.1; 300 billion tokens",
		model: { ...GPT, width: 12_288, layers: 96, heads: 96, vocabulary: 50_257, context: 2048, tokens: 300e9 },
	},
	{
		id: "chinchilla",
		title: "Chinchilla, 70B",
		source:
			"Hoffmann et al. 2022, table 4; its relative positions, which make it 70B, are only in the row of appendix F",
		model: { ...GPT, width: 8192, layers: 80, heads: 64, vocabulary: 32_000, context: 2048, tokens: 1.4e12 },
	},
	{
		id: "llama",
		title: "Llama, 7B",
		source: "Touvron et al. 2023, arXiv:2302.13971, table 2; one trillion tokens",
		model: {
			...{ width: 4096, layers: 32, heads: 32, vocabulary: 32_000, context: 2048, hidden: 11_008, headSize: null },
			...{ blocks: "llama", tied: false, tokens: 1e12 },
		},
	},
];

/**
 * The model that was described.
 *
 * @throws RangeError in one sentence where no head size follows
 */
export function configOf({ blocks, hidden, headSize, tokens: _, ...shape }: DescribedModel): TransformerConfig {
	const { width, heads } = shape;
	if (headSize === null && width % heads !== 0)
		throw new RangeError(`Width ${width} is no multiple of ${heads} heads; give the head size, or a width that is.`);
	return modelConfig({
		...shape,
		...BLOCKS[blocks],
		...(hidden !== null && { hidden }),
		...(headSize !== null && { headSize }),
	});
}
