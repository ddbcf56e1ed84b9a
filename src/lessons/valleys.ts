import { linearAxis, logAxis } from "../experiments/drawing.ts";
import type { Figure, Mark, Point } from "../figures/figure.ts";
import { formatCount, formatLoss, formatPercent, formatScientific } from "../figures/format.ts";
import { italic, rich } from "../figures/rich-text.ts";
import { logspace } from "../maths/search.ts";
import { CHINCHILLA } from "../theory/specifications.ts";
import { GUESS_LEGEND, guessRule, solid } from "./drawing.ts";
import type { Lesson } from "./lesson.ts";
import { type SampledValley, sampleValley } from "./valley.ts";
import { byFactor, sentences } from "./verdict.ts";

const BUDGET = 1e21;
/** Smallest and largest size, in units of the best: planned by somebody who expected a larger best size. */
const RANGE = [1 / 2, 128] as const;
const SIZES = 7;
const TRUE = { group: 0 } as const;
const FITTED = { group: 1 } as const;

/** The valley of the lesson: sizes on its right side mostly. */
export const lopsided = sampleValley(CHINCHILLA.law, BUDGET, RANGE, SIZES);
/** As many sizes spread evenly around the best. */
export const centered = sampleValley(CHINCHILLA.law, BUDGET, [1 / 8, 8], SIZES);

/** The parabola's best size in units of the true one. */
export const ratioOf = ({ vertex, best }: SampledValley) => vertex.parameters / best.parameters;

/** Relative extra loss of a model so many times as large as the best, nats per token. */
export const extraLoss = (times: number) => lopsided.loss(times * lopsided.best.parameters) - lopsided.best.loss;

export const valleys: Lesson = {
	id: "valleys",
	title: "Valleys, and what a parabola does to them",
	text: [
		"There is a more direct way to the best size than an envelope. Fix the compute $C$, train models of several sizes, each for exactly as many tokens as $C$ pays for, and plot their final losses against size. Too small a model has no room, too large a one no time; in between lies a valley. If the loss follows",
		"$$L(N, D) = E + \\frac{A}{N^{\\alpha}} + \\frac{B}{D^{\\beta}},$$",
		"then with $D = C/6N$ its floor is at $N^* \\propto C^{\\beta/(\\alpha+\\beta)}$.",
		`The valley is flat: here a model twice as large as the best loses only ${extraLoss(2).toFixed(3)} nats. Little noise is therefore enough to hide where the floor is, and the usual remedy is to fit a parabola in $\\ln N$ to all sizes and to take its lowest point.`,
		"But the valley is no parabola. In $\\ln N$ its two sides are exponentials of different steepness, $\\alpha$ on the left and $\\beta$ on the right. Suppose that someone expected a larger best size, and trained seven sizes from half to 128 times the true one. There is no noise at all.",
	],
	sources: [
		{ text: "Hoffmann et al. 2022, section 3.2 (Approach 2)", url: "https://arxiv.org/abs/2203.15556" },
		{ text: "Czech et al. 2026, biases of IsoFLOP parabolas", url: "https://arxiv.org/abs/2603.22339" },
	],
	question: {
		kind: "number",
		text: "Where does the parabola’s lowest point lie, as a multiple of the truly best size?",
		label: "Parabola’s best size, in units of the true one",
		...{ min: 0.25, max: 8, step: 0.01, start: 1, scale: "log", format: formatTimes },
	},
	chance: null,
	answer: (guess) => ({
		figure: figureOf(guess),
		verdict: sentences(
			`The parabola puts the best size at ${formatTimes(ratioOf(lopsided))} the true one.`,
			byFactor(guess, ratioOf(lopsided), { near: 1.04, format: formatTimes }),
			`Seven sizes centered on the best, from an eighth to eight times it, would have given ${formatTimes(ratioOf(centered))}.`,
		),
	}),
	explanation: [
		"The error does not depend on $E$, $A$, $B$ or $C$, only on $\\alpha$, $\\beta$ and where the sizes lie around $N^*$. If the sizes keep their places at every budget, all minima are off by the same factor and the exponent is right. If the window drifts, as it does when sizes stay fixed while budgets grow, the error drifts too and ends up in the exponent.",
		"What helps: sizes on both sides of the floor, not too far from it, and a second method to compare with.",
	],
	more: [{ text: "Replay: draw a synthetic study, and see what each method makes of it", url: "#/replay" }],
	practice: {
		preset: "isoflop",
		task: "Trains six sizes at four budgets. Which valleys have both sides? Leave out the largest or the smallest size, and see how far the minima move.",
	},
};

