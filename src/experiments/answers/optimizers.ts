import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { intervalText } from "../drawing.ts";
import { type ArmBest, type BestOfArms, bestOfArms } from "../statistics/best-of-arms.ts";
import type { Interval } from "../statistics/cells.ts";
import { meanCurve, tokensToLoss } from "../statistics/mean-curve.ts";
import { type OptimizerRow, optimizersFigure } from "./optimizers-figure.ts";

/** The optimizer that the others are compared with. */
const REFERENCE = "adamw";

/** The final loss of each optimizer at its best learning rate, and the tokens it needs to AdamW's. */
export function answerOptimizers(plan: Plan, runs: readonly RunResult[], options: AnswerOptions): Answer {
	const found = bestOfArms(plan, runs, options);
	const { best } = found;
	const rows = best.map((own, i): OptimizerRow => {
		const r = best.findIndex((other) => isReference(other) && sizeKey(other) === sizeKey(own));
		if (r < 0) return { ...own, size: sizeKey(own), compared: null };
		if (r === i) return { ...own, size: sizeKey(own), compared: "itself" };
		const difference = found.interval((losses) => losses[i]! - losses[r]!)!;
		return { ...own, size: sizeKey(own), compared: { difference, share: shareOfTokens(found, i, r) } };
	});
	return { sentence: sentenceOf(rows), figure: optimizersFigure(plan, rows), warnings: found.warnings };
}

const isReference = ({ cell }: ArmBest) => cell.runs[0]!.spec.optimizer.kind === REFERENCE;

function sizeKey({ cell }: ArmBest): string {
	const { width, layers } = cell.runs[0]!.spec.model;
	return `width ${width}, ${layers} ${layers === 1 ? "layer" : "layers"}`;
}

/**
 * Tokens at which the mean curve of one optimizer reaches the end of the reference's, as a share of the reference's tokens; null
 * if it does not. Draws move both curves as they move the final losses.
 */
function shareOfTokens({ best, interval }: BestOfArms, own: number, reference: number): Interval | null {
	const curve = meanCurve(best[own]!.cell.runs);
	const other = meanCurve(best[reference]!.cell.runs);
	const end = other.logLoss.at(-1);
	if (end === undefined) return null;
	const tokens = best[reference]!.cell.runs[0]!.tokens;
	const shift = (losses: readonly number[], i: number) => losses[i]! / best[i]!.cell.mean;
	const share = interval((losses) => {
		const target = (Math.exp(end) * shift(losses, reference)) / shift(losses, own);
		return (tokensToLoss(curve, target) ?? Number.POSITIVE_INFINITY) / tokens;
	})!;
	return Number.isFinite(share.estimate) ? share : null;
}

function sentenceOf(rows: readonly OptimizerRow[]): string {
	if (rows.length === 0) return "No optimizer has finished runs.";
	const sizes = [...new Set(rows.map(({ size }) => size))];
	const sentences = sizes.flatMap((size) => {
		const parts = rows.filter((row) => row.size === size).flatMap(comparison);
		return parts.length === 0 ? [] : [`With ${size}, ${parts.join("; ")}.`];
	});
	if (sentences.length > 0) return sentences.join(" ");
	const lowest = rows.reduce((least, row) => (row.loss.estimate < least.loss.estimate ? row : least));
	return `There is nothing to compare with AdamW; the lowest loss so far is ${intervalText(lowest.loss)} with ${lowest.arm}.`;
}

function comparison({ arm, compared }: OptimizerRow): string[] {
	if (compared === null || compared === "itself") return [];
	const { difference, share } = compared;
	const sign = difference.estimate < 0 ? "lower" : "higher";
	const size = difference.estimate < 0 ? negated(difference) : difference;
	const tokens = share
		? `reaches AdamW's final loss with ${intervalText(share)} of its tokens`
		: "does not reach AdamW's final loss";
	return [`${arm} ${tokens} and ends ${intervalText(size)} nats ${sign}`];
}

function negated({ estimate, low, high }: Interval): Interval {
	return { estimate: -estimate, low: high === null ? null : -high, high: low === null ? null : -low };
}
