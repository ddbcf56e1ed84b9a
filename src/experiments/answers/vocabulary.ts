import type { Convention } from "../../architecture/flops.ts";
import type { Figure, FigureTable, Mark } from "../../figures/figure.ts";
import { formatEstimate } from "../../figures/format.ts";
import { italic, PARAMETERS, rich } from "../../figures/rich-text.ts";
import { plainTick } from "../../figures/ticks.ts";
import { groupBy } from "../../maths/group-by.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";
import { predictStudy } from "../../theory/prediction.ts";
import { EPOCH } from "../../theory/specifications.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { intervalCells, intervalColumns, intervalText, logAxis } from "../drawing.ts";
import { CONVENTION_ORDER, CONVENTIONS } from "../figures/conventions.ts";
import { EXPONENT_AXIS, exponentLegend, exponentMarks } from "../figures/exponents.ts";
import { areSeparate, type Exponents, exponentOf, exponentsOfCurves, fitWarnings } from "../statistics/exponents.ts";

/** A vocabulary's exponents, as found and as predicted. */
interface Found {
	vocabulary: number;
	exponents: Exponents;
	/** Null where the theory has fewer than two crossings. */
	theory: Record<Convention, number | null>;
	runs: string[];
}

/**
 * Method 1 on the runs of each vocabulary apart, beside what the theory predicts for the same sizes: the slope through the
 * crossings of a law of total parameters with Epoch's α and β. Its other constants move the crossings, not the slope.
 */
export function answerVocabulary(plan: Plan, runs: readonly RunResult[], options: AnswerOptions): Answer {
	const found = [...groupBy(runs, ({ spec }) => spec.model.vocabulary)]
		.map(([vocabulary, own]): Found => {
			const exponents = exponentsOfCurves(own, options);
			return { vocabulary, exponents, theory: theoryOf(plan, vocabulary), runs: own.map(({ id }) => id) };
		})
		.sort((p, q) => p.vocabulary - q.vocabulary);
	const sentence = sentenceOf(found);
	const named = found.flatMap(({ vocabulary, exponents }) =>
		CONVENTION_ORDER.map((convention) => {
			const name = `vocabulary ${vocabulary}, ${CONVENTIONS[convention].plain}`;
			return [name, exponents[convention]] as const;
		}),
	);
	return { sentence, figure: figureOf(found, sentence), warnings: fitWarnings(named) };
}

function theoryOf(plan: Plan, vocabulary: number): Found["theory"] {
	const sizes = plan.runs
		.filter(({ spec }) => spec.model.vocabulary === vocabulary)
		.map(({ id }) => ({ ...plan.perRun[id]!.parameters, tokens: plan.perRun[id]!.tokens }));
	const { total, nonEmbedding } = predictStudy(EPOCH.law, sizes);
	return { total: total.exponent, nonEmbedding: nonEmbedding.exponent };
}

function sentenceOf(found: readonly Found[]): string {
	const parts = [...CONVENTION_ORDER].reverse().flatMap((convention) => {
		const known = found.filter(({ exponents }) => exponents[convention].estimate !== null);
		if (known.length < 2) return [];
		const [first, last] = [known[0]!, known.at(-1)!];
		const [from, to] = [exponentOf(first.exponents[convention])!, exponentOf(last.exponents[convention])!];
		const theory = [first, last].map(({ theory }) => theory[convention]);
		const said = theory.every((value) => value !== null)
			? ` (in theory from ${theory.map(formatEstimate).join(" to ")})`
			: "";
		const separate = areSeparate(from, to);
		const verdict = separate === null ? "" : `, ${separate ? "intervals apart" : "intervals that overlap"}`;
		return [
			`${CONVENTIONS[convention].phrase} it goes from ${intervalText(from)} to ${intervalText(to)}${verdict}${said}`,
		];
	});
	if (parts.length === 0) return "Fewer than two vocabularies have an exponent.";
	const ends = `From a vocabulary of ${found[0]!.vocabulary} to one of ${found.at(-1)!.vocabulary}`;
	return `${ends} the exponent changes: ${parts.join("; ")}.`;
}

function figureOf(found: readonly Found[], summary: string): Figure {
	return {
		name: "vocabulary",
		title: rich("Exponent of the best size against vocabulary"),
		x: { ...logAxis("Vocabulary size"), tick: plainTick, pad: 0.1 },
		y: EXPONENT_AXIS,
		marks: found.length === 0 ? [] : CONVENTION_ORDER.flatMap((convention) => marksOf(found, convention)),
		legend: [...exponentLegend(), { text: rich("lines: theory for these sizes, Epoch's α and β"), series: THEORY }],
		table: tableOf(found),
		summary,
		empty: "No finished runs yet.",
	};
}

const THEORY = "theory";

function marksOf(found: readonly Found[], convention: Convention): Mark[] {
	const line = found.flatMap(({ vocabulary, theory }): [number, number][] => {
		const value = theory[convention];
		return value === null ? [] : [[vocabulary, value]];
	});
	return [
		{
			...{ kind: "line", color: convention, series: [convention, THEORY], points: line, width: 1.5, dash: [6, 4] },
		},
		...exponentMarks(
			found.map(({ vocabulary, exponents, runs }) => {
				return { x: vocabulary, name: `vocabulary ${vocabulary}`, fit: exponents[convention], runs };
			}),
			convention,
		),
	];
}

function tableOf(found: readonly Found[]): FigureTable {
	return {
		caption: "Exponents by vocabulary",
		columns: [
			{ id: "vocabulary", name: rich("Vocabulary"), format: String },
			{ id: "counted", name: rich("Counted") },
			...intervalColumns("a", rich(italic("a")), formatEstimate),
			{ id: "theory", name: rich("Theory"), format: formatEstimate },
			{ id: "points", name: rich("Points"), format: String },
		],
		rows: found.flatMap(({ vocabulary, exponents, theory }) =>
			CONVENTION_ORDER.map((convention) => {
				const fit = exponents[convention];
				const counted = PARAMETERS[convention];
				return [vocabulary, counted, ...intervalCells(exponentOf(fit)), theory[convention], fit.points.length];
			}),
		),
	};
}
