import { logAxis } from "../experiments/drawing.ts";
import type { Figure, Mark, Point } from "../figures/figure.ts";
import { formatCount, formatLoss, formatPercent, formatScientific } from "../figures/format.ts";
import { italic, rich } from "../figures/rich-text.ts";
import { plainTick } from "../figures/ticks.ts";
import { leastSquaresLine, mean } from "../maths/least-squares.ts";
import { studentQuantile } from "../maths/student.ts";
import { GUESS_LEGEND, guessRule, powerLine, solid } from "./drawing.ts";
import type { Lesson } from "./lesson.ts";
import { MEASURED } from "./measured.ts";
import { byDifference, sentences } from "./verdict.ts";

const KNOWN = MEASURED.forecast.slice(0, -1);
const SEALED = MEASURED.forecast.at(-1)!;
const LAW = { group: 0 } as const;
const { lifetime } = MEASURED;

/**
 * A power law L* ∝ C^−γ through the losses at the smaller budgets, and what it forecasts at another: a 90 % prediction interval
 * of one more run, from the scatter about the line in ln L.
 */
export function forecastAt(flops: number): { slope: number; loss: number; low: number; high: number } {
	const runs = KNOWN.flatMap((budget) =>
		budget.losses.map((loss) => ({ x: Math.log(budget.flops), y: Math.log(loss) })),
	);
	const x = runs.map((run) => run.x);
	const line = leastSquaresLine(
		x,
		runs.map((run) => run.y),
	)!;
	const at = Math.log(flops);
	const center = mean(x);
	const spread = x.reduce((sum, value) => sum + (value - center) ** 2, 0);
	const free = runs.length - 2;
	const scatter = line.residual * Math.sqrt(runs.length / free);
	const half = studentQuantile(0.95, free) * scatter * Math.sqrt(1 + 1 / runs.length + (at - center) ** 2 / spread);
	const middle = line.intercept + line.slope * at;
	return { slope: line.slope, loss: Math.exp(middle), low: Math.exp(middle - half), high: Math.exp(middle + half) };
}

const forecasted = forecastAt(SEALED.flops);
const result = mean(SEALED.losses);
/** A budget in TeX: 2.5e10 → "2.5 \\cdot 10^{10}". */
function texPower(value: number): string {
	const [mantissa, exponent] = value.toExponential().split("e");
	return `${mantissa === "1" ? "" : `${mantissa} \\cdot `}10^{${Number(exponent)}}`;
}
const budgetText = (flops: number) => formatScientific(flops, 2);

export const forecast: Lesson = {
	id: "forecast",
	title: "Predict before you look; when to over-train",
	text: [
		"A law that has only ever been fitted has not been tested. The test is to write a forecast down, with its interval, before the run that could prove it wrong. GPT-4’s final loss was predicted in this way from models that took at most a ten-thousandth of its compute.",
		"It works because the lowest loss at each budget follows",
		"$$L^*(C) = E + k\\,C^{-\\gamma},$$",
		"and over a short range even $E = 0$ will do: a straight line on logarithmic axes. You have done the same in each of these lessons: a guess that is kept makes it clear afterwards what you did not know.",
		"A good forecast also tells when to leave the best size. The optimum counts only the cost of training. A model that will then serve $D_{\\text{use}}$ tokens costs in all",
		"$$6\\,N\\,D + 2\\,N\\,D_{\\text{use}},$$",
		`so the more it is used, the more it pays to train a smaller one for longer, to the same loss: to over-train. Trained with $${texPower(lifetime.flops)}$ FLOP, ${formatCount(lifetime.trainingOptimal)} parameters are best by one published law. If the model is to serve $${texPower(lifetime.useTokens)}$ tokens, ${formatCount(lifetime.lifetimeOptimal)} are, on ${lifetime.text.toFixed(1)} times as much text, and save ${formatPercent(lifetime.saved)} of all arithmetic.`,
	],
	sources: [
		{ text: "OpenAI 2023, GPT-4 technical report, section 3", url: "https://arxiv.org/abs/2303.08774" },
		{ text: "Sardana et al. 2023, accounting for inference", url: "https://arxiv.org/abs/2401.00448" },
	],
	question: {
		kind: "number",
		text: `The lowest losses that this lab reached were ${KNOWN.map(({ flops, losses }) => `${mean(losses).toFixed(2)} with $${texPower(flops)}$`).join(", ")} FLOP. What will it be with $${texPower(SEALED.flops)}$?`,
		label: "Lowest loss at the largest budget, nats",
		...{ min: 3, max: 4, step: 0.01, start: 3.8, scale: "linear", format: (value) => value.toFixed(2) },
	},
	chance: null,
	answer: (guess) => ({
		figure: figureOf(guess),
		verdict: sentences(
			`The line through the smaller budgets says ${forecasted.loss.toFixed(2)} (${forecasted.low.toFixed(2)} to ${forecasted.high.toFixed(2)}); the runs reached ${result.toFixed(2)}.`,
			byDifference(guess, result, { range: 1, format: (value) => value.toFixed(2) }),
		),
	}),
	explanation: [
		"The interval is wide although the points lie so well on the line: three budgets leave a line little to be sure of, and two and a half times the compute is a step into the unknown. What would have proved the law wrong? A result outside. Say so before you look.",
	],
	more: [
		{
			text: "Plan: the cheapest size to train and use, for these numbers or yours",
			url: `#/plan?${new URLSearchParams({ flops: String(lifetime.flops), inferenceTokens: String(lifetime.useTokens) })}`,
		},
	],
	practice: {
		preset: "isoflop-class",
		task: "Larger budgets and a larger vocabulary. Train the smaller budgets first, write your forecast for the largest on the board, and only then let it run.",
	},
};

