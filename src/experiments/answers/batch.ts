import { formatCount, formatLoss } from "../../figures/format.ts";
import { groupBy } from "../../maths/group-by.ts";
import { canonicalJson } from "../../run/canonical-json.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";
import { criticalBatch } from "../../theory/kaplan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { listText } from "../drawing.ts";
import { edgeWarningOf } from "../statistics/best-cells.ts";
import { type LossTarget, lossTargets } from "../statistics/critical-batches.ts";
import { batchFigure, type ModelTargets } from "./batch-figure.ts";

/** The critical batch size at several losses, from the steps and tokens that each batch size needs to them. */
export function answerBatch(_plan: Plan, runs: readonly RunResult[], options: AnswerOptions): Answer {
	const models = [...groupBy(runs, ({ spec }) => canonicalJson(spec.model)).values()]
		.sort(([p], [q]) => p!.parameters.total - q!.parameters.total)
		.map((group): ModelTargets => {
			const { width, layers } = group[0]!.spec.model;
			const name = `width ${width}, ${layers} ${layers === 1 ? "layer" : "layers"}`;
			return { name, targets: lossTargets(group, options) };
		});
	return { sentence: sentenceOf(models), figure: batchFigure(models), warnings: warningsOf(models) };
}

function sentenceOf(models: readonly ModelTargets[]): string {
	const known = models
		.map(({ name, targets }) => ({ name, targets: targets.filter(({ fit }) => fit.estimate !== null) }))
		.filter(({ targets }) => targets.length > 0);
	if (known.length === 0) return "The runs determine no critical batch size.";
	const own = known.map(({ name, targets }) => {
		const parts = targets.map((target) => `${criticalBatchText(target)} at a loss of ${target.loss.toFixed(2)}`);
		return `With ${name}, the critical batch size in tokens is ${listText(parts)}.`;
	});
	const published = known.flatMap(({ targets }) => targets).map(({ loss }) => criticalBatch(loss));
	const ends = [Math.min(...published), Math.max(...published)].map(formatCount);
	const range = [...new Set(ends)].join(" to ");
	return `${own.join(" ")} Kaplan et al.'s law, of larger models on other text, has ${range} at such losses.`;
}

/** "870 (620 to 1.2k)". A fit has an estimate only if its interval has both ends. */
function criticalBatchText({ fit: { estimate, low, high } }: LossTarget): string {
	const [middle, from, to] = [estimate!, low!, high!].map((value) => formatCount(rounded(value)));
	return `${middle} (${from} to ${to})`;
}

/** Three digits; more would be noise. */
const rounded = (value: number) => Number(value.toPrecision(3));

function warningsOf(models: readonly ModelTargets[]): string[] {
	const all = models.flatMap(({ name, targets }) => targets.map((target) => ({ name, ...target })));
	return [
		...all.flatMap(({ name, loss, fit }) =>
			fit.estimate === null ? [`B_crit at a loss of ${formatLoss(loss)} (${name}): ${fit.reason}.`] : [],
		),
		...edgeWarningOf(all.flatMap(({ edges }) => edges)),
	];
}
