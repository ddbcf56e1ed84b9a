import type { Conventions, FlopsRule } from "../../../analysis/points/conventions.ts";

/** How parameters and compute may be counted, in words. */
export const COUNT_TEXTS: Record<Conventions["count"], string> = {
	total: "All parameters",
	nonembedding: "Without embeddings",
	"nonembedding+head": "Without embeddings, with the head",
};
export const FLOPS_TEXTS: Record<FlopsRule, string> = {
	"6nd": "6·N·D",
	exact: "Exact, of a GPT-2",
	"exact-no-attention": "Exact without attention",
	"exact-no-head": "Exact without the head",
	"exact-no-attention-no-head": "Exact without attention and head",
	column: "As in the file",
};
