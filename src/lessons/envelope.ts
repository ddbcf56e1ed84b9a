import { listText, logAxis } from "../experiments/drawing.ts";
import type { Color, Figure, Mark, Point } from "../figures/figure.ts";
import { formatCount, formatLoss, formatScientific } from "../figures/format.ts";
import { COMPUTE, rich } from "../figures/rich-text.ts";
import { plainTick } from "../figures/ticks.ts";
import { GUESS, pointsOf, solid } from "./drawing.ts";
import type { Lesson } from "./lesson.ts";
import { type Columns, MEASURED } from "./measured.ts";
import { sentences } from "./verdict.ts";

const SIZES = MEASURED.envelope;
const NAMES = SIZES.map(({ parameters }) => `${formatCount(parameters)} parameters`);
/** The budget of the question, FLOP. */
const BUDGET = 8e10;

const colorOf = (size: number): Color => ({ size, of: SIZES.length });

/** A curve's loss at a compute, interpolated in both logarithms; Infinity beyond its ends. */
export function lossAtCompute({ x, y }: Columns, flops: number): number {
	const after = x.findIndex((value) => value >= flops);
	if (after < 0 || flops < x[0]!) return Number.POSITIVE_INFINITY;
	if (after === 0) return y[0]!;
	const share = Math.log(flops / x[after - 1]!) / Math.log(x[after]! / x[after - 1]!);
	return y[after - 1]! * (y[after]! / y[after - 1]!) ** share;
}

/** The index of the size with the lowest loss at a compute, and that loss. */
export function bestAt(flops: number): { size: number; loss: number } {
	const losses = SIZES.map(({ curve }) => lossAtCompute(curve, flops));
	const loss = Math.min(...losses);
	return { size: losses.indexOf(loss), loss };
}

export const envelope: Lesson = {
	id: "envelope",
	title: "The envelope of many sizes",
	text: [
		"Training costs arithmetic. In one step every parameter takes part in two operations for each token on the way forward, and in four on the way back. A model of $N$ parameters that reads $D$ tokens therefore takes about",
		"$$C = 6\\,N\\,D \\ \\text{FLOP}.$$",
		"For a given $C$, a small model may read much and a large one little. A small one learns fast at first, because each token is cheap, and then its curve flattens: there is no room for more. A large one starts later and ends lower. So at every compute some size is the best, and the lowest points of all curves together form an envelope,",
		"$$L^*(C) = \\min_N L\\!\\left(N, \\frac{C}{6N}\\right).$$",
		"Where one curve passes below the next, the best size $N^*(C)$ moves up. Reading the envelope off many training curves is the first of the three methods of the Chinchilla paper.",
		`Here are four sizes, ${listText(SIZES.map(({ parameters }) => formatCount(parameters)))} parameters, all trained on the same text.`,
	],
	sources: [
		{ text: "Kaplan et al. 2020, section 3.3", url: "https://arxiv.org/abs/2001.08361" },
		{ text: "Hoffmann et al. 2022, section 3.1 (Approach 1)", url: "https://arxiv.org/abs/2203.15556" },
	],
	question: {
		kind: "choice",
		text: `You may spend ${formatScientific(BUDGET, 1)} FLOP on one of these models. Which has the lowest loss then?`,
		label: "Best size for that budget",
		options: NAMES,
	},
	chance: null,
	answer: (guess) => {
		const { size, loss } = bestAt(BUDGET);
		return {
			figure: figureOf(guess),
			verdict: sentences(
				`The model of ${NAMES[size]} is best there, with a loss of ${formatLoss(loss)}.`,
				guessText(guess),
			),
		};
	},
	explanation: [
		"Two ways to waste a budget lie on either side. To the left a model has hardly begun to learn; to the right a small one is trained on and on while a larger one would have used the same arithmetic better. Neither shows in the loss curve of one model: only the other sizes tell.",
	],
	practice: {
		preset: "minute",
		task: "Trains four sizes with three learning rates and three seeds. Follow the dashed envelope: at which compute does each size take over?",
	},
};

