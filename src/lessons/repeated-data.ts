import { logAxis } from "../experiments/drawing.ts";
import type { Color, Figure, Mark, Point } from "../figures/figure.ts";
import { formatCount } from "../figures/format.ts";
import { italic, rich } from "../figures/rich-text.ts";
import { logspace } from "../maths/search.ts";
import { GUESS, GUESS_LEGEND, pointsOf, solid } from "./drawing.ts";
import type { Lesson } from "./lesson.ts";
import { type Columns, MEASURED } from "./measured.ts";
import { byDifference, sentences } from "./verdict.ts";

const SERIES = MEASURED.repetition.series;
const UNIQUES = [...new Set(SERIES.map(({ unique }) => unique))].sort((a, b) => a - b);
const LAW: Color = "ink";
/** R* of Muennighoff et al. 2023, section 5. */
const PUBLISHED = 15.39;
/** Epochs of the question. */
const READ = 15;

/** R* of this lab's runs. */
const { decay: WORTH } = MEASURED.repetition;

/** Epochs of new text that so many epochs of the same are worth: D′/U of the lesson's formula, with 1 + R epochs. */
export function worthOf(epochs: number, decay = WORTH): number {
	return epochs <= 1 ? epochs : 1 - decay * Math.expm1(-(epochs - 1) / decay);
}

const epochsText = (value: number) => `${value.toFixed(1)} epochs`;

export const repeatedData: Lesson = {
	id: "repeated-data",
	title: "Repeated data",
	text: [
		"Scaling laws take for granted that there is always new text. In some languages and subjects there is not, and for the largest models the web itself comes to an end. Then a text is read again: each pass through it is an epoch.",
		"A second reading still teaches something, since one pass leaves most of the details unlearned. But every further one teaches less, and in the end the model learns the text by heart, which helps it with no other. Muennighoff et al. measured how much less. Of $U$ unique tokens, read $R$ times after the first, one learns as much as from",
		"$$D' = U + U R^* \\left(1 - e^{-R/R^*}\\right)$$",
		"new tokens. For few repetitions that is nearly $U(1+R)$, as good as new. In the long run it never exceeds $U(1+R^*)$, however often the text is read. For large models on web text they found $R^* \\approx 15$: up to four epochs are almost free.",
		"This lab repeated that with models a hundred thousand times smaller, on 10 to 80 thousand tokens of speeches, by asking how many new tokens give the same loss.",
	],
	sources: [
		{ text: "Muennighoff et al. 2023, data-constrained language models", url: "https://arxiv.org/abs/2305.16264" },
	],
	question: {
		kind: "number",
		text: `A small model has read the same text ${READ} times. How many epochs of new text would have taught it as much?`,
		label: "Epochs of new text",
		...{ min: 1, max: READ, step: 0.1, start: 4, scale: "linear", format: epochsText },
	},
	chance: null,
	answer: (guess) => ({
		figure: figureOf(guess),
		verdict: sentences(
			`By the law fitted to these runs (R* = ${WORTH.toFixed(1)}) ${READ} epochs are worth ${worthOf(READ).toFixed(1)} of new text; by the published one ${worthOf(READ, PUBLISHED).toFixed(1)}.`,
			byDifference(guess, worthOf(READ), { range: READ - 1, format: epochsText }),
		),
	}),
	explanation: [
		`Four epochs are worth ${worthOf(4).toFixed(1)} here. The points are readings up to the lowest loss; after it, more reading makes things worse, which the law does not say. Points bend away from it where a model is large for its text and overfits early.`,
		"The practical rule: repeat before you give up on size, but after a handful of epochs look for more text, other text or a smaller model.",
	],
	practice: {
		preset: "repeat",
		task: "Trains two sizes on 10 to 80 thousand unique tokens, and beside them on new text. At which epoch does the validation loss of the smallest text turn up again?",
	},
};

