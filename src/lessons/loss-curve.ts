import { logAxis } from "../experiments/drawing.ts";
import type { Figure, Mark, Point } from "../figures/figure.ts";
import { formatCount, formatLoss } from "../figures/format.ts";
import { italic, rich } from "../figures/rich-text.ts";
import { plainTick } from "../figures/ticks.ts";
import { GUESS_LEGEND, guessRule, pointsOf, solid } from "./drawing.ts";
import type { Lesson } from "./lesson.ts";
import { MEASURED } from "./measured.ts";
import { byFactor, sentences } from "./verdict.ts";

const { curve, unigram, bigram, samples, vocabulary, parameters } = MEASURED.phases;
const CURVE = { group: 0 } as const;
/** The loss of a model that finds every token equally likely. */
const UNIFORM = Math.log(vocabulary);

/** Tokens read when the training loss first falls below a value, nats per token; Infinity if it never does. */
export function tokensUntil(loss: number): number {
	const after = curve.y.findIndex((value) => value < loss);
	if (after < 1) return after === 0 ? curve.x[0]! : Number.POSITIVE_INFINITY;
	const share = (curve.y[after - 1]! - loss) / (curve.y[after - 1]! - curve.y[after]!);
	return curve.x[after - 1]! * (curve.x[after]! / curve.x[after - 1]!) ** share;
}

export const lossCurve: Lesson = {
	id: "loss-curve",
	title: "One model, one loss curve",
	text: [
		"A language model reads a text and gives every token that may come next a probability. Its loss is how surprised it is, on average, by the token that does come:",
		"$$L = -\\frac{1}{D} \\sum_{i=1}^{D} \\ln p(x_i \\mid x_1 \\dots x_{i-1}).$$",
		`At a loss of $L$ nats the model is as unsure as somebody who chooses among $e^L$ equally likely tokens. Before training, each of the ${vocabulary} tokens here is as likely as any other, and $L = \\ln ${vocabulary} = ${UNIFORM.toFixed(2)}$.`,
		`Training finds the cheap regularities first. A model that knows nothing but how frequent each token is has a loss of ${unigram.toFixed(2)} on this text, the State of the Union speeches. One that also knows which token follows which has ${bigram.toFixed(2)}. What lies below takes longer contexts: words, then phrases, then something like grammar.`,
		`The figure shows one model of ${formatCount(parameters)} parameters that reads ${formatCount(samples.at(-1)!.tokens)} tokens, with text that it wrote on the way.`,
	],
	sources: [
		{
			text: "Shannon 1948, section 3: English from letter and word statistics",
			url: "https://doi.org/10.1002/j.1538-7305.1948.tb01338.x",
		},
		{ text: "Edelman et al. 2024: models learn single tokens, then pairs", url: "https://arxiv.org/abs/2402.11004" },
	],
	question: {
		kind: "number",
		text: `After how many tokens does this model know more than pairs of tokens, that is, when does its loss fall below ${bigram.toFixed(2)}?`,
		label: "Tokens read",
		...{ min: 1e3, max: 3e6, step: 0.01, start: 5e4, scale: "log", format: formatCount },
	},
	chance: null,
	answer: (guess) => {
		const until = { unigram: tokensUntil(unigram), bigram: tokensUntil(bigram) };
		return {
			figure: figureOf(guess),
			verdict: sentences(
				`Its loss falls below that of token frequencies after ${formatCount(until.unigram)} tokens, and below that of pairs after ${formatCount(until.bigram)}.`,
				byFactor(guess, until.bigram, { near: 1.15, format: formatCount }),
			),
			pins: samples.map(({ tokens, loss, text }) => ({
				label: `${formatCount(tokens)} tokens read, loss ${formatLoss(loss)}`,
				text,
			})),
		};
	},
	explanation: [
		"The axis of tokens is logarithmic: every step to the right doubles or triples the reading. Seen so, the curve is steep where a new kind of regularity is found and flat where the last one is used up. A power law describes only its later part, and fits that include the beginning go wrong.",
	],
	practice: {
		preset: "smoke",
		task: "Trains three models on single bytes, in a minute even without a GPU. Watch where each curve begins, and where it bends.",
	},
};

function figureOf(guess: number | null): Figure {
	const levels: readonly (readonly [string, number])[] = [
		["all tokens equally likely", UNIFORM],
		["token frequencies", unigram],
		["pairs of tokens", bigram],
	];
	const first = curve.x[0]!;
	const pins = samples.map(({ tokens, loss }): Point => [tokens, loss]);
	const marks: Mark[] = [
		...levels.flatMap(([name, at], i): Mark[] => [
			{ kind: "rule", color: "quiet", axis: "y", at, width: 1, dash: [3, 4] },
			// On the left, below the curve, there is room; the highest level has it above its line.
			{ kind: "note", color: "quiet", at: [first, at], text: rich(name), shift: i === 0 ? -9 : 9 },
		]),
		solid(pointsOf(curve), CURVE, {
			...{ series: "loss", width: 2, label: rich("loss") },
			describe: ([tokens, loss]) => `${formatCount(tokens)} tokens read: loss ${formatLoss(loss)}`,
		}),
		...guessRule("x", guess, guess === null ? null : [guess, UNIFORM]),
		{
			...{ kind: "dots", color: "ink", shape: "circle", points: pins },
			describe: (i: number) => `text ${i + 1}: ${samples[i]!.text.slice(0, 60)}…`,
		},
		...pins.map(
			(at, i): Mark => ({ kind: "note", color: "ink", at, text: rich(String(i + 1)), shift: -12, bold: true }),
		),
	];
	return {
		name: "lesson-loss-curve",
		title: rich("Loss of one model as it reads"),
		x: logAxis(rich("Training tokens ", italic("D"))),
		y: { label: rich("Loss (nats per token)"), scale: "linear", tick: plainTick, pad: 0.08 },
		marks,
		legend: [
			{ text: rich("training loss"), series: "loss", line: { color: CURVE, width: 2 } },
			{
				text: rich("numbers: text the model wrote there; height: loss on other text"),
				dot: { color: "ink", shape: "circle" },
			},
			...(guess === null ? [] : [GUESS_LEGEND]),
		],
		table: {
			caption: "the model where it wrote",
			columns: [
				{ id: "tokens", name: rich("Tokens"), format: formatCount },
				{ id: "loss", name: rich("Validation loss"), format: formatLoss },
				{ id: "text", name: rich("Text") },
			],
			rows: samples.map(({ tokens, loss, text }) => [tokens, loss, rich(text.slice(0, 80))]),
		},
		summary:
			`The loss falls from ${formatLoss(curve.y[0]!)} at ${formatCount(first)} tokens to ${formatLoss(curve.y.at(-1)!)} at ` +
			`${formatCount(curve.x.at(-1)!)}. Level lines at ${levels.map(([name, at]) => `${formatLoss(at)} (${name})`).join(", ")}.`,
		empty: "Nothing is drawn.",
	};
}
