import type { ModelConfig } from "./config.ts";
import type { Counting } from "./counting.ts";
import { FLOPS_PER_PARAMETER, modelFlopsPerToken } from "./flops.ts";
import { parameterCounts } from "./size.ts";

/** A model in one way of counting. */
export interface Counted {
	/** N. */
	parameters: number;
	/** FLOP of training on one token. */
	flopsPerToken: number;
}

/** Counts a model's parameters and the FLOP that a token of training takes. */
export function counted(model: ModelConfig, counting: Counting): Counted {
	const { total, nonEmbedding } = parameterCounts(model);
	if (counting === "exact") return { parameters: total, flopsPerToken: modelFlopsPerToken(model) };
	const head = counting === "nonembedding+head" ? model.vocabulary * model.width : 0;
	const parameters = counting === "total" ? total : nonEmbedding + head;
	return { parameters, flopsPerToken: FLOPS_PER_PARAMETER * parameters };
}
