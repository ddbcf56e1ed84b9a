import { DEFAULT_ARCHITECTURE } from "../architecture/choices.ts";
import { groupBy } from "../maths/group-by.ts";
import type { LossLaw } from "../theory/loss-law.ts";
import { MEASURED_STUDIES } from "../theory/measured-laws.ts";
import { type MeasuredPrediction, predictByMeasured, studiesLike } from "../theory/measured-prediction.ts";
import { predictStudy, type StudyPrediction } from "../theory/prediction.ts";
import type { Plan } from "./plan.ts";

/** Prediction for the runs of one vocabulary size and context; losses of different ones cannot be compared. */
export interface PlanPrediction extends StudyPrediction {
	vocabulary: number;
	/** Tokens per sequence. */
	context: number;
	/** What studies like it showed that were trained here; null without any. */
	measured: MeasuredPrediction | null;
	/** Why there is none; null otherwise. */
	unmeasured: string | null;
}

/** How far to trust a prediction. */
export const PREDICTION_CAVEAT =
	"The law was fitted to models with at least 44 million parameters, on other text with a vocabulary of 32,000 tokens. " +
	"Applied here it is an extrapolation by a factor of a thousand in size: crossings that it puts out of reach are reached. " +
	"It ignores badly tuned learning rates, warmup and repeated text.";

/**
 * What a planned study should find, under both parameter conventions: by the studies that were trained here, and if its
 * losses follow a law of total parameters and tokens. Uses the exact parameter counts of its models. One entry per vocabulary size and context.
 */
export function predictPlan(plan: Plan, law: LossLaw): PlanPrediction[] {
	const groups = groupBy(plan.runs, ({ spec: { model } }) => `${model.vocabulary} ${model.context}`);
	return [...groups.values()].map((runs) => {
		const { vocabulary, context } = runs[0]!.spec.model;
		const sizes = runs.map(({ id }) => {
			const { parameters, tokens } = plan.perRun[id]!;
			return { total: parameters.total, nonEmbedding: parameters.nonEmbedding, tokens };
		});
		const { found, reason } = studiesLike(MEASURED_STUDIES, {
			...{ vocabulary, context },
			transformer: runs.every(
				({ spec: { model } }) => (model.architecture ?? DEFAULT_ARCHITECTURE) === DEFAULT_ARCHITECTURE,
			),
			corpora: [...new Set(runs.map(({ spec }) => spec.corpus.id))],
		});
		const prediction = predictStudy(law, sizes);
		return {
			...{ vocabulary, context, ...prediction },
			measured: found.length > 0 ? predictByMeasured(found, prediction.sizes) : null,
			unmeasured: reason,
		};
	});
}
