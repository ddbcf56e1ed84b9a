import type { RunResult } from "../run/run-result.ts";
import type { ExperimentId } from "../study/experiment-ids.ts";
import type { Plan } from "../study/plan.ts";
import { ANSWER_OPTIONS, type Answer, type Answerer, type AnswerOptions } from "./answer.ts";
import { answerArchitectures } from "./answers/architectures.ts";
import { answerBatch } from "./answers/batch.ts";
import { answerChain } from "./answers/chain.ts";
import { answerData } from "./answers/data.ts";
import { answerGrid } from "./answers/grid.ts";
import { answerIsoflop } from "./answers/isoflop.ts";
import { answerMixture } from "./answers/mixture.ts";
import { answerMup } from "./answers/mup.ts";
import { answerOptimizers } from "./answers/optimizers.ts";
import { answerReconcile } from "./answers/reconcile.ts";
import { answerRepeat } from "./answers/repeat.ts";
import { answerSchemes } from "./answers/schemes.ts";
import { answerShape } from "./answers/shape.ts";
import { answerShift } from "./answers/shift.ts";
import { answerVocabulary } from "./answers/vocabulary.ts";

const ANSWERERS: Record<ExperimentId, Answerer> = {
	reconcile: answerReconcile,
	schemes: answerSchemes,
	isoflop: answerIsoflop,
	grid: answerGrid,
	chain: answerChain,
	vocabulary: answerVocabulary,
	repeat: answerRepeat,
	data: answerData,
	shift: answerShift,
	mixture: answerMixture,
	batch: answerBatch,
	mup: answerMup,
	shape: answerShape,
	optimizers: answerOptimizers,
	architectures: answerArchitectures,
};

/** What runs of a study say about the question of its experiment; null for a study of none. */
export function answer(plan: Plan, runs: readonly RunResult[], options: Partial<AnswerOptions> = {}): Answer | null {
	const { experiment } = plan.study;
	if (experiment === undefined) return null;
	const planned = new Set(plan.runs.map(({ id }) => id));
	const own = runs.filter(({ id }) => planned.has(id));
	return ANSWERERS[experiment](plan, own, { ...ANSWER_OPTIONS, ...options });
}