function formatTimes(value: number): string {
	return `${value.toFixed(2)} times`;
}

function figureOf(guess: number | null): Figure {
	const { best, points, vertex, parabola, loss } = lopsided;
	const first = Math.log10(points[0]!.parameters);
	const sizes = logspace(first - 0.3, Math.log10(points.at(-1)!.parameters), 97);
	const curve = (of: (size: number) => number) => sizes.map((size): Point => [size, of(size)]);
	const guessed = guess === null ? null : guess * best.parameters;
	const top = Math.max(...points.map((point) => point.loss));
	const ends = (of: (size: number) => number) => ({
		describe: ([size]: Point) => `${formatCount(size)} parameters: ${formatLoss(of(size))}`,
	});
	const marks: Mark[] = [
		solid(curve(loss), TRUE, { series: "law", label: rich("true loss"), ...ends(loss) }),
		solid(curve(parabola), FITTED, { series: "parabola", dash: [9, 4], label: rich("parabola"), ...ends(parabola) }),
		...guessRule("x", guessed, guessed === null ? null : [guessed, top]),
		{
			...{ kind: "dots", color: TRUE, shape: "circle", series: ["law"] },
			points: points.map(({ parameters, loss }): Point => [parameters, loss]),
			describe: (i: number) => `${formatCount(points[i]!.parameters)} parameters: ${formatLoss(points[i]!.loss)}`,
		},
		...(
			[
				[best, TRUE, "truly best", -16],
				[vertex, FITTED, "parabola’s best", 16],
			] as const
		).flatMap(([{ parameters, loss: at }, color, name, shift]): Mark[] => [
			{
				kind: "dots",
				color,
				shape: "diamond",
				points: [[parameters, at]],
				describe: () => `${name}: ${formatCount(parameters)} parameters`,
			},
			{ kind: "note", color, at: [parameters, at], text: rich(name), bold: true, shift },
		]),
	];
	return {
		name: "lesson-valleys",
		title: rich(`Loss of models trained with ${formatScientific(BUDGET, 1)} FLOP`),
		x: logAxis(rich("Size ", italic("N"), " (parameters)")),
		y: { ...linearAxis("Loss (nats per token)"), pad: 0.12 },
		marks,
		legend: [
			{ text: rich("loss by Chinchilla’s law"), series: "law", line: { color: TRUE, width: 2 } },
			{
				text: rich("parabola through the seven sizes"),
				series: "parabola",
				line: { color: FITTED, width: 2, dash: [9, 4] },
			},
			...(guess === null ? [] : [GUESS_LEGEND]),
		],
		table: {
			caption: "the seven sizes",
			columns: [
				{ id: "params", name: rich("Parameters"), format: formatCount },
				{ id: "share", name: rich("of the best"), format: formatPercent },
				{ id: "loss", name: rich("Loss"), format: formatLoss },
				{ id: "parabola", name: rich("Parabola"), format: formatLoss },
			],
			rows: points.map(({ parameters, loss }) => [
				parameters,
				parameters / best.parameters,
				loss,
				parabola(parameters),
			]),
		},
		summary: `A valley of loss against size with its floor at ${formatCount(best.parameters)} parameters, and a parabola through seven of its sizes with its floor at ${formatCount(vertex.parameters)}.`,
		empty: "Nothing is drawn.",
	};
}
