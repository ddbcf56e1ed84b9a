import { type BatchPlan, planBatch } from "./batch.ts";
import { type Beyond, beyondData } from "./fitted-range.ts";
import { type InferencePlan, planForInference } from "./inference.ts";
import { criticalBatch } from "./kaplan.ts";
import { type OverTraining, overTrain } from "./over-training.ts";
import { type Advice, type AllocationLaw, advise } from "./published-laws.ts";

/** The planner's inputs. */
export interface AdviceOptions {
	/** C, the training compute in FLOP, in each law's own convention. */
	flops: number;
	/** N of a model to train to the same loss. */
	parameters?: number;
	/** Tokens generated or read over the model's life. */
	inferenceTokens?: number;
	/** B: tokens in an optimizer step. */
	batch?: number;
	/** B_crit, tokens; by default Kaplan's B_crit(L) at the law's loss. */
	criticalBatch?: number;
}

/** One law's answer. A part is null if it was not requested or the law cannot give it; in the latter case `reasons` says why. */
export interface LawAdvice extends Advice {
	law: Pick<AllocationLaw, "id" | "label" | "source" | "counting" | "note" | "range">;
	/** Where C, or the N* there, lies beyond what the law was fitted on; null within it and where that is unknown. */
	beyond: Beyond | null;
	/** The exponent's interval, if known. */
	interval: { low: number; high: number; level: number } | null;
	overTraining: OverTraining | null;
	inference: InferencePlan | null;
	batch: BatchPlan | null;
	reasons: { loss: string | null; overTraining: string | null; inference: string | null; batch: string | null };
}

const NOT_PARAMETRIC =
	"comparing models of other sizes at the same loss needs a law L(N, D); this law gives only N* and D*";

/** N*, D*, the loss and the other requested parts, by one law. */
export function adviseFully(law: AllocationLaw, options: AdviceOptions): LawAdvice {
	const { flops, parameters, inferenceTokens, batch } = options;
	const advice = advise(law, flops);
	const { id, label, source, counting, note, range, rule } = law;
	const isParametric = rule.kind === "parametric";
	const overTraining = isParametric && parameters !== undefined ? overTrain(rule.law, flops, parameters) : null;
	const critical = options.criticalBatch ?? (advice.loss === null ? null : criticalBatch(advice.loss));
	return {
		law: { id, label, source, counting, note, range },
		beyond: range && beyondData(range, { flops, parameters: advice.parameters }),
		...advice,
		interval: rule.interval ?? null,
		overTraining,
		inference:
			isParametric && inferenceTokens !== undefined ? planForInference(rule.law, flops, inferenceTokens) : null,
		batch:
			batch !== undefined && critical !== null
				? planBatch({ parameters: advice.parameters, leastTokens: advice.tokens, batch, criticalBatch: critical })
				: null,
		reasons: {
			loss: advice.loss === null ? "no loss law is built in for this law" : null,
			overTraining:
				parameters === undefined || overTraining
					? null
					: isParametric
						? `${parameters} parameters never reach that loss, however many tokens they are trained on`
						: NOT_PARAMETRIC,
			inference: !isParametric && inferenceTokens !== undefined ? NOT_PARAMETRIC : null,
			batch:
				batch !== undefined && critical === null
					? "the critical batch size depends on the loss, which this law does not predict; give the critical batch size"
					: null,
		},
	};
}