/** From the first whole epoch on, the readings nearest to steps of a fifth of a doubling: more would hide the curve. */
export function shown({ x, y }: Columns): Columns {
	const steps = new Map(x.map((epochs, i) => [Math.round(2.5 * Math.log2(epochs)), i]));
	const kept = [...steps].filter(([step]) => step >= 0).map(([, i]) => i);
	return { x: kept.map((i) => x[i]!), y: kept.map((i) => y[i]!) };
}

function figureOf(guess: number | null): Figure {
	const most = Math.max(READ, ...SERIES.flatMap(({ worth }) => worth.x));
	const law = (of: (epochs: number) => number) => logspace(0, Math.log10(most), 60).map((at): Point => [at, of(at)]);
	const colorOf = (unique: number): Color => ({ size: UNIQUES.indexOf(unique), of: UNIQUES.length });
	const smallest = Math.min(...SERIES.map(({ parameters }) => parameters));
	const marks: Mark[] = [
		{ kind: "rule", color: "quiet", axis: "x", at: READ, width: 1, dash: [3, 3] },
		solid(
			law((epochs) => epochs),
			"quiet",
			{ series: "new", width: 1, dash: [2, 4], stretch: false },
		),
		solid(
			law((epochs) => worthOf(epochs, PUBLISHED)),
			"quiet",
			{ series: "published", width: 1.5, dash: [6, 4] },
		),
		solid(
			law((epochs) => worthOf(epochs)),
			LAW,
			{ series: "fitted", width: 2 },
		),
		...SERIES.map(
			({ parameters, unique, worth }): Mark => ({
				...{ kind: "dots", color: colorOf(unique), series: [String(unique)] },
				shape: parameters === smallest ? "circle" : "diamond",
				points: pointsOf(shown(worth)),
				describe: (i: number) =>
					`${formatCount(parameters)} parameters: ${formatCount(unique)} tokens read ${formatCount(shown(worth).x[i]!)} times are worth ${formatCount(shown(worth).y[i]!)} epochs of new text`,
			}),
		),
	];
	if (guess !== null)
		marks.push(
			{
				kind: "dots",
				color: GUESS,
				series: ["guess"],
				shape: "diamond",
				points: [[READ, guess]],
				describe: () => "your guess",
			},
			{ kind: "note", color: GUESS, series: ["guess"], at: [READ, guess], text: rich("your guess"), bold: true },
		);
	return {
		name: "lesson-repeated-data",
		title: rich("What repeated text is worth"),
		x: logAxis(rich("Epochs read, ", italic("D"), " / ", italic("U"))),
		y: logAxis(rich("Epochs of new text with the same loss, ", italic("D"), "′ / ", italic("U"))),
		marks,
		legend: [
			...UNIQUES.map((unique) => ({
				...{ text: rich(`${formatCount(unique)} unique tokens`), series: String(unique) },
				dot: { color: colorOf(unique), shape: "circle" as const },
			})),
			{ text: rich("law fitted here"), series: "fitted", line: { color: LAW, width: 2 } },
			{ text: rich("Muennighoff et al."), series: "published", line: { color: "quiet", width: 1.5, dash: [6, 4] } },
			{ text: rich("as good as new"), series: "new", line: { color: "quiet", width: 1, dash: [2, 4] } },
			...(guess === null
				? []
				: [{ text: GUESS_LEGEND.text, series: "guess", dot: { color: GUESS, shape: "diamond" as const } }]),
		],
		table: {
			caption: "the longest reading of each text",
			columns: [
				{ id: "params", name: rich("Parameters"), format: formatCount },
				{ id: "unique", name: rich("Unique tokens"), format: formatCount },
				{ id: "epochs", name: rich("Epochs read"), format: formatCount },
				{ id: "worth", name: rich("worth of new text"), format: formatCount },
			],
			rows: SERIES.map(({ parameters, unique, worth }) => [parameters, unique, worth.x.at(-1)!, worth.y.at(-1)!]),
		},
		summary: `Epochs of new text against epochs read: points follow a curve that rises ever more slowly, with R* = ${WORTH.toFixed(1)}; ${READ} epochs are worth ${worthOf(READ).toFixed(1)}.`,
		empty: "Nothing is drawn.",
	};
}
