import type { Convention } from "../../architecture/flops.ts";
import { KAPLAN_MINIMAL_SIZE } from "../../theory/kaplan.ts";
import { HOFFMANN_EXPONENTS } from "../../theory/published-exponents.ts";

/** How each way of counting parameters is named, and the published exponent it is compared with. */
export const CONVENTIONS: Record<
	Convention,
	{
		readonly label: string;
		/** Within a sentence. */
		readonly phrase: string;
		readonly plain: string;
		/** a of N* ∝ C^a. */
		readonly reference: number;
		readonly source: string;
	}
> = {
	total: {
		label: "All parameters",
		phrase: "in total parameters",
		plain: "N_T",
		reference: HOFFMANN_EXPONENTS.approach1.allocation.estimate,
		source: "Chinchilla",
	},
	nonEmbedding: {
		label: "Without embeddings",
		phrase: "in non-embedding parameters",
		plain: "N_\\E",
		reference: KAPLAN_MINIMAL_SIZE.exponent,
		source: "Kaplan",
	},
};

/** The two conventions in the order of display. */
export const CONVENTION_ORDER: readonly Convention[] = ["total", "nonEmbedding"];
