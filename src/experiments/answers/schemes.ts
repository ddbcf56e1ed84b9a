import type { Convention } from "../../architecture/flops.ts";
import { categoryAxis } from "../../figures/categories.ts";
import type { Figure, FigureTable } from "../../figures/figure.ts";
import { formatEstimate } from "../../figures/format.ts";
import { italic, PARAMETERS, rich } from "../../figures/rich-text.ts";
import type { RunResult } from "../../run/run-result.ts";
import { isConstant } from "../../run/schedule.ts";
import type { Plan } from "../../study/plan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { intervalCells, intervalColumns, intervalText } from "../drawing.ts";
import { CONVENTION_ORDER, CONVENTIONS } from "../figures/conventions.ts";
import { EXPONENT_AXIS, exponentLegend, exponentMarks, publishedRules } from "../figures/exponents.ts";
import { endsAsCurves } from "../statistics/annealed-ends.ts";
import { haveLengths, runsOfArms, specsOfArm } from "../statistics/arms.ts";
import { type Exponents, exponentOf, exponentsOfCurves, fitWarnings } from "../statistics/exponents.ts";

/** One way of choosing and lowering the learning rate, and the exponents that it gives. */
interface Scheme {
	name: string;
	/** What the exponents are read from. */
	from: string;
	exponents: Exponents;
	runs: readonly string[];
}

/**
 * The exponents by Method 1 of every scheme. An arm with several lengths is read from the ends of its runs, which were annealed
 * for them; the others from whole curves.
 */
export function answerSchemes(plan: Plan, runs: readonly RunResult[], options: AnswerOptions): Answer {
	const arms = runsOfArms(plan, runs);
	const schemes = arms.flatMap(({ name, runs: own }) => schemesOf(plan, name, own, options));
	const named = schemes.flatMap(({ name, exponents }) =>
		CONVENTION_ORDER.map((each) => [`${name}, ${CONVENTIONS[each].plain}`, exponents[each]] as const),
	);
	const sentence = sentenceOf(schemes);
	const early = arms.flatMap(({ name, runs: own }) => earlyWarning(plan, name, own));
	return { sentence, figure: figureOf(schemes, sentence), warnings: [...early, ...fitWarnings(named)] };
}

const WHOLE = "whole curves";

function schemesOf(plan: Plan, name: string, own: readonly RunResult[], options: AnswerOptions): Scheme[] {
	const specs = specsOfArm(plan, name);
	const runs = own.map(({ id }) => id);
	if (haveLengths(specs)) {
		return [{ name, from: "ends of annealed runs", exponents: exponentsOfCurves(endsAsCurves(own), options), runs }];
	}
	const rates = new Set(specs.map(({ optimizer }) => optimizer.learningRate)).size;
	const final = exponentsOfCurves(own, options, "final");
	if (rates === 1) return [{ name, from: WHOLE, exponents: final, runs }];
	const atEnd = { name: `${name} at the end`, from: `${WHOLE} at the best of ${rates} rates at the end` };
	const anywhere = { name: `${name} at each compute`, from: `lowest of ${WHOLE} at ${rates} rates` };
	const constant = specs.every(({ schedule }) => isConstant(schedule));
	return constant
		? [
				{ ...atEnd, exponents: final, runs },
				{ ...anywhere, exponents: exponentsOfCurves(own, options), runs },
			]
		: [{ ...atEnd, name, exponents: final, runs }];
}

/** What is wrong with whole curves of a rate that falls. */
function earlyWarning(plan: Plan, name: string, own: readonly RunResult[]): string[] {
	const specs = specsOfArm(plan, name);
	if (own.length === 0 || haveLengths(specs) || specs.every(({ schedule }) => isConstant(schedule))) return [];
	return [
		`${name}: read from whole curves, whose early points stand for shorter runs although their rate has not fallen yet. ` +
			"Their losses are too high; that is the mistake Hoffmann et al. 2022 see in Kaplan et al. 2020.",
	];
}

function sentenceOf(schemes: readonly Scheme[]): string {
	const ranges = CONVENTION_ORDER.flatMap((convention) => rangeOf(schemes, convention));
	if (ranges.length === 0) return "Fewer than two schemes have an exponent.";
	const gaps = schemes.flatMap(({ exponents: { total, nonEmbedding } }) =>
		total.estimate === null || nonEmbedding.estimate === null ? [] : [nonEmbedding.estimate - total.estimate],
	);
	const counting =
		gaps.length === 0
			? ""
			: ` Within a scheme, counting without embeddings adds ${formatEstimate(Math.min(...gaps))} to ${formatEstimate(Math.max(...gaps))}.`;
	return `Between the schemes the exponent goes ${ranges.join(" and ")}.${counting}`;
}

/** The lowest and the highest exponent; nothing with fewer than two. */
function rangeOf(schemes: readonly Scheme[], convention: Convention): string[] {
	const known = schemes.flatMap(({ name, exponents }) => {
		const exponent = exponentOf(exponents[convention]);
		return exponent ? [{ name, exponent }] : [];
	});
	if (known.length < 2) return [];
	known.sort((p, q) => p.exponent.estimate - q.exponent.estimate);
	const [low, high] = [known[0]!, known.at(-1)!].map(({ name, exponent }) => `${intervalText(exponent)} for “${name}”`);
	return [`from ${low} to ${high} ${CONVENTIONS[convention].phrase}`];
}

/** Half the distance between a category's two dots. */
const ASIDE = 0.1;
const SIDES = { total: -ASIDE, nonEmbedding: ASIDE };

function figureOf(schemes: readonly Scheme[], summary: string): Figure {
	const known = schemes.some(({ exponents }) => CONVENTION_ORDER.some((each) => exponents[each].estimate !== null));
	const marks = CONVENTION_ORDER.flatMap((convention) =>
		exponentMarks(
			schemes.map(({ name, exponents, runs }, i) => {
				return { x: i + SIDES[convention], name, fit: exponents[convention], runs };
			}),
			convention,
		),
	);
	return {
		name: "schemes",
		title: rich("Exponent of the best size by learning-rate scheme"),
		x: categoryAxis(
			rich("Scheme"),
			schemes.map(({ name }) => name),
		),
		y: EXPONENT_AXIS,
		marks: known ? [...publishedRules(), ...marks] : [],
		legend: exponentLegend({ published: true }),
		table: tableOf(schemes),
		summary,
		empty: "No scheme has an exponent yet.",
	};
}

function tableOf(schemes: readonly Scheme[]): FigureTable {
	return {
		caption: "Exponents by scheme",
		columns: [
			{ id: "scheme", name: rich("Scheme") },
			{ id: "from", name: rich("Read from") },
			...intervalColumns("a_total", rich(italic("a"), " in ", PARAMETERS.total), formatEstimate),
			...intervalColumns("a_nonembedding", rich(italic("a"), " in ", PARAMETERS.nonEmbedding), formatEstimate),
		],
		rows: schemes.map(({ name, from, exponents }) => [
			...[rich(name), rich(from)],
			...CONVENTION_ORDER.flatMap((convention) => intervalCells(exponentOf(exponents[convention]))),
		]),
	};
}
