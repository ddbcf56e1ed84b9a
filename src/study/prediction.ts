import { groupBy } from "../maths/group-by.ts";
import type { LossLaw } from "../theory/loss-law.ts";
import { predictStudy, type StudyPrediction } from "../theory/prediction.ts";
import type { Plan } from "./plan.ts";

/** Prediction for the runs of one vocabulary size and context; losses of different ones cannot be compared. */
export interface PlanPrediction extends StudyPrediction {
	vocabulary: number;
	/** Tokens per sequence. */
	context: number;
}

/** How far to trust a prediction. */
export const PREDICTION_CAVEAT =
	"The law was fitted to models with at least 44 million parameters, on other text with a vocabulary of 32,000 tokens. " +
	"Applied here it is an extrapolation, and it ignores badly tuned learning rates, warmup and repeated text.";

/**
 * The exponents that a planned study should find, under both parameter conventions, if its losses follow a law of total
 * parameters and tokens. Uses the exact parameter counts of its models. One entry per vocabulary size and context.
 */
export function predictPlan(plan: Plan, law: LossLaw): PlanPrediction[] {
	const groups = groupBy(plan.runs, ({ spec: { model } }) => `${model.vocabulary} ${model.context}`);
	return [...groups.values()].map((runs) => {
		const { vocabulary, context } = runs[0]!.spec.model;
		const sizes = runs.map(({ id }) => {
			const { parameters, tokens } = plan.perRun[id]!;
			return { total: parameters.total, nonEmbedding: parameters.nonEmbedding, tokens };
		});
		return { vocabulary, context, ...predictStudy(law, sizes) };
	});
}
