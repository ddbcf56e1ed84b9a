import { groupBy } from "../maths/group-by.ts";
import type { LossLaw } from "../theory/loss-law.ts";
import { predictStudy, type StudyPrediction } from "../theory/prediction.ts";
import type { Plan } from "./planner.ts";

/** What the runs of one vocabulary and context should show; losses at different ones cannot be compared. */
export interface PlanPrediction extends StudyPrediction {
	vocabulary: number;
	/** Tokens a sequence holds. */
	context: number;
}

/** How far to trust a prediction; one sentence. */
export const PREDICTION_CAVEAT =
	"The law was fitted to models of 44 million parameters and more on other text with 32,000 kinds of token: here it is " +
	"an extrapolation, which leaves out learning rates that fit no size, warm-up and repeated text.";

/**
 * What a planned study should show if its losses follow a law of total parameters and tokens: the exponents in both ways
 * of counting, from the exact parameter counts of its models. One entry for each vocabulary and context.
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
