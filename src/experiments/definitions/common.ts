import type { PresetDraft } from "../experiment.ts";

/**
 * What the studies share. Small batches leave the plateau where a model knows only how frequent each token is after fewer
 * tokens; a β₂ of 0.99 suits them. Text is read once before any of it is repeated.
 */
export const COMMON = {
	corpora: ["sotu"],
	sampling: "epochs",
	context: 16,
	schedules: [{ kind: "constant", warmupSteps: 20 }],
	beta2: 0.99,
} as const;

/** For minutes of a laptop GPU: a vocabulary of 512 and 128 tokens per step. */
export const QUICK = { ...COMMON, vocabularies: [512], batchSequences: [8], validationSequences: 512 } as const;

/** For a lesson on a GPU: a vocabulary of 2,048 and 256 tokens per step. */
export const CLASS = { ...COMMON, vocabularies: [2048], batchSequences: [16], validationSequences: 1024 } as const;

/** For hours on a large GPU: a vocabulary of 8,192, sequences of 64 tokens, and 4,096 tokens per step. */
export const FULL = {
	...COMMON,
	...{ context: 64, vocabularies: [8192], batchSequences: [64], validationSequences: 1024 },
	schedules: [{ kind: "constant", warmupSteps: 100 }],
} as const;

/** Sizes with a fixed aspect ratio, width / layers = 8, as theory assumes (Pearce & Song 2024, eq. 13). */
export function sizesOfWidths(widths: readonly number[]) {
	return widths.map((width) => ({ width, layers: Math.max(1, Math.round(width / 8)), heads: headsOf(width) }));
}

/** Sizes of a fixed aspect ratio, each with its own budget: until the next size has overtaken it in both conventions. */
export function sizesWithBudgets(budgets: Readonly<Record<number, number>>) {
	return sizesOfWidths(Object.keys(budgets).map(Number)).map((size) => ({ ...size, tokens: budgets[size.width] }));
}

/** Heads of 8 to 16 entries, as many as divide the width. */
export function headsOf(width: number): number {
	for (let heads = Math.max(1, Math.floor(width / 12)); heads > 1; heads--) if (width % heads === 0) return heads;
	return 1;
}

/** The three sizes of an experiment: its name is the quick one's id. */
export function threeSizes(
	id: string,
	{ quick, class: classroom, full }: Record<"quick" | "class" | "full", Omit<PresetDraft, "id" | "title">>,
): PresetDraft[] {
	return [
		{ id, title: "Quick", ...quick },
		{ id: `${id}-class`, title: "Class", ...classroom },
		{ id: `${id}-full`, title: "Full", ...full },
	];
}
