import { modelFlopsPerToken } from "../architecture/flops.ts";
import { orthogonalFlops } from "../architecture/orthogonal.ts";
import { workingSet } from "../architecture/working-set.ts";
import type { CorpusInfo } from "../data/corpus.ts";
import { OPTIMIZERS, optimizerMemory } from "../run/choices.ts";
import type { PlannedRun } from "../run/events.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { rateShare } from "../run/schedule.ts";
import { count } from "../run/show.ts";
import { armStudies } from "./arms.ts";
import { tokensPerStep } from "./cost.ts";
import { MAX_BINDING_BYTES } from "./packs.ts";
import type { RunPlan } from "./plan.ts";
import { repeatedText } from "./repeated-text.ts";
import type { Study } from "./study.ts";
import { corporaNamed, scarceCorpus } from "./study-data.ts";

const MIN_SIZES = 3;
/** Arithmetic besides the model's that a plan mentions, as a share of it. */
const LARGE_SHARE = 0.1;

/** Problems to know of before a study runs, one sentence each. */
export function planWarnings(
	study: Study,
	runs: readonly PlannedRun[],
	perRun: Readonly<Record<string, RunPlan>>,
	corpora: ReadonlyMap<string, CorpusInfo>,
): string[] {
	const warnings = [...readingNotes(study, corpora), ...repeatedText(runs, perRun, corpora)];
	const scarce = runs.map(({ spec }) => scarceCorpus(spec, corpora)).find((corpus) => corpus !== undefined);
	if (scarce)
		warnings.push(
			`The corpus "${scarce.id}" has about ${count(scarce.estimate)} training tokens; ` +
				`runs with ${count(scarce.uniqueTokens)} unique tokens fail if it has fewer.`,
		);
	if (asksForExponents(study)) warnings.push(...designWarnings(study));
	const cut = runs.find((run) => run.spec.schedule.warmupSteps >= run.spec.steps);
	if (cut)
		warnings.push(
			`A warmup of ${count(cut.spec.schedule.warmupSteps)} steps does not end within a run of ${count(cut.spec.steps)} steps.`,
		);
	const idle = runs.find(({ spec }) => neverLearns(spec));
	if (idle)
		warnings.push(
			`A run of ${idle.spec.steps === 1 ? "1 step" : `${count(idle.spec.steps)} steps`} has learning rate 0 throughout by its ` +
				`schedule "${idle.spec.schedule.kind}", so it learns nothing; give it more steps or a schedule that does not end at 0.`,
		);
	const validation = new Set(runs.map((run) => run.spec.validationSequences));
	if (validation.size > 1)
		warnings.push(
			`Validation sets have ${[...validation]
				.sort((a, b) => a - b)
				.map(count)
				.join(" or ")} sequences, depending on the batch size; ` +
				"make validationSequences a multiple of every batch size to compare validation losses exactly.",
		);
	const share = Math.max(0, ...runs.map(({ spec }) => orthogonalizationShare(spec)));
	if (share > LARGE_SHARE)
		warnings.push(
			`Muon's Newton–Schulz iterations take up to ${Math.round(100 * share)}% as much arithmetic as the model, which compute ` +
				"does not count; larger batches make them cheaper.",
		);
	const mebibytes = (bytes: number) => `${count(Math.ceil(bytes / 2 ** 20))} MiB`;
	const large = runs.findLast(({ spec }) => largestBinding(spec) > MAX_BINDING_BYTES);
	if (large)
		warnings.push(
			`A model of width ${large.spec.model.width} and ${large.spec.model.layers} layers needs a buffer binding of ` +
				`${mebibytes(largestBinding(large.spec))}; a GPU may allow no more than ${mebibytes(MAX_BINDING_BYTES)}.`,
		);
	return warnings;
}

/** Whether a schedule has learning rate 0 at every step, as one that falls to 0 has at its only step. */
function neverLearns({ schedule, steps }: RunSpec): boolean {
	for (let step = 1; step <= steps; step++) if (rateShare(schedule, step, steps) > 0) return false;
	return true;
}

/** How the files of the study's texts were read: an encoding that was assumed, bytes that were replaced. */
function readingNotes(study: Study, corpora: ReadonlyMap<string, CorpusInfo>): string[] {
	return corporaNamed(study).flatMap((id) => {
		const note = corpora.get(id)?.note;
		return note === undefined ? [] : [`The corpus "${id}" ${note}.`];
	});
}

/** Other experiments have designs of their own. */
function asksForExponents({ experiment }: Study): boolean {
	return experiment === undefined || experiment === "reconcile";
}

function designWarnings(study: Study): string[] {
	const warnings: string[] = [];
	const arms = armStudies(study);
	if (arms.every(({ learningRates }) => learningRates.length === 1))
		warnings.push("The study has a single learning rate, which cannot be the best for every size; use three or more.");
	const sizes = Math.max(...arms.map((arm) => arm.sizes.length));
	if (sizes < MIN_SIZES)
		warnings.push(
			`The study has ${sizes === 1 ? "one size" : "two sizes"}; an exponent with an interval needs ${MIN_SIZES} or more.`,
		);
	if (arms.some(({ vocabularies }) => vocabularies.length > 1))
		warnings.push(
			"Losses per token cannot be compared between vocabulary sizes: a token of a larger vocabulary holds more text.",
		);
	return warnings;
}

/** Arithmetic of Muon's orthogonalization as a share of the model's; 0 for other optimizers. */
function orthogonalizationShare(spec: RunSpec): number {
	if (!OPTIMIZERS[spec.optimizer.kind].orthogonal) return 0;
	return orthogonalFlops(spec.model) / (modelFlopsPerToken(spec.model) * tokensPerStep(spec));
}

function largestBinding({ model, microBatchSequences, storage, optimizer }: RunSpec): number {
	return workingSet(model, { microBatchSequences, storage, ...optimizerMemory(optimizer.kind) }).largestBinding;
}
