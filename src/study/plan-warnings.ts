import { workingSet } from "../architecture/working-set.ts";
import type { CorpusInfo } from "../data/corpus.ts";
import { momentsOf } from "../run/choices.ts";
import type { PlannedRun } from "../run/events.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { count } from "../run/show.ts";
import { MAX_BINDING_BYTES } from "./packs.ts";
import type { RunPlan } from "./planner.ts";
import type { Study } from "./study.ts";
import { scarcePart } from "./study-data.ts";

/** Muennighoff et al. 2023: up to about four epochs, repeated text is nearly as good as new. */
const MAX_EPOCHS = 4;
const MIN_SIZES = 3;

/** What a person should know before a study runs, one sentence each. */
export function planWarnings(
	study: Study,
	runs: readonly PlannedRun[],
	perRun: Readonly<Record<string, RunPlan>>,
	corpora: ReadonlyMap<string, CorpusInfo>,
): string[] {
	const warnings: string[] = [];
	// A number of unique tokens says that repetition is what the study is about.
	const free = runs.filter(({ spec }) => spec.corpus.uniqueTokens === undefined);
	for (const corpus of new Set(free.map(({ spec }) => spec.corpus.id))) {
		const epochs = Math.max(
			...free.filter(({ spec }) => spec.corpus.id === corpus).map(({ id }) => perRun[id]!.epochs),
		);
		if (epochs > MAX_EPOCHS)
			warnings.push(
				`Runs see the corpus "${corpus}" up to ${epochs < 100 ? epochs.toFixed(1) : count(Math.round(epochs))} times; ` +
					`beyond ${MAX_EPOCHS} times, repeated text teaches less than new text. Use a larger text or a smaller budget.`,
			);
	}
	const scarce = runs.map(({ spec }) => scarcePart(spec, corpora)).find((part) => part !== undefined);
	if (scarce)
		warnings.push(
			`The corpus "${scarce.id}" has about ${count(scarce.estimate)} tokens to train on; ` +
				`runs that ask for ${count(scarce.uniqueTokens)} unique ones end with an error if it has fewer.`,
		);
	if (study.learningRates.length === 1)
		warnings.push(
			"There is one learning rate, so it cannot be the best one for every size; three or more can show it.",
		);
	if (study.sizes.length < MIN_SIZES)
		warnings.push(
			`There ${study.sizes.length === 1 ? "is one size" : "are two sizes"}; an exponent with an interval needs ${MIN_SIZES} or more.`,
		);
	if (study.vocabularies.length > 1)
		warnings.push(
			"Losses per token at different vocabularies cannot be compared: a token holds more text in a larger one.",
		);
	const cut = runs.find((run) => run.spec.schedule.warmupSteps >= run.spec.steps);
	if (cut)
		warnings.push(
			`A warm-up of ${count(cut.spec.schedule.warmupSteps)} steps is not over when a run of ${count(cut.spec.steps)} steps ends.`,
		);
	const validation = new Set(runs.map((run) => run.spec.validationSequences));
	if (validation.size > 1)
		warnings.push(
			`Validation sets have ${[...validation]
				.sort((a, b) => a - b)
				.map(count)
				.join(" or ")} sequences, depending on the batch: ` +
				"make validationSequences a multiple of every batch to compare validation losses exactly.",
		);
	const mebibytes = (bytes: number) => `${count(Math.ceil(bytes / 2 ** 20))} MiB`;
	const large = runs.findLast(({ spec }) => largestBinding(spec) > MAX_BINDING_BYTES);
	if (large)
		warnings.push(
			`A model of width ${large.spec.model.width} and ${large.spec.model.layers} layers binds ` +
				`${mebibytes(largestBinding(large.spec))} at once; a GPU may allow no more than ${mebibytes(MAX_BINDING_BYTES)}.`,
		);
	return warnings;
}

function largestBinding({ model, microBatchSequences, storage, optimizer }: RunSpec): number {
	const moments = momentsOf(optimizer.kind).length;
	return workingSet(model, { microBatchSequences, storage, moments }).largestBinding;
}
