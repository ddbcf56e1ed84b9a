export { type AdviceOptions, adviseFully, type LawAdvice } from "./advice.ts";
export { analyticExponent, analyticLines } from "./analytic-frontier.ts";
export { type BatchPlan, planBatch } from "./batch.ts";
export { aspectRatioOf, type Embedding, omegaOf, PAPER_EMBEDDING, totalParameters } from "./embedding.ts";
export {
	EMBEDDING_METHODS,
	type EmbeddingFit,
	type EmbeddingMethod,
	fitEmbedding,
	type ModelCounts,
} from "./embedding-fit.ts";
export {
	type AllocationFigure,
	type CurvesFigure,
	figure2,
	figure3,
	figure4,
	figure5,
	figure6,
	figure7,
	figures,
	type Series,
	type SyntheticCurve,
} from "./figures.ts";
export {
	type AnalyticFrontierPoint,
	type FrontierExtremes,
	type FrontierLimits,
	flopsAt,
	frontierExtremes,
	frontierLimits,
	frontierPoint,
	localExponent,
	lossAtFlops,
	nonEmbeddingAt,
} from "./frontier.ts";
export {
	compareFlops,
	type FlopsComparison,
	type FlopsOptions,
	type ShapeCounts,
	type TransformerShape,
	trainingFlopsPerToken,
} from "./hoffmann-flops.ts";
export { type InferencePlan, type Lifetime, planForInference } from "./inference.ts";
export { criticalBatch, kaplanLoss, PF_DAY } from "./kaplan.ts";
export {
	type Allocation,
	allocationExponent,
	allocationScale,
	bestAllocation,
	type LossLaw,
	lossAt,
	lossExponent,
} from "./loss-law.ts";
export { type OverTraining, overTrain } from "./over-training.ts";
export {
	type PredictedConvention,
	type PredictedCrossing,
	predictStudy,
	type StudyPrediction,
	type StudySize,
} from "./prediction.ts";
export { type Advice, type AllocationLaw, advise, PUBLISHED_LAWS, parametric } from "./published-laws.ts";
export { fitEmbeddings, requireFinite, type SyntheticSummary, type TheoryReport, theoryReport } from "./report.ts";
export { type Sensitivity, type Spread, sensitivity } from "./sensitivity.ts";
export {
	CHINCHILLA,
	EPOCH,
	ownSpecification,
	parseSpecification,
	SPECIFICATIONS,
	type Specification,
} from "./specifications.ts";
export {
	type LogLine,
	type LogRange,
	PAPER_DESIGN,
	PAPER_DESIGN_TOTAL,
	type SyntheticDesign,
	type SyntheticFrontier,
	simulateStudy,
} from "./synthetic-study.ts";
