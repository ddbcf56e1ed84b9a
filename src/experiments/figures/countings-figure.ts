import type { Fit } from "../../analysis/fitting/fit.ts";
import { COUNTINGS, type Counting } from "../../architecture/counting.ts";
import { categoryAxis } from "../../figures/categories.ts";
import type { Figure } from "../../figures/figure.ts";
import { formatEstimate } from "../../figures/format.ts";
import { italic, plainText, rich } from "../../figures/rich-text.ts";
import { waterfallMarks } from "../../figures/waterfall.ts";
import { intervalCells, intervalColumns, intervalText } from "../drawing.ts";
import { exponentOf } from "../statistics/exponents.ts";
import { COUNTING_TEXTS } from "./countings.ts";
import { EXPONENT_AXIS, exponentStep } from "./exponents.ts";

/**
 * How the exponent of the best size moves as more is counted, on the same runs and by the same method (Pearce & Song 2024,
 * section 4; Porian et al. 2024, section 3).
 *
 * @param fits a of N* ∝ C^a in each way of counting; absent while it is not known
 */
export function countingsFigure(fits: Partial<Record<Counting, Fit>>): Figure {
	const stages = COUNTINGS.map((counting) => {
		const fit = fits[counting];
		return { counting, text: COUNTING_TEXTS[counting], fit, exponent: fit ? exponentOf(fit) : null };
	});
	const known = stages.filter(({ exponent }) => exponent !== null);
	return {
		name: "countings",
		title: rich("The exponent as more is counted, on the same runs"),
		x: categoryAxis(
			rich("What is counted"),
			stages.map(({ text }) => text.label),
		),
		y: EXPONENT_AXIS,
		marks:
			known.length === 0
				? []
				: waterfallMarks(
						stages.map(({ text, fit, exponent }) => exponentStep(text.label, exponent, fit?.runs ?? [])),
						"nonEmbedding",
					),
		legend: [{ text: rich("bars: change from the count before; error bars: interval of the exponent; Method 1") }],
		table: {
			caption: "exponent in each way of counting",
			columns: [
				{ id: "counted", name: rich("Counted") },
				{ id: "rule", name: rich("Rule") },
				...intervalColumns("a", rich(italic("a")), formatEstimate),
			],
			rows: stages.map(({ text, exponent }) => [rich(text.label), text.rule, ...intervalCells(exponent)]),
		},
		summary: [
			"Exponent of the best model size by Method 1, as more is counted.",
			...known.map(
				({ text, exponent }) => `${text.label} (${plainText(text.parameters)}): ${intervalText(exponent!)}.`,
			),
		].join(" "),
		empty: "No way of counting has an exponent yet.",
	};
}
