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
	const parts = [...CONVENTION_ORDER].reverse().flatMap((convention) => changeIn(found, convention));
	return parts.length === 0
		? "Fewer than two vocabularies have an exponent."
		: `The exponent goes ${parts.join("; ")}.`;
}

/** What changes from the smallest to the largest vocabulary with an exponent; nothing with fewer than two. */
function changeIn(found: readonly Found[], convention: Convention): string[] {
	const known = found.filter(({ exponents }) => exponents[convention].estimate !== null);
	if (known.length < 2) return [];
	const ends = [known[0]!, known.at(-1)!];
	const exponents = ends.map(({ exponents }) => exponentOf(exponents[convention])!);
	const [from, to] = ends.map(({ vocabulary }, i) => `${intervalText(exponents[i]!)} with ${vocabulary} tokens`);
	const theory = ends.map(({ theory }) => theory[convention]).filter((value) => value !== null);
	const expected = theory.length === 2 ? `, in theory from ${theory.map(formatEstimate).join(" to ")}` : "";
	const separate = areSeparate(exponents[0]!, exponents[1]!);
	const verdict = separate === null ? "" : `, intervals ${separate ? "apart" : "that overlap"}`;
	return [`from ${from} to ${to} ${CONVENTIONS[convention].phrase}${expected}${verdict}`];
}

function figureOf(found: readonly Found[], summary: string): Figure {
	return {
		name: "vocabulary",
		title: rich("Exponent of the best size against vocabulary"),
		x: { ...logAxis("Vocabulary size"), tick: plainTick, pad: 0.1 },
		y: EXPONENT_AXIS,
		marks: found.length === 0 ? [] : CONVENTION_ORDER.flatMap((convention) => marksOf(found, convention)),
		legend: [
			...exponentLegend(),
			{ text: rich("theory for these sizes, with Epoch's α and β"), series: THEORY, line: THEORY_LINE },
		],
		table: tableOf(found),
		summary,
		empty: "No finished runs yet.",
	};
}

const THEORY = "theory";
const THEORY_LINE = { color: "quiet", width: 1.5, dash: [6, 4] } as const;

function marksOf(found: readonly Found[], convention: Convention): Mark[] {
	const line = found.flatMap(({ vocabulary, theory }): [number, number][] => {
		const value = theory[convention];
		return value === null ? [] : [[vocabulary, value]];
	});
	return [
		{
			...{ kind: "line", color: convention, series: [convention, THEORY], points: line },
			...{ width: THEORY_LINE.width, dash: THEORY_LINE.dash },
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