function figureOf(guess: number | null): Figure {
	const first = KNOWN[0]!.flops;
	const start: Point = [first, forecastAt(first).loss];
	const known = KNOWN.map(({ flops, losses }): Point => [flops, mean(losses)]);
	const ends = powerLine(start, forecasted.slope, first, SEALED.flops);
	const last = KNOWN.at(-1)!.flops;
	const beyond = powerLine([last, 1], 0, last, SEALED.flops).map(([flops]) => ({ flops, ...forecastAt(flops) }));
	const marks: Mark[] = [
		{
			...{ kind: "band", color: LAW, series: ["law"] },
			...{
				x: beyond.map(({ flops }) => flops),
				low: beyond.map(({ low }) => low),
				high: beyond.map(({ high }) => high),
			},
		},
		solid(ends, LAW, { series: "law", dash: [9, 4] }),
		...guessRule("y", guess, guess === null ? null : [first, guess]),
		{
			...{ kind: "dots", color: LAW, shape: "circle", points: known },
			describe: (i: number) =>
				`${budgetText(KNOWN[i]!.flops)} FLOP: ${formatLoss(known[i]![1])} with ${formatCount(KNOWN[i]!.parameters)} parameters`,
		},
		{
			...{ kind: "dots", color: "ink", shape: "diamond", points: [[SEALED.flops, result]], series: ["result"] },
			describe: () => `the result: ${formatLoss(result)} with ${formatCount(SEALED.parameters)} parameters`,
		},
		{
			kind: "note",
			color: "ink",
			at: [SEALED.flops, result],
			text: rich("result"),
			bold: true,
			series: ["result"],
			shift: -14,
		},
	];
	return {
		name: "lesson-forecast",
		title: rich("Lowest loss against compute: forecast and result"),
		x: { ...logAxis(rich("Compute ", italic("C"), " (FLOP)")), padEnd: 0.06 },
		y: { label: rich("Lowest validation loss (nats per token)"), scale: "log", tick: plainTick, pad: 0.08 },
		marks,
		legend: [
			{ text: rich("budgets that were known"), dot: { color: LAW, shape: "circle" } },
			{
				text: rich("line through them; band: 90 % forecast"),
				series: "law",
				line: { color: LAW, width: 2, dash: [9, 4] },
			},
			{ text: rich("result"), series: "result", dot: { color: "ink", shape: "diamond" } },
			...(guess === null ? [] : [GUESS_LEGEND]),
		],
		table: {
			caption: "lowest losses by budget",
			columns: [
				{ id: "flops", name: rich("Compute (FLOP)"), format: formatScientific },
				{ id: "params", name: rich("Best size"), format: formatCount },
				{ id: "loss", name: rich("Loss"), format: formatLoss },
				{ id: "line", name: rich("Line"), format: formatLoss },
			],
			rows: MEASURED.forecast.map(({ flops, parameters, losses }) => [
				flops,
				parameters,
				mean(losses),
				forecastAt(flops).loss,
			]),
		},
		summary: `Lowest losses at three budgets lie on a line that forecasts ${formatLoss(forecasted.loss)}, from ${formatLoss(forecasted.low)} to ${formatLoss(forecasted.high)}, at ${budgetText(SEALED.flops)} FLOP; the result is ${formatLoss(result)}.`,
		empty: "Nothing is drawn.",
	};
}
