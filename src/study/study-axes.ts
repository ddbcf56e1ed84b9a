import { type ModelConfig, type ModelShape, modelConfig } from "../architecture/config.ts";
import { tokensOf } from "../architecture/flops.ts";
import { parameterCounts } from "../architecture/size.ts";
import { armStudies } from "./arms.ts";
import { type Scaled, valueFor } from "./scaled.ts";
import type { ModelSize, Study } from "./study.ts";

/**
 * Sequences per step of a model, for an entry of the study's batch sizes. One that follows the model's size is the nearest
 * power of 2, so that validation sets can be the same for all sizes.
 */
export function batchFor(batch: Scaled, model: ModelConfig): number {
	if (typeof batch === "number") return batch;
	return 2 ** Math.max(0, Math.round(Math.log2(valueFor(batch, parameterCounts(model)))));
}

/** The step counts that a size trains for as the given model, at `batchSequences` sequences per step. */
export function stepsOf(study: Study, size: ModelSize, model: ModelConfig, batchSequences: number): number[] {
	const stepsFor = (tokens: number) => Math.ceil(tokens / (batchSequences * study.context));
	if (size.steps !== undefined) return [size.steps];
	if (size.tokens !== undefined) return [stepsFor(size.tokens)];
	const { total } = parameterCounts(model);
	const nearest = (flops: number) => Math.round(tokensOf(flops, total) / (batchSequences * study.context));
	return study.steps ? [...study.steps] : (study.tokens?.map(stepsFor) ?? study.flops!.map(nearest));
}

/** How many budgets a size trains for. */
export function budgetCount({ steps, tokens, flops }: Study, size: ModelSize): number {
	if (size.steps !== undefined || size.tokens !== undefined) return 1;
	return (steps ?? tokens ?? flops ?? []).length;
}

/** The models of a size at a vocabulary size: for each architecture, the product of the axes of its choices. */
export function modelsOf(study: Study, size: ModelSize, vocabulary: number): ModelConfig[] {
	const { context, tied, biases, architectures } = study;
	const { width, layers } = size;
	const common = { vocabulary, context, width, layers, tied, biases };
	return architectures.flatMap((architecture) =>
		architecture === "lstm" ? [{ architecture, ...common }] : transformersOf(study, size, common),
	);
}

function transformersOf(study: Study, size: ModelSize, common: Omit<ModelShape, "heads">): ModelConfig[] {
	const { norms, positions, activations, expansion, qkNorm, parametrizations } = study;
	const { width, heads, keyValueHeads = heads, headSize = width / heads } = size;
	const hidden = size.hidden ?? Math.max(1, Math.round(expansion * width));
	const shape = { ...common, heads, keyValueHeads, headSize, hidden, qkNorm };
	return norms.flatMap((norm) =>
		positions.flatMap((position) =>
			activations.flatMap((activation) =>
				parametrizations.map((parametrization) => {
					const baseWidth = parametrization === "mup" ? study.baseWidth! : null;
					return modelConfig({ ...shape, norm, positions: position, activation, baseWidth });
				}),
			),
		),
	);
}

/** How many models `modelsOf` gives for each size and vocabulary size. */
function modelCount({ architectures, norms, positions, activations, parametrizations }: Study): number {
	const transformers = norms.length * positions.length * activations.length * parametrizations.length;
	return architectures.reduce((sum, architecture) => sum + (architecture === "lstm" ? 1 : transformers), 0);
}

/** Number of runs: the product of the axes, summed over the arms. */
export function studySize(study: Study): number {
	return armStudies(study).reduce((sum, arm) => sum + gridSize(arm), 0);
}

function gridSize(study: Study): number {
	const budgets = study.sizes.reduce((sum, size) => sum + budgetCount(study, size), 0);
	const axes = [study.corpora, study.vocabularies, study.learningRates, study.seeds, study.schedules];
	const perSize = budgets * modelCount(study) * study.batchSequences.length * (study.uniqueTokens?.length ?? 1);
	return axes.reduce((product, axis) => product * axis.length, perSize);
}

/** Training steps between evaluations, at least 1; undefined for a single evaluation at the end. */
export function evaluationInterval({ validationEvery, context }: Study, batchSequences: number): number | undefined {
	return validationEvery && Math.max(1, Math.round(validationEvery / (batchSequences * context)));
}
