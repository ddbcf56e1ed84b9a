import type { Fit } from "../../analysis/fitting/fit.ts";
import type { CurveRun } from "../../analysis/points/curve-run.ts";
import { categoryAxis } from "../../figures/categories.ts";
import type { Figure, FigureTable } from "../../figures/figure.ts";
import { formatEstimate } from "../../figures/format.ts";
import { italic, PARAMETERS, rich } from "../../figures/rich-text.ts";
import { waterfallMarks } from "../../figures/waterfall.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { intervalCells, intervalColumns, intervalText } from "../drawing.ts";
import { EXPONENT_AXIS, exponentStep } from "../figures/exponents.ts";
import { endsAsCurves } from "../statistics/annealed-ends.ts";
import { haveLengths, runsOfArms, specsOfArm } from "../statistics/arms.ts";
import type { Interval } from "../statistics/cells.ts";
import { areSeparate, exponentOf, exponentsOfCurves, fitWarnings } from "../statistics/exponents.ts";

/** One stage from Kaplan's study to Chinchilla's. */
interface Stage {
	name: string;
	/** Whether N, and with it C = 6·N·D, includes the head. */
	head: boolean;
	fit: Fit;
	runs: readonly string[];
}

/** A stage with an exponent and the one before it. */
interface Step {
	to: Stage;
	before: Interval;
	after: Interval;
}

/**
 * The exponent after each stage of Porian et al. 2024, figure 1, by Method 1. The first stage counts as Kaplan et al. do, without
 * any embedding; the second counts the same runs with the matrix of the logits in N and in C = 6·N·D, as all later ones. Each
 * later stage is the next arm of the study. An arm with several lengths is read from the ends of its runs.
 */
export function answerChain(plan: Plan, runs: readonly RunResult[], options: AnswerOptions): Answer {
	const stages = runsOfArms(plan, runs).flatMap(({ name, runs: own }, i): Stage[] => {
		const curves = haveLengths(specsOfArm(plan, name)) ? endsAsCurves(own) : own.map(withWarmup);
		const ids = own.map(({ id }) => id);
		const fitOf = (counted: readonly CurveRun[]) => exponentsOfCurves(counted, options).nonEmbedding;
		const counted = { name, head: true, fit: fitOf(curves.map(withHead)), runs: ids };
		if (i > 0) return [counted];
		return [
			{ name: `${name}, no head`, head: false, fit: fitOf(curves), runs: ids },
			{ ...counted, name: "head counted" },
		];
	});
	const sentence = sentenceOf(stages);
	return {
		sentence,
		figure: figureOf(stages, sentence),
		warnings: fitWarnings(stages.map(({ name, fit }) => [name, fit])),
	};
}

/** Keeps the losses of the warmup, which Method 1 leaves out otherwise: what a long warmup costs is the question. */
function withWarmup(run: CurveRun): CurveRun {
	return { ...run, spec: { ...run.spec, schedule: { ...run.spec.schedule, warmupSteps: 0 } } };
}

function withHead(run: CurveRun): CurveRun {
	const { vocabulary, width } = run.spec.model;
	const nonEmbedding = run.parameters.nonEmbedding + vocabulary * width;
	return { ...run, parameters: { ...run.parameters, nonEmbedding } };
}

function stepsOf(stages: readonly Stage[]): Step[] {
	const known = stages.flatMap((stage) => {
		const exponent = exponentOf(stage.fit);
		return exponent ? [{ stage, exponent }] : [];
	});
	return known.slice(1).map(({ stage, exponent }, i) => ({ to: stage, before: known[i]!.exponent, after: exponent }));
}

const changeOf = ({ before, after }: Step) => after.estimate - before.estimate;

function sentenceOf(stages: readonly Stage[]): string {
	const steps = stepsOf(stages);
	if (steps.length === 0) return "Fewer than two stages have an exponent.";
	const largest = steps.reduce((p, q) => (Math.abs(changeOf(q)) > Math.abs(changeOf(p)) ? q : p));
	const clear = steps.filter(({ before, after }) => areSeparate(before, after)).map(({ to }) => `“${to.name}”`);
	const verdict =
		clear.length === 0
			? "At no step are the intervals before and after separate"
			: `The intervals before and after are separate at ${clear.join(", ")}${clear.length < steps.length ? " only" : ""}`;
	return (
		`The exponent goes from ${intervalText(steps[0]!.before)} to ${intervalText(steps.at(-1)!.after)}. The largest of ` +
		`${steps.length} steps is “${largest.to.name}”: from ${intervalText(largest.before)} to ${intervalText(largest.after)}. ${verdict}.`
	);
}

function figureOf(stages: readonly Stage[], summary: string): Figure {
	const steps = stages.map(({ name, fit, runs }) => exponentStep(name, exponentOf(fit), runs));
	return {
		name: "chain",
		title: rich("Exponent of the best size, stage by stage"),
		x: categoryAxis(
			rich("Stage"),
			stages.map(({ name }) => name),
		),
		y: EXPONENT_AXIS,
		marks: steps.some(({ value }) => value !== null) ? waterfallMarks(steps, "nonEmbedding") : [],
		legend: [{ text: rich("bars: change from the stage before; error bars: interval of the exponent") }],
		table: tableOf(stages),
		summary,
		empty: "No stage has an exponent yet.",
	};
}

function tableOf(stages: readonly Stage[]): FigureTable {
	const steps = new Map(stepsOf(stages).map((step) => [step.to, step]));
	return {
		caption: "Exponents by stage",
		columns: [
			{ id: "stage", name: rich("Stage") },
			{ id: "counted", name: rich("Counted") },
			...intervalColumns("a", rich(italic("a")), formatEstimate),
			{ id: "change", name: rich("Change"), format: formatEstimate },
			{ id: "separate", name: rich("Intervals separate") },
		],
		rows: stages.map((stage) => {
			const step = steps.get(stage);
			const separate = step ? areSeparate(step.before, step.after) : null;
			return [
				...[rich(stage.name), rich(PARAMETERS.nonEmbedding, stage.head ? " and head" : "")],
				...intervalCells(exponentOf(stage.fit)),
				step ? changeOf(step) : null,
				rich(separate === null ? "" : separate ? "yes" : "no"),
			];
		}),
	};
}
