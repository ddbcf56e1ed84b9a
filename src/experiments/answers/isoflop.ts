import type { Figure, FigureTable } from "../../figures/figure.ts";
import { formatCount, formatLoss, formatScientific, plural } from "../../figures/format.ts";
import { italic, PARAMETERS, rich } from "../../figures/rich-text.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { linearAxis, logAxis } from "../drawing.ts";
import { CONVENTION_ORDER, CONVENTIONS } from "../figures/conventions.ts";
import { VALLEY_LEGEND, valleyMarks } from "../figures/valley-marks.ts";
import { bestEnds, endsAtEdge } from "../statistics/annealed-ends.ts";
import { type Exponents, exponentsText, fitWarnings } from "../statistics/exponents.ts";
import { type Valleys, valleysOf } from "../statistics/valleys.ts";

/** The valleys of loss against size at equal compute, and the growth of their minima with either way of counting. */
export function answerIsoflop(_plan: Plan, runs: readonly RunResult[], options: AnswerOptions): Answer {
	const ends = bestEnds(runs);
	const valleys = { total: valleysOf(ends, "total", options), nonEmbedding: valleysOf(ends, "nonEmbedding", options) };
	const exponents = { total: valleys.total.fit.allocation, nonEmbedding: valleys.nonEmbedding.fit.allocation };
	const named = CONVENTION_ORDER.map((convention) => [CONVENTIONS[convention].label, exponents[convention]] as const);
	const sentence = sentenceOf(valleys.total, exponents);
	return {
		sentence,
		figure: figureOf(valleys, sentence),
		warnings: [...endsAtEdge(runs, ends), ...fitWarnings(named)],
	};
}

function sentenceOf({ fit: { valleys } }: Valleys, exponents: Exponents): string {
	if (valleys.length === 0) return "No budget has finished runs of four sizes.";
	const found = valleys.filter(({ reason }) => reason === null).length;
	const minima = `${found} of ${plural(valleys.length, "budget")} of total compute ${found === 1 ? "has" : "have"} a best size`;
	return `${minima} within the range of sizes; the minima give ${exponentsText(exponents)}.`;
}

function figureOf(valleys: Record<keyof Exponents, Valleys>, summary: string): Figure {
	const { slices, fit } = valleys.total;
	return {
		name: "isoflop",
		title: rich("Loss against model size at equal compute"),
		x: logAxis(rich("Parameters ", PARAMETERS.total)),
		y: linearAxis("Validation loss (nats per token)"),
		marks: valleyMarks(slices, fit.valleys),
		legend: VALLEY_LEGEND,
		table: tableOf(valleys),
		summary,
		empty: "No finished runs yet.",
	};
}

function tableOf(valleys: Record<keyof Exponents, Valleys>): FigureTable {
	return {
		caption: "Minima of the valleys",
		columns: [
			{ id: "counted", name: rich("Counted") },
			{ id: "flops", name: rich("Compute ", italic("C"), " (FLOP)"), format: formatScientific },
			{ id: "sizes", name: rich("Sizes"), format: String },
			{ id: "params", name: rich("Best size ", italic("N"), "*"), format: formatCount },
			{ id: "tokens", name: rich("Tokens ", italic("D"), "*"), format: formatCount },
			{ id: "loss", name: rich("Loss"), format: formatLoss },
		],
		rows: CONVENTION_ORDER.flatMap((convention) => {
			const counted = rich(`${CONVENTIONS[convention].label} (`, PARAMETERS[convention], ")");
			return valleys[convention].fit.valleys.map(({ flops, sizes, parameters, tokens, loss }) => {
				return [counted, flops, sizes, parameters, tokens, loss];
			});
		}),
	};
}
