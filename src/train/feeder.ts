import { type Batch, batchStarts, readBatch, validationStarts } from "../data/batches.ts";
import type { TokenizedCorpus } from "../data/corpus.ts";
import { hyperWords } from "../kernels/optimizer.ts";
import type { PlannedRun } from "../study/events.ts";
import type { Pack } from "./pack.ts";
import { rateShare } from "./schedule.ts";

/** Whether all runs read the same tokens in the same order. */
export function sharesTokens(runs: PlannedRun[], corpora: TokenizedCorpus[]): boolean {
	return runs.every(({ spec }, i) => spec.seed === runs[0]!.spec.seed && corpora[i] === corpora[0]);
}

/** Puts what changes from step to step into the pack's rings: tokens, learning rates, corrections. */
export class Feeder {
	private readonly streams: { seed: number; corpus: TokenizedCorpus }[];
	private starts: number[][] = [];

	constructor(
		private readonly pack: Pack,
		private readonly runs: PlannedRun[],
		corpora: TokenizedCorpus[],
	) {
		const all = runs.map(({ spec }, i) => ({ seed: spec.seed, corpus: corpora[i]! }));
		this.streams = pack.shape.sharedTokens ? all.slice(0, 1) : all;
	}

	/** Everything micro-step `microStep` of training reads. Both counts are from 0. */
	writeMicroStep(microStep: number): void {
		const { microSteps, microBatchSequences: sequences, model } = this.pack.shape;
		const step = Math.floor(microStep / microSteps);
		const within = microStep % microSteps;
		if (within === 0) this.beginStep(step);
		const slice = this.starts.map((starts) => starts.slice(within * sequences, (within + 1) * sequences));
		this.pack.writeBatch(
			microStep,
			this.streams.map(({ corpus }, i) => readBatch(corpus.train, slice[i]!, model.context, model.vocabulary)),
		);
	}

	private beginStep(step: number): void {
		const { microSteps, microBatchSequences, model } = this.pack.shape;
		this.starts = this.streams.map(({ seed, corpus }) =>
			batchStarts(seed, step, microSteps * microBatchSequences, corpus.train.length, model.context),
		);
		this.runs.forEach(({ spec: { optimizer, schedule, steps } }, run) => {
			const rate = optimizer.learningRate * rateShare(schedule, step + 1, steps);
			this.pack.writeHyper(step, run, hyperWords(optimizer, rate, step + 1));
		});
	}

	/** The fixed validation set's micro-batch `microStep`. */
	writeValidation(microStep: number): void {
		const { evaluationSteps, microBatchSequences: sequences, model } = this.pack.shape;
		const batches = this.streams.map(({ corpus }): Batch => {
			const starts = validationStarts(evaluationSteps * sequences, corpus.validation.length, model.context);
			const slice = starts.slice(microStep * sequences, (microStep + 1) * sequences);
			return readBatch(corpus.validation, slice, model.context, model.vocabulary);
		});
		this.pack.writeBatch(microStep, batches);
	}
}
