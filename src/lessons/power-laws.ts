import { logAxis } from "../experiments/drawing.ts";
import type { Figure, Mark, Point } from "../figures/figure.ts";
import { formatEstimate } from "../figures/format.ts";
import { italic, rich } from "../figures/rich-text.ts";
import { geometricMean, leastSquaresLine } from "../maths/least-squares.ts";
import { GUESS_LEGEND, guessLine, powerLine, solid } from "./drawing.ts";
import type { Lesson } from "./lesson.ts";
import { boxErrors, type ErrorCurve, meanErrors } from "./sampling-errors.ts";
import { byDifference, sentences } from "./verdict.ts";

const MEAN = { group: 0 } as const;
const BOXES = { group: 1 } as const;
/** What the boxes' error follows in two dimensions: n^(−1/(d+2)). */
const BOX_SLOPE = -1 / 4;

export const powerLaws: Lesson = {
	id: "power-laws",
	title: "Where power laws come from",
	text: [
		"Take the mean of $n$ measurements that scatter by $\\sigma$. Its error shrinks as",
		"$$\\text{error} = \\sigma\\, n^{-1/2}.$$",
		"On logarithmic axes that is a straight line with slope −1/2: a power law. Half the error takes four times the measurements. A better instrument (a smaller $\\sigma$) moves the line down, but leaves its slope as it is.",
		"Now estimate more than one number: the height of a whole landscape, measured with noise at $n$ random places on a unit square. Cut the square into boxes of side $h$, and let the mean of a box stand for all of it. Two errors are at work. A box blurs whatever rises and falls inside it; that error grows in proportion to $h$. And a box holds only $nh^2$ measurements, so its mean scatters:",
		"$$\\text{blur} \\propto h, \\qquad \\text{scatter} = \\frac{\\sigma}{\\sqrt{n h^2}} = \\frac{\\sigma}{h\\sqrt n}.$$",
		"With every amount of data, choose the side $h$ that makes the two equal. More measurements then allow smaller boxes, and both errors fall together.",
	],
	sources: [
		{ text: "Stone 1982, optimal rates for nonparametric regression", url: "https://doi.org/10.1214/aos/1176345969" },
		{ text: "Hestness et al. 2017, power laws of learning curves", url: "https://arxiv.org/abs/1712.00409" },
		{ text: "Sharma & Kaplan 2020, exponents and dimension", url: "https://arxiv.org/abs/2004.10802" },
	],
	question: {
		kind: "number",
		text: "The mean’s error has slope −1/2. What slope does the error of the landscape have?",
		label: "Slope of the landscape’s error",
		...{ min: -1, max: 0, step: 0.01, start: -0.5, scale: "linear", format: formatSlope },
	},
	chance: "Draw other seeds",
	answer: (guess, round) => {
		const curves = { mean: meanErrors(round + 1), boxes: boxErrors(round + 1) };
		const measured = { mean: slopeOf(curves.mean), boxes: slopeOf(curves.boxes) };
		return {
			figure: figureOf(curves, measured, guess),
			verdict: sentences(
				"The landscape’s slope is −1/4, half that of the mean: half the error takes sixteen times the measurements.",
				byDifference(guess, BOX_SLOPE, { range: 1, format: formatSlope, words: ["flat", "steep"] }),
				`These draws gave ${formatSlope(measured.boxes)} for the landscape and ${formatSlope(measured.mean)} for the mean.`,
			),
		};
	},
	explanation: [
		"Equal errors mean $h = \\sigma/(h\\sqrt n)$ up to a factor, so $h \\propto n^{-1/4}$, and the error is proportional to $h$. In $d$ dimensions a box holds $nh^d$ measurements, and the same balance gives $n^{-1/(d+2)}$: every further direction in which the truth may vary makes the slope flatter.",
		"A language model estimates a function of its whole context. Nobody has derived its exponent from the text, but exponents as small as the 0.1 that losses show are what one expects where there are many directions.",
	],
	practice: {
		preset: "data",
		task: "Trains three sizes on 2.5 to 40 thousand tokens of text. Is the lowest loss against the amount of text a straight line, and how steep?",
	},
};

function formatSlope(value: number): string {
	return value.toFixed(2).replace("-", "−");
}

/** The slope of ln error on ln n. */
export function slopeOf({ n, error }: ErrorCurve): number {
	return leastSquaresLine(n.map(Math.log), error.map(Math.log))!.slope;
}

function figureOf(
	curves: Record<"mean" | "boxes", ErrorCurve>,
	measured: Record<"mean" | "boxes", number>,
	guess: number | null,
): Figure {
	const [from, to] = [curves.mean.n[0]!, curves.mean.n.at(-1)!];
	const center: Point = [geometricMean(curves.boxes.n), geometricMean(curves.boxes.error)];
	const dots = ({ n, error }: ErrorCurve, color: typeof MEAN | typeof BOXES, series: string): Mark => ({
		...{ kind: "dots", color, series: [series], shape: series === "mean" ? "circle" : "diamond" },
		points: n.map((at, i): Point => [at, error[i]!]),
		describe: (i: number) =>
			`${series === "mean" ? "the mean" : "the landscape"}: ${n[i]} measurements leave an error of ${formatEstimate(error[i]!)}`,
	});
	return {
		name: "lesson-power-laws",
		title: rich("Error of two estimates against the number of measurements"),
		x: logAxis(rich("Measurements ", italic("n"))),
		y: logAxis("Root mean square error, in units of the noise"),
		marks: [
			solid(powerLine([from, from ** -0.5], -0.5, from, to), MEAN, {
				series: "mean",
				width: 1.5,
				label: rich("slope −1/2"),
			}),
			solid(powerLine(center, BOX_SLOPE, from, to), BOXES, { series: "boxes", width: 1.5, label: rich("slope −1/4") }),
			...guessLine(guess === null ? null : powerLine(center, guess, from, to)),
			dots(curves.mean, MEAN, "mean"),
			dots(curves.boxes, BOXES, "boxes"),
		],
		legend: [
			{ text: rich("mean of ", italic("n"), " numbers"), series: "mean", dot: { color: MEAN, shape: "circle" } },
			{ text: rich("landscape on a square"), series: "boxes", dot: { color: BOXES, shape: "diamond" } },
			...(guess === null ? [] : [GUESS_LEGEND]),
			{ text: rich("dots: simulated; lines: expected") },
		],
		table: {
			caption: "simulated errors",
			columns: [
				{ id: "n", name: rich("Measurements"), format: String },
				{ id: "mean", name: rich("Error of the mean"), format: formatEstimate },
				{ id: "boxes", name: rich("Error of the landscape"), format: formatEstimate },
			],
			rows: curves.mean.n.map((n, i) => [n, curves.mean.error[i]!, curves.boxes.error[i]!]),
		},
		summary:
			`Two straight lines on logarithmic axes: the error of a mean falls with slope ${formatSlope(measured.mean)}, ` +
			`that of a landscape on a square with slope ${formatSlope(measured.boxes)}.`,
		empty: "Nothing is drawn.",
	};
}
