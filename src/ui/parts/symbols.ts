import type { Convention } from "../../architecture/flops.ts";
import { COMPUTE, PARAMETERS, TOKEN_COUNT } from "../../figures/rich-text.ts";
import { KAPLAN_MINIMAL_SIZE } from "../../theory/kaplan.ts";
import { HOFFMANN_EXPONENTS } from "../../theory/published-exponents.ts";
import { richHtml } from "./rich-html.ts";

/** The symbols of the paper, with real subscripts, and the plain words that stand beside them. */
export const N_TOTAL = richHtml(PARAMETERS.total);
export const N_NON_EMBEDDING = richHtml(PARAMETERS.nonEmbedding);
export const C_TOTAL = richHtml(COMPUTE.total);
export const C_NON_EMBEDDING = richHtml(COMPUTE.nonEmbedding);
export const TOKENS = richHtml(TOKEN_COUNT);

/** How a convention is named everywhere on the page. */
export const CONVENTIONS: Record<
	Convention,
	{
		label: string;
		parameters: typeof N_TOTAL;
		compute: typeof C_TOTAL;
		plain: string;
		reference: number;
		source: string;
	}
> = {
	total: {
		label: "All parameters",
		parameters: N_TOTAL,
		compute: C_TOTAL,
		plain: "N_T",
		reference: HOFFMANN_EXPONENTS.approach1.allocation.estimate,
		source: "Chinchilla",
	},
	nonEmbedding: {
		label: "Without embeddings",
		parameters: N_NON_EMBEDDING,
		compute: C_NON_EMBEDDING,
		plain: "N_\\E",
		reference: KAPLAN_MINIMAL_SIZE.exponent,
		source: "Kaplan",
	},
};

/** The two conventions in the order the page shows them. */
export const CONVENTION_ORDER: readonly Convention[] = ["total", "nonEmbedding"];
