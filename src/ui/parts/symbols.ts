import { CONVENTIONS as NAMES } from "../../experiments/figures/conventions.ts";
import { COMPUTE, PARAMETERS, TOKEN_COUNT } from "../../figures/rich-text.ts";
import { richHtml } from "./rich-html.ts";

/** The symbols of the paper, with real subscripts, and the plain words that stand beside them. */
export const N_TOTAL = richHtml(PARAMETERS.total);
export const N_NON_EMBEDDING = richHtml(PARAMETERS.nonEmbedding);
export const C_TOTAL = richHtml(COMPUTE.total);
export const C_NON_EMBEDDING = richHtml(COMPUTE.nonEmbedding);
export const TOKENS = richHtml(TOKEN_COUNT);

/** How a convention is named everywhere on the page, and its symbols. */
export const CONVENTIONS = {
	total: { ...NAMES.total, parameters: N_TOTAL, compute: C_TOTAL },
	nonEmbedding: { ...NAMES.nonEmbedding, parameters: N_NON_EMBEDDING, compute: C_NON_EMBEDDING },
};
