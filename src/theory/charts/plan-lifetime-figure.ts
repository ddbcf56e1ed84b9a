import type { Figure, Mark, Point } from "../../figures/figure.ts";
import { formatScientific } from "../../figures/format.ts";
import { formatAmount } from "../../figures/format-amount.ts";
import { rich, sub, TOKEN_COUNT } from "../../figures/rich-text.ts";
import { logspace } from "../../maths/search.ts";
import { adviseFully } from "../advice.ts";
import type { InferencePlan } from "../inference.ts";
import { bestAllocation, type LossLaw, lossAt } from "../loss-law.ts";
import { overTrain } from "../over-training.ts";
import type { AllocationLaw } from "../published-laws.ts";
import { lawLegend, lawStyle, lawText, lineLabel, logAxis, SIZE } from "./plan-law-style.ts";

const STEPS = 161;
/** How near the smallest size that can reach the loss the curve begins, and how far beyond the best to train it ends. */
const NEAREST = 1.01;
const FURTHEST = 20;
/** Sizes whose compute is more than so many times the least are not drawn. */
const MOST = 8;

interface LifetimeLaw {
	law: AllocationLaw;
	rule: LossLaw;
	plan: InferencePlan;
}

/**
 * Training and use together, 6·N·D + 2·N·D_inf, against N at the loss that C FLOP reach at best, with the least of each law
 * marked; the reader's own size N is marked where it is given.
 */
export function lifetimeFigure(
	laws: readonly AllocationLaw[],
	options: { flops: number; inferenceTokens: number; parameters: number },
): Figure {
	const { flops, inferenceTokens, parameters } = options;
	const drawn = laws.flatMap((law): LifetimeLaw[] => {
		const { inference: plan } = adviseFully(law, { flops, inferenceTokens });
		return law.rule.kind === "parametric" && plan ? [{ law, rule: law.rule.law, plan }] : [];
	});
	return {
		name: "plan-lifetime",
		title: rich("Compute of training and use, for models of the same loss"),
		x: logAxis(rich("Size ", SIZE, " (parameters)")),
		y: logAxis(rich("Compute in all, 6", SIZE, TOKEN_COUNT, " + 2", SIZE, TOKEN_COUNT, sub("inf"), " (FLOP)"), 0.08),
		marks: drawn.flatMap((each) => marksOf(each, options)),
		legend: [
			...drawn.map(({ law }) => lawLegend(law)),
			{ text: rich("least to train and use"), dot: { color: "quiet", shape: "diamond" } },
			{ text: rich("least to train"), dot: { color: "quiet", shape: "circle" } },
			{ text: rich("thin: training alone, 6", SIZE, TOKEN_COUNT, "; upright: the size you gave") },
		],
		table: {
			caption: "the best sizes with and without use",
			columns: [
				{ id: "law", name: rich("Law") },
				{ id: "best", name: rich("Best to") },
				{ id: "params", name: SIZE, format: formatAmount },
				{ id: "tokens", name: rich(TOKEN_COUNT), format: formatAmount },
				{ id: "training_flops", name: rich("Training"), format: formatScientific },
				{ id: "use_flops", name: rich("Use"), format: formatScientific },
				{ id: "flops", name: rich("In all"), format: formatScientific },
			],
			rows: drawn.flatMap(({ law, plan }) =>
				(["trainingOptimal", "lifetimeOptimal"] as const).map((which) => {
					const { parameters: size, tokens, trainingFlops, inferenceFlops, flops: all } = plan[which];
					const best = which === "trainingOptimal" ? "train" : "train and use";
					return [lawText(law), rich(best), size, tokens, trainingFlops, inferenceFlops, all];
				}),
			),
		},
		summary: drawn
			.map(({ law, plan: { trainingOptimal, lifetimeOptimal, saved } }) =>
				[
					`${law.label}: ${formatAmount(lifetimeOptimal.parameters)} parameters take the least compute to train and use,`,
					`${formatAmount(trainingOptimal.parameters)} the least to train; the first saves ${(100 * saved).toFixed(1)} % in all.`,
				].join(" "),
			)
			.concat(`The upright line is at ${formatAmount(parameters)} parameters.`)
			.join(" "),
		empty: "None of these laws gives the loss of other sizes.",
	};
}

function marksOf(
	{ law, rule, plan }: LifetimeLaw,
	{ flops, inferenceTokens, parameters }: { flops: number; inferenceTokens: number; parameters: number },
): Mark[] {
	const { color, dash } = lawStyle(law);
	const common = { color, series: [law.id] };
	const { trainingOptimal, lifetimeOptimal } = plan;
	const spent = (size: number) => {
		const training = overTrain(rule, flops, size)?.flops ?? Number.POSITIVE_INFINITY;
		return { training, all: training + 2 * size * inferenceTokens };
	};
	const sizes = logspace(
		Math.log10(leastSize(rule, flops) * NEAREST),
		Math.log10(trainingOptimal.parameters * FURTHEST),
		STEPS,
	);
	const points = (of: "training" | "all", least: number) =>
		sizes.map((size): Point => [size, spent(size)[of]]).filter(([, value]) => value <= MOST * least);
	const describe = ([size, value]: Point) =>
		`${law.label}: ${formatScientific(value)} FLOP in all with ${formatAmount(size)} parameters`;
	const own: Point = [parameters, spent(parameters).all];
	return [
		{ kind: "rule", axis: "x", at: parameters, color: "quiet", width: 1, dash: [3, 3] },
		{
			...{
				kind: "line",
				...common,
				width: 1,
				dash,
				opacity: 0.7,
				points: points("training", trainingOptimal.trainingFlops),
			},
			describe: ([size, value]: Point) =>
				`${law.label}: ${formatScientific(value)} FLOP to train ${formatAmount(size)} parameters`,
		},
		{
			...{ kind: "line", ...common, width: 2.25, dash, points: points("all", lifetimeOptimal.flops), describe },
			label: lineLabel(law),
		},
		...(
			[
				["circle", trainingOptimal],
				["diamond", lifetimeOptimal],
			] as const
		).map(([shape, at]): Mark => {
			const point: Point = [at.parameters, at.flops];
			return { kind: "dots", ...common, shape, points: [point], describe: () => describe(point) };
		}),
		...(own[1] <= MOST * lifetimeOptimal.flops
			? [{ kind: "dots" as const, ...common, shape: "circle" as const, points: [own], describe: () => describe(own) }]
			: []),
	];
}

/** The size that would need infinitely many tokens: E + A·N^−α is the loss that C FLOP reach at best. */
function leastSize(law: LossLaw, flops: number): number {
	const best = bestAllocation(law, flops);
	return (law.A / (lossAt(law, best.parameters, best.tokens) - law.E)) ** (1 / law.alpha);
}
