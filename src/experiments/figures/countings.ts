import type { Counting } from "../../architecture/counting.ts";
import { COMPUTE, italic, PARAMETERS, type RichText, rich, sub } from "../../figures/rich-text.ts";

interface CountingText {
	/** Short, for a switch. */
	readonly label: string;
	/** Within a sentence. */
	readonly phrase: string;
	/** Symbol of the parameters, and of the compute. */
	readonly parameters: RichText;
	readonly compute: RichText;
	/** The way of counting in one line. */
	readonly rule: RichText;
}

/** How ways of counting are named everywhere. */
export const COUNTING_TEXTS: Record<Counting, CountingText> = {
	nonembedding: {
		...{ label: "Without embeddings", phrase: "without embeddings" },
		...{ parameters: PARAMETERS.nonEmbedding, compute: COMPUTE.nonEmbedding },
		rule: rich("all but the embeddings; ", italic("C"), " = 6", italic("ND"), ", as Kaplan et al. 2020"),
	},
	"nonembedding+head": {
		...{ label: "With the head", phrase: "without embeddings, with the head" },
		...{ parameters: [italic("N"), sub("\\E+head")], compute: [italic("C"), sub("\\E+head")] },
		rule: rich(
			"without embeddings, but with the matrix that gives the logits; ",
			italic("C"),
			" = 6",
			italic("ND"),
			", as Porian et al. 2024",
		),
	},
	total: {
		...{ label: "All parameters", phrase: "with all parameters" },
		...{ parameters: PARAMETERS.total, compute: COMPUTE.total },
		rule: rich("all parameters; ", italic("C"), " = 6", italic("ND"), ", as Hoffmann et al. 2022"),
	},
	exact: {
		...{ label: "Exact FLOP", phrase: "counted exactly" },
		...{ parameters: PARAMETERS.total, compute: [italic("C"), sub("exact")] },
		rule: rich(
			"all parameters; ",
			italic("C"),
			" counts every multiplication of the model, attention and logits included",
		),
	},
};
