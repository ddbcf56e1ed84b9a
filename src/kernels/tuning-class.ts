import type { RunSpec } from "../run/run-spec.ts";
import type { TuningShape } from "./tuning-problems.ts";

const WIDTHS = [8, 16, 32, 64, 128, 256, 512, 1024];
const HEAD_SIZES = [8, 16, 32, 64, 128];
const CONTEXTS = [16, 64, 256, 1024];
const TOKENS = [64, 256, 1024, 4096];
const VOCABULARIES = [256, 1024, 8192, 49152];

/** Most activations and weights of the head of one run, and weights of the head of all: what a binding of default size holds. */
const MOST_ACTIVATIONS = 2 ** 20;
const MOST_WEIGHTS = 2 ** 22;
const MOST_WEIGHTS_TOGETHER = 2 ** 25;
/** Activations that keep a large GPU busy, from as many runs as a pack usually has at most. */
const BUSY = 2 ** 21;
const MOST_RUNS = 16;

/**
 * The shape that stands for all runs whose kernels are chosen alike, and a name for it: the one near the run's in width, head
 * size, context, tokens of a micro-batch and vocabulary. It follows from the run alone, so that a run has the same kernels in
 * every pack.
 */
export function tuningClass({ model, microBatchSequences }: Pick<RunSpec, "model" | "microBatchSequences">): {
	name: string;
	shape: TuningShape;
} {
	const width = nearest(WIDTHS, model.width);
	const headSize = Math.min(width, nearest(HEAD_SIZES, model.architecture === "lstm" ? 16 : model.headSize));
	const context = nearest(CONTEXTS, model.context);
	const wanted = nearest(TOKENS, microBatchSequences * model.context);
	const tokens = Math.max(context, Math.min(wanted, MOST_ACTIVATIONS / width));
	const vocabulary = Math.min(nearest(VOCABULARIES, model.vocabulary), MOST_WEIGHTS / width);
	const fitting = Math.min(BUSY / (tokens * width), MOST_WEIGHTS_TOGETHER / (width * vocabulary));
	const runs = Math.max(1, Math.min(MOST_RUNS, Math.floor(fitting)));
	return {
		name: `width ${width}, heads of ${headSize}, context ${context}, ${tokens} tokens, vocabulary ${vocabulary}`,
		shape: { runs, sequences: tokens / context, context, width, heads: width / headSize, vocabulary },
	};
}

/** The choice that a value is nearest to by their ratio. */
function nearest(choices: readonly number[], value: number): number {
	const distance = (choice: number) => Math.abs(Math.log(choice / value));
	return choices.reduce((best, choice) => (distance(choice) < distance(best) ? choice : best));
}