function guessText(guess: number | null): string {
	if (guess === null) return "";
	const best = bestAt(BUDGET);
	if (guess === best.size) return "That is what you said.";
	const own = lossAtCompute(SIZES[guess]!.curve, BUDGET);
	if (!Number.isFinite(own)) return `You chose ${NAMES[guess]}: its curve ends before this budget is spent.`;
	return `You chose ${NAMES[guess]}, whose loss is ${formatLoss(own - best.loss)} nats higher.`;
}

/** The lowest loss of all sizes along compute. */
function envelopePoints(): Point[] {
	// Beyond the end of the largest size nothing tells whether it would be best.
	const [from, to] = [SIZES[0]!.curve.x[0]!, SIZES.at(-1)!.curve.x.at(-1)!];
	return Array.from({ length: 97 }, (_, i) => Math.min(to, from * (to / from) ** (i / 96)))
		.map((flops): Point => [flops, bestAt(flops).loss])
		.filter(([, loss]) => Number.isFinite(loss));
}

function figureOf(guess: number | null): Figure {
	const chosen = guess === null ? Number.POSITIVE_INFINITY : lossAtCompute(SIZES[guess]!.curve, BUDGET);
	const best = bestAt(BUDGET);
	const marks: Mark[] = [
		{ kind: "rule", color: "quiet", axis: "x", at: BUDGET, width: 1, dash: [3, 3] },
		...SIZES.map(({ parameters, curve }, i) =>
			solid(pointsOf(curve), colorOf(i), {
				...{ series: `size ${i}`, label: rich(formatCount(parameters)) },
				describe: ([flops, loss]) => `${NAMES[i]}: loss ${formatLoss(loss)} at ${formatScientific(flops)} FLOP`,
			}),
		),
		solid(envelopePoints(), "ink", { series: "envelope", width: 2.5, dash: [6, 4] }),
		{
			...{ kind: "dots", color: "ink", shape: "circle", points: [[BUDGET, best.loss]] },
			describe: () => `${NAMES[best.size]} are best at ${formatScientific(BUDGET)} FLOP`,
		},
	];
	if (Number.isFinite(chosen) && guess !== best.size)
		marks.push(
			{
				kind: "dots",
				color: GUESS,
				shape: "diamond",
				points: [[BUDGET, chosen]],
				series: ["guess"],
				describe: () => "your choice",
			},
			{
				kind: "note",
				color: GUESS,
				at: [BUDGET, chosen],
				text: rich("your choice"),
				bold: true,
				shift: -14,
				series: ["guess"],
			},
		);
	return {
		name: "lesson-envelope",
		title: rich("Loss against compute for four sizes"),
		x: logAxis(rich("Compute ", COMPUTE.total, " (FLOP)")),
		y: { label: rich("Training loss (nats per token)"), scale: "log", tick: plainTick, pad: 0.05 },
		marks,
		legend: [
			...SIZES.map(({ parameters }, i) => ({
				...{ text: rich(formatCount(parameters)), series: `size ${i}` },
				line: { color: colorOf(i), width: 3 },
			})),
			{ text: rich("envelope"), series: "envelope", line: { color: "ink", width: 2, dash: [6, 3] } },
			{ text: rich("upright: the budget of the question") },
		],
		table: {
			caption: "losses at the budget of the question",
			columns: [
				{ id: "params", name: rich("Parameters"), format: formatCount },
				{ id: "loss", name: rich("Loss"), format: formatLoss },
			],
			rows: SIZES.map(({ parameters, curve }) => {
				const loss = lossAtCompute(curve, BUDGET);
				return [parameters, Number.isFinite(loss) ? loss : null];
			}),
		},
		summary: `Loss against compute for ${NAMES.join(", ")}, with their envelope. At ${formatScientific(BUDGET)} FLOP ${NAMES[best.size]} are best.`,
		empty: "Nothing is drawn.",
	};
}
