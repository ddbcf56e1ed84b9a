import type { MeasuredConvention, MeasuredCrossing, MeasuredPrediction } from "../theory/measured-prediction.ts";
import { EPOCH } from "../theory/specifications.ts";
import type { PlanPrediction } from "./prediction.ts";

/**
 * What to expect of a planned study, a sentence each: the exponents that studies like it showed and whether its budgets
 * reach the crossings, then what a published law says. Nothing without two sizes.
 *
 * @param predictions by Epoch AI's law, one for each vocabulary and context
 */
export function expectationTexts(predictions: readonly PlanPrediction[]): string[] {
	return predictions.flatMap((prediction) => {
		const { vocabulary, total, nonEmbedding, measured, unmeasured } = prediction;
		if (total.continuous === null || nonEmbedding.continuous === null) return [];
		const where = predictions.length > 1 ? ` for a vocabulary of ${vocabulary.toLocaleString("en-US")}` : "";
		const { E, A, B, alpha, beta } = EPOCH.law;
		return [
			...(measured ? measuredTexts(measured, where) : [`Expected${where}: unknown; ${unmeasured}.`]),
			`A published law says${where}: N* ∝ C^${total.continuous.toFixed(2)} with all parameters, ` +
				`C^${nonEmbedding.continuous.toFixed(2)} without embeddings (Epoch AI's L = ${E} + ${A}·N^-${alpha} + ` +
				`${B}·D^-${beta}, extrapolated a thousandfold in size; details: isoflop theory --study).`,
		];
	});
}

function measuredTexts({ total, nonEmbedding }: MeasuredPrediction, where: string): string[] {
	const exponents = ({ exponents }: MeasuredConvention) =>
		exponents
			.map(({ exponent, low, high }) => `${exponent.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`)
			.join(" and ");
	const sources = total.exponents.map(({ source }) => source).join(", ");
	return [
		`Expected${where}: N* ∝ C^a had an a of ${exponents(total)} with all parameters and of ${exponents(nonEmbedding)} ` +
			`without embeddings in studies trained here (${sources}).`,
		crossingsText(total, "with all parameters"),
		crossingsText(nonEmbedding, "without embeddings"),
	];
}

function crossingsText({ crossings }: MeasuredConvention, how: string): string {
	const reached = crossings.filter((each) => each.reached === "yes" || each.reached === "barely").length;
	const missing = crossings.filter((each) => each.reached !== "yes").map(crossingText);
	const said = missing.length > 0 ? `: ${missing.join("; ")}` : ", with room";
	return `By these, the budgets reach ${reached} of ${crossings.length} ${crossings.length === 1 ? "crossing" : "crossings"} ${how}${said}.`;
}

function crossingText({ sizes, tokens, reached }: MeasuredCrossing): string {
	const pair = `${short(sizes[0])} and ${short(sizes[1])} parameters`;
	if (tokens === null) return `${pair} unknown, far from what was measured`;
	const need = `${short(tokens[0])} and ${short(tokens[1])} tokens`;
	return reached === "barely" ? `${pair} barely, after ${need}` : `${pair} not, which takes ${need}`;
}

/** A count with three digits, such as 1.22M. */
function short(value: number): string {
	return value.toLocaleString("en-US", { notation: "compact", maximumSignificantDigits: 3 });
}
