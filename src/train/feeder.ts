import {
	type Batch,
	batchStarts,
	type Part,
	readBatch,
	type SequenceStart,
	validationStarts,
} from "../data/batches.ts";
import type { RunCorpora, TokenizedCorpus } from "../data/corpus.ts";
import { uniqueTokens } from "../data/unique-tokens.ts";
import { hyperValues } from "../kernels/optimizer-structs.ts";
import { canonicalJson } from "../run/canonical-json.ts";
import { DEFAULT_SAMPLING, type Sampling } from "../run/choices.ts";
import { trainingParts } from "../run/corpus-spec.ts";
import { GRADIENT_LIMIT, lossLimit } from "../run/divergence.ts";
import type { PlannedRun } from "../run/events.ts";
import { rateShare } from "../run/schedule.ts";
import type { Pack } from "./pack.ts";

/** Whether all runs read the same tokens in the same order. */
export function sharesTokens(runs: PlannedRun[], corpora: RunCorpora[]): boolean {
	const first = runs[0]!.spec;
	const same = (a: readonly TokenizedCorpus[], b: readonly TokenizedCorpus[]) =>
		a.length === b.length && a.every((corpus, i) => corpus === b[i]);
	return runs.every(
		({ spec }, i) =>
			spec.seed === first.seed &&
			spec.sampling === first.sampling &&
			canonicalJson(spec.corpus) === canonicalJson(first.corpus) &&
			same(corpora[i]!.training, corpora[0]!.training) &&
			same(corpora[i]!.evaluations, corpora[0]!.evaluations),
	);
}

/** The data that runs with the same token stream read. */
interface Stream {
	seed: number;
	sampling: Sampling;
	training: Part[];
	/** The training corpora's validation set, then one for each additional evaluation corpus. */
	validation: Part[][];
}

function streamOf({ spec }: PlannedRun, { training, evaluations }: RunCorpora): Stream {
	const { seed, model, sampling = DEFAULT_SAMPLING } = spec;
	const parts = trainingParts(spec).map((part, i) => ({ ...part, tokens: training[i]! }));
	return {
		...{ seed, sampling },
		training: parts.map(({ tokens: { train }, weight, uniqueTokens: unique }) => ({
			stream: unique === undefined ? train : uniqueTokens(train, unique, seed, model.context),
			weight,
		})),
		validation: [
			parts.map(({ tokens, weight }) => ({ stream: tokens.validation, weight })),
			...evaluations.map(({ validation }) => [{ stream: validation, weight: 1 }]),
		],
	};
}

/** Writes each step's tokens and hyperparameters to the pack's rings. */
export class Feeder {
	private readonly streams: Stream[];
	private starts: SequenceStart[][] = [];

	/** @throws RangeError when a corpus has fewer tokens than its run's `uniqueTokens` asks for */
	constructor(
		private readonly pack: Pack,
		private readonly runs: PlannedRun[],
		corpora: RunCorpora[],
	) {
		const reading = pack.shape.sharedTokens ? runs.slice(0, 1) : runs;
		this.streams = reading.map((run, i) => streamOf(run, corpora[i]!));
	}

	/** Writes the input of training micro-step `microStep`, counted from 0; returns each stream's batch. */
	writeMicroStep(microStep: number): Batch[] {
		const { microSteps, microBatchSequences: sequences, model } = this.pack.shape;
		const step = Math.floor(microStep / microSteps);
		const within = microStep % microSteps;
		if (within === 0) this.beginStep(step);
		const slice = this.starts.map((starts) => starts.slice(within * sequences, (within + 1) * sequences));
		const batches = this.streams.map(({ training }, i) =>
			readBatch(training, slice[i]!, model.context, model.vocabulary),
		);
		this.pack.writeBatch(microStep, batches);
		return batches;
	}

	private beginStep(step: number): void {
		const { microSteps, microBatchSequences, model } = this.pack.shape;
		const sequences = microSteps * microBatchSequences;
		this.starts = this.streams.map(({ seed, sampling, training }) =>
			batchStarts(training, { seed, step, sequences, context: model.context, sampling }),
		);
		const ofRuns = this.runs.map(({ spec: { optimizer, schedule, steps, ema } }) => {
			const share = rateShare(schedule, step + 1, steps);
			const average = ema === undefined ? 0 : Math.min(ema, (2 + step) / (11 + step));
			return hyperValues(optimizer, optimizer.learningRate * share, step + 1, {
				...{ share, average, lossLimit: lossLimit(model.vocabulary), gradientLimit: GRADIENT_LIMIT },
			});
		});
		this.pack.writeHyper(step, ofRuns);
	}

	/**
	 * Writes micro-batch `number` of a fixed validation set to the slot of evaluation pass `microStep`. Set 0 is from the
	 * training corpora; the others are from the additional evaluation corpora, in order.
	 */
	writeValidation(microStep: number, number: number, set: number): void {
		const { evaluationSteps, microBatchSequences: sequences, model } = this.pack.shape;
		const batches = this.streams.map(({ validation }): Batch => {
			const parts = validation[set]!;
			const starts = validationStarts(parts, evaluationSteps * sequences, model.context);
			const slice = starts.slice(number * sequences, (number + 1) * sequences);
			return readBatch(parts, slice, model.context, model.vocabulary);
		});
		this.pack.writeBatch(microStep, batches);
	}
}
