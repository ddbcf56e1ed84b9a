import type { Figure, Mark, Point } from "../../figures/figure.ts";
import { formatScientific } from "../../figures/format.ts";
import { formatAmount } from "../../figures/format-amount.ts";
import { italic, rich, sub } from "../../figures/rich-text.ts";
import { logspace } from "../../maths/search.ts";
import type { LawAdvice } from "../advice.ts";
import { type BatchPlan, planBatch } from "../batch.ts";
import { lawLegend, lawStyle, lawText, lineLabel, logAxis } from "./plan-law-style.ts";

/** How far from the critical batch the hyperbola is drawn at least, and how far beyond the chosen batch. */
const REACH = 30;
const BEYOND = 3;
const STEPS = 81;

/** Tokens against steps to each law's loss at C FLOP, over batches; the chosen batch and the critical one are marked. */
export function batchFigure(advice: readonly LawAdvice[]): Figure {
	const drawn = advice.flatMap(({ law, batch: plan, parameters }) => (plan ? [{ law, plan, parameters }] : []));
	return {
		name: "plan-batch",
		title: rich("Tokens against optimizer steps to the same loss; large batches on the left"),
		x: logAxis(rich("Optimizer steps ", italic("S"))),
		y: logAxis(rich("Tokens ", italic("E")), 0.08),
		marks: drawn.flatMap(({ law, plan, parameters }) => marksOf(law, plan, parameters)),
		legend: [
			...drawn.map(({ law }) => lawLegend(law)),
			{ text: rich("the batch you gave"), dot: { color: "quiet", shape: "circle" } },
			{ text: rich("the critical batch, twice the least of both"), dot: { color: "quiet", shape: "diamond" } },
		],
		table: {
			caption: "steps, tokens and compute at this batch",
			columns: [
				{ id: "law", name: rich("Law") },
				{ id: "b_crit", name: rich(italic("B"), sub("crit")), format: formatAmount },
				{ id: "steps", name: rich(italic("S")), format: formatAmount },
				{ id: "s_min", name: rich(italic("S"), sub("min")), format: formatAmount },
				{ id: "tokens", name: rich(italic("E")), format: formatAmount },
				{ id: "e_min", name: rich(italic("E"), sub("min")), format: formatAmount },
				{ id: "flops", name: rich("6", italic("NE"), " (FLOP)"), format: formatScientific },
			],
			rows: drawn.map(({ law, plan }) => {
				const { criticalBatch, steps, leastSteps, tokens, leastTokens, flops } = plan;
				return [lawText(law), criticalBatch, steps, leastSteps, tokens, leastTokens, flops];
			}),
		},
		summary: drawn
			.map(
				({ law, plan: { batch, steps, tokens, criticalBatch } }) =>
					`${law.label}: ${formatAmount(steps)} steps and ${formatAmount(tokens)} tokens at batches of ${formatAmount(batch)}; ` +
					`the critical batch is ${formatAmount(criticalBatch)} tokens.`,
			)
			.join(" "),
		empty: "Without a critical batch none of these laws gives steps.",
	};
}

function marksOf(law: LawAdvice["law"], plan: BatchPlan, parameters: number): Mark[] {
	const { color, dash } = lawStyle(law);
	const common = { color, series: [law.id] };
	const { batch, criticalBatch, leastTokens } = plan;
	const at = (size: number): Point => {
		const { steps, tokens } = planBatch({ parameters, leastTokens, criticalBatch, batch: size });
		return [steps, tokens];
	};
	const smallest = Math.min(criticalBatch / REACH, batch / BEYOND);
	const largest = Math.max(criticalBatch * REACH, batch * BEYOND);
	const batches = logspace(Math.log10(largest), Math.log10(smallest), STEPS);
	const describe = ([steps, tokens]: Point) =>
		`${law.label}: batches of ${formatAmount(tokens / steps)} take ${formatAmount(steps)} steps and ${formatAmount(tokens)} tokens`;
	return [
		{ kind: "line", ...common, width: 2, dash, points: batches.map(at), describe, label: lineLabel(law) },
		...(
			[
				["diamond", criticalBatch],
				["circle", batch],
			] as const
		).map(
			([shape, size]): Mark => ({
				...{ kind: "dots", ...common, shape, points: [at(size)], describe: () => describe(at(size)) },
			}),
		),
	];
}
