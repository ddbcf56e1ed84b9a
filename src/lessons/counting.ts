import type { Convention } from "../architecture/flops.ts";
import { logAxis } from "../experiments/drawing.ts";
import type { Figure, Mark } from "../figures/figure.ts";
import { formatCount, formatScientific } from "../figures/format.ts";
import { italic, PARAMETERS, rich } from "../figures/rich-text.ts";
import { geometricMean } from "../maths/least-squares.ts";
import { KAPLAN_MINIMAL_SIZE } from "../theory/kaplan.ts";
import { GUESS_LEGEND, guessLine, pointsOf, powerLine, solid } from "./drawing.ts";
import type { Lesson } from "./lesson.ts";
import { MEASURED } from "./measured.ts";
import { byDifference, sentences } from "./verdict.ts";

type Study = (typeof MEASURED.counting)[number];

/** How far a line is drawn beyond its points, as a factor of compute. */
const OVERHANG = 1.7;
const KAPLAN = KAPLAN_MINIMAL_SIZE.exponent;
/** Hoffmann et al. 2022, table 2, Approach 1. */
const CHINCHILLA = 0.5;
const COUNTS = ["total", "nonEmbedding"] as const;
const NAMES: Record<Convention, string> = { total: "All parameters", nonEmbedding: "Without embeddings" };
const SHAPES = { total: "circle", nonEmbedding: "diamond" } as const;

const [FIRST] = MEASURED.counting as [Study, ...Study[]];
const [smallest, largest] = [0, -1].map((at) => {
	return { total: FIRST.sizes.total.at(at)!, nonEmbedding: FIRST.sizes.nonEmbedding.at(at)! };
}) as [Record<Convention, number>, Record<Convention, number>];

export const counting: Lesson = {
	id: "counting",
	title: "Kaplan and Chinchilla are counting",
	text: [
		`How should the best model grow with compute? In 2020 Kaplan et al. measured $N^* \\propto C^{${KAPLAN.toFixed(2)}}$: put nearly all of it into size. In 2022 Hoffmann et al. (Chinchilla) measured $N^* \\propto C^{${CHINCHILLA.toFixed(2)}}$: size and data in equal measure. With a billion times the compute, these differ by a factor of ${Math.round(1e9 ** (KAPLAN - CHINCHILLA))} in size.`,
		"Most of the gap lies in what they counted. A model’s total $N_T$ includes its embedding, a row of numbers for every token of the vocabulary; Kaplan et al. left it out. For models of one shape,",
		"$$N_T = N_{\\setminus E} + \\omega\\, N_{\\setminus E}^{1/3},$$",
		`where $\\omega$ grows with the vocabulary. Large models are hardly touched by this. Small ones are mostly embedding: in this lab’s study the smallest has ${formatCount(smallest.total)} parameters in total and ${formatCount(smallest.nonEmbedding)} without, the largest ${formatCount(largest.total)} and ${formatCount(largest.nonEmbedding)}. Counted without embeddings, the same models spread over a far wider range of sizes.`,
		"Compute changes as well, since $C = 6ND$ takes over whichever $N$ is used.",
	],
	sources: [
		{ text: "Pearce & Song 2024, Reconciling Kaplan and Chinchilla", url: "https://arxiv.org/abs/2406.12907" },
		{ text: "Kaplan et al. 2020", url: "https://arxiv.org/abs/2001.08361" },
		{ text: "Hoffmann et al. 2022", url: "https://arxiv.org/abs/2203.15556" },
	],
	question: {
		kind: "number",
		text: `${study(0).runs} runs of this lab, counted in total parameters, give $N^* \\propto C^{${study(0).fits.total.exponent.toFixed(2)}}$. What do the very same runs give without embeddings?`,
		label: "Exponent without embeddings",
		...{ min: 0, max: 1.2, step: 0.01, start: 0.5, scale: "linear", format: (value) => value.toFixed(2) },
	},
	chance: "The same study with other seeds",
	answer: (guess, round) => {
		const { seeds, fits } = study(round);
		const { total, nonEmbedding } = fits;
		return {
			figure: figureOf(study(round), guess),
			verdict: sentences(
				`Without embeddings the exponent is ${exponentText(nonEmbedding)}; in total it is ${exponentText(total)}.`,
				byDifference(guess, nonEmbedding.exponent, { range: 1.2, format: (value) => value.toFixed(2) }),
				`Seeds ${seeds}; in parentheses 90 % intervals.`,
			),
		};
	},
	explanation: [
		"Let $s$ be the slope of $\\ln N_{\\setminus E}$ on $\\ln N_T$ over the range of sizes, about 2 here. Then $N_T^* \\propto C_T^{\\,a}$ turns into",
		"$$N_{\\setminus E}^* \\propto C_{\\setminus E}^{\\,a'}, \\qquad a' = \\frac{s\\,a}{s\\,a + 1 - a}.$$",
		"With $s = 1$, as for very large models, nothing changes. With other seeds the points move a little, and the exponents with them; the gap between the two ways of counting stays.",
	],
	more: [{ text: "Theory: the paper’s figures, live, with sliders for its constants", url: "#/theory" }],
	practice: {
		preset: "reconcile",
		task: "Repeats this study on your own GPU; “minute” is its quick version. Let groups of the class change the seeds, and compare exponents and intervals.",
	},
};

