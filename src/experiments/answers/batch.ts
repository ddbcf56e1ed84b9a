import { formatCount, formatLoss } from "../../figures/format.ts";
import { groupBy } from "../../maths/group-by.ts";
import { canonicalJson } from "../../run/canonical-json.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";
import { criticalBatch } from "../../theory/kaplan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
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
	const found = models.flatMap(({ name, targets }) => {
		const known = targets.filter(({ fit }) => fit.estimate !== null);
		const parts = known.map((target) => `${criticalBatchText(target)} at a loss of ${target.loss.toFixed(2)}`);
		return parts.length === 0 ? [] : [{ name, parts, losses: known.map(({ loss }) => loss) }];
	});
	if (found.length === 0) return "The runs determine no critical batch size.";
	const text = found.map(({ name, parts }) => `with ${name}, ${parts.join(", ")}`).join("; ");
	const published = found.flatMap(({ losses }) => losses).map(criticalBatch);
	const [from, to] = [Math.min(...published), Math.max(...published)].map(formatCount);
	return (
		`The critical batch size in tokens is, ${text}. Kaplan et al.'s law, of larger models on other text, has ` +
		`${from === to ? from : `${from} to ${to}`} there.`
	);
}

/** "870 (620 to 1.2k)". */
function criticalBatchText({ fit: { estimate, low, high } }: LossTarget): string {
	const ends =
		low === null || high === null
			? ", with no interval,"
			: ` (${formatCount(rounded(low))} to ${formatCount(rounded(high))})`;
	return `${formatCount(rounded(estimate!))}${ends}`;
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
