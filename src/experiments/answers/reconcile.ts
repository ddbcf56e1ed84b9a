import { fitStudy } from "../../analysis/fit-study.ts";
import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import type { FigureTable } from "../../figures/figure.ts";
import { formatEstimate } from "../../figures/format.ts";
import { italic, PARAMETERS, rich } from "../../figures/rich-text.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { intervalCells, intervalColumns } from "../drawing.ts";
import { CONVENTION_ORDER, CONVENTIONS } from "../figures/conventions.ts";
import { frontierFigure } from "../figures/frontier-figure.ts";
import { areSeparate, type Exponents, exponentOf, exponentsText, fitWarnings } from "../statistics/exponents.ts";

/** The exponent of the best size with either way of counting, by Method 1. */
export function answerReconcile(_plan: Plan, runs: readonly RunResult[], options: AnswerOptions): Answer {
	const analysis = fitStudy(runs, options);
	const { total, nonEmbedding } = analysis.conventions;
	const exponents = { total: total.allocation, nonEmbedding: nonEmbedding.allocation };
	const named = CONVENTION_ORDER.map((convention) => [CONVENTIONS[convention].label, exponents[convention]] as const);
	return {
		sentence: sentenceOf(exponents),
		figure: { ...frontierFigure(analysis, "No finished runs yet."), table: tableOf(analysis) },
		warnings: [...analysis.warnings, ...fitWarnings(named)],
	};
}

function sentenceOf(exponents: Exponents): string {
	const separate = areSeparate(exponentOf(exponents.total), exponentOf(exponents.nonEmbedding));
	const verdict = separate === null ? "" : `; the intervals ${separate ? "are" : "are not"} separate`;
	return `The same runs give ${exponentsText(exponents)}${verdict}.`;
}

function tableOf(analysis: StudyAnalysis): FigureTable {
	return {
		caption: "Exponents of the best model size",
		columns: [
			{ id: "counted", name: rich("Counted") },
			{ id: "rates", name: rich("Learning rates") },
			...intervalColumns("a", rich(italic("a")), formatEstimate),
			{ id: "published", name: rich("Published"), format: formatEstimate },
			{ id: "points", name: rich("Points"), format: String },
		],
		rows: [analysis, ...(analysis.otherRule ? [analysis.otherRule] : [])].flatMap(({ rule, conventions }) =>
			CONVENTION_ORDER.map((convention) => {
				const { label, reference } = CONVENTIONS[convention];
				const fit = conventions[convention].allocation;
				const counted = rich(`${label} (`, PARAMETERS[convention], ")");
				return [counted, rich(rule ?? ""), ...intervalCells(exponentOf(fit)), reference, fit.points.length];
			}),
		),
	};
}