/** The study of a round: its seeds alternate. The number of runs is what a study of the preset has. */
function study(round: number): Study & { runs: number } {
	return { ...MEASURED.counting[round % MEASURED.counting.length]!, runs: MEASURED.presets.reconcile!.runs };
}

function exponentText({ exponent, low, high }: Study["fits"][Convention]): string {
	return `${exponent.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function figureOf({ seeds, fits }: Study, guess: number | null): Figure {
	const marks = COUNTS.flatMap((convention): Mark[] => {
		const { crossings, exponent } = fits[convention];
		const center = [geometricMean(crossings.x), geometricMean(crossings.y)] as const;
		const [from, to] = [Math.min(...crossings.x) / OVERHANG, Math.max(...crossings.x) * OVERHANG];
		const own = convention === "nonEmbedding" && guess !== null ? powerLine(center, guess, from, to) : null;
		return [
			...guessLine(own),
			solid(powerLine(center, exponent, from, to), convention, {
				...{ series: convention, label: rich(`slope ${exponent.toFixed(2)}`) },
				...(convention === "nonEmbedding" && { dash: [9, 4] }),
			}),
			{
				...{ kind: "dots", color: convention, series: [convention], shape: SHAPES[convention] },
				points: pointsOf(crossings),
				describe: (i: number) =>
					`${NAMES[convention]}: the best size passes ${formatCount(crossings.y[i]!)} at ${formatScientific(crossings.x[i]!)} FLOP`,
			},
		];
	});
	return {
		name: "lesson-counting",
		title: rich("Best size against compute: the same runs, counted twice"),
		x: logAxis(rich("Compute ", italic("C"), " = 6", italic("ND"), " (FLOP), counted the same way")),
		y: logAxis(rich("Best size ", italic("N"), "* (parameters)")),
		marks,
		legend: [
			...COUNTS.map((convention) => ({
				...{ text: rich(`${NAMES[convention]} (`, PARAMETERS[convention], ")"), series: convention },
				dot: { color: convention, shape: SHAPES[convention] },
			})),
			...(guess === null ? [] : [GUESS_LEGEND]),
			{ text: rich(`marks: where a size overtakes the next smaller one; seeds ${seeds}`) },
		],
		table: {
			caption: "where the best size changes",
			columns: [
				{ id: "counted", name: rich("Counted") },
				{ id: "flops", name: rich("Compute (FLOP)"), format: formatScientific },
				{ id: "params", name: rich("Best size"), format: formatCount },
			],
			rows: COUNTS.flatMap((convention) =>
				pointsOf(fits[convention].crossings).map(([x, y]) => [rich(NAMES[convention]), x, y]),
			),
		},
		summary: `Best size against compute, seeds ${seeds}: a line of slope ${exponentText(fits.total)} in total parameters, and a steeper one, ${exponentText(fits.nonEmbedding)}, without embeddings.`,
		empty: "Nothing is drawn.",
	};
}
