import { linearAxis } from "../experiments/drawing.ts";
import type { Color, Figure, Mark, Point } from "../figures/figure.ts";
import { formatCount, formatLoss } from "../figures/format.ts";
import { italic, rich } from "../figures/rich-text.ts";
import { mean } from "../maths/least-squares.ts";
import { studentQuantile } from "../maths/student.ts";
import { GUESS_LEGEND, guessRule, solid } from "./drawing.ts";
import type { Lesson } from "./lesson.ts";
import { MEASURED } from "./measured.ts";
import { byDifference, sentences } from "./verdict.ts";

const { tokens, schedules, parameters } = MEASURED.annealing;
const NAMES: Record<string, { name: string; color: Color }> = {
	constant: { name: "constant rate", color: { group: 0 } },
	wsd: { name: "falls in the last fifth", color: { group: 1 } },
	cosine: { name: "falls all along (cosine)", color: { group: 2 } },
};
/** What the figure leaves out at the left, where all curves are one. */
const FROM = 100_000;

const lossesOf = (kind: string) => schedules.find((schedule) => schedule.kind === kind)!.losses;
const ends = (kind: string) => lossesOf(kind).map((losses) => losses.at(-1)!);

/** By how much a schedule ends below the constant rate, paired by seed, with a 90 % interval (Student's t), nats per token. */
export function gainOf(kind: string): { mean: number; low: number; high: number } {
	const constant = ends("constant");
	const gains = ends(kind).map((loss, i) => constant[i]! - loss);
	const center = mean(gains);
	const deviation = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - center) ** 2, 0) / (gains.length - 1));
	const half = (studentQuantile(0.95, gains.length - 1) * deviation) / Math.sqrt(gains.length);
	return { mean: center, low: center - half, high: center + half };
}

const range = ({ mean, low, high }: ReturnType<typeof gainOf>) =>
	`${mean.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}) nats`;

export const annealing: Lesson = {
	id: "annealing",
	title: "Annealing",
	text: [
		"Each step of training moves the weights against a gradient that comes from a few sequences only, so it is noisy. With a learning rate $\\eta$ the weights do not settle at the floor of the loss; they keep shaking around it, the more widely the larger the rate:",
		"$$L \\approx L_{\\text{floor}}(\\text{progress}) + c\\,\\eta.$$",
		"That makes the rate a matter of two minds. A large one covers ground quickly but shakes; a small one is calm and slow. Annealing has both, one after the other: travel at a large rate, then lower it, so that the shaking dies down and the loss drops to the floor that has been reached.",
		"A cosine falls all along, and must know its end beforehand. Warmup–stable–decay keeps the rate constant and lowers it only in a last part, which can begin at any time. From one long constant run, decays may branch off at several budgets.",
		`Here a model of ${formatCount(parameters)} parameters reads ${formatCount(tokens.at(-1)!)} tokens, three times over with different seeds. At a constant rate its validation loss ends at ${mean(ends("constant")).toFixed(2)}.`,
	],
	sources: [
		{ text: "Hägele et al. 2024, beyond fixed durations", url: "https://arxiv.org/abs/2405.18392" },
		{ text: "Hu et al. 2024, MiniCPM (warmup–stable–decay)", url: "https://arxiv.org/abs/2404.06395" },
		{ text: "Tissue et al. 2024, scaling law with annealing", url: "https://arxiv.org/abs/2408.11029" },
	],
	question: {
		kind: "number",
		text: "The same again, but over the last fifth of the tokens the rate falls to zero. By how much does the loss end lower?",
		label: "Nats per token gained",
		...{ min: 0, max: 0.8, step: 0.01, start: 0.4, scale: "linear", format: (value) => `${value.toFixed(2)} nats` },
	},
	chance: null,
	answer: (guess) => {
		const gain = gainOf("wsd");
		return {
			figure: figureOf(guess),
			verdict: sentences(
				`The decay ends ${range(gain)} lower.`,
				byDifference(guess, gain.mean, { range: 0.8, format: (value) => `${value.toFixed(2)} nats` }),
				`The cosine, ${range(gainOf("cosine"))}. In parentheses 90 % intervals over the seeds.`,
			),
		};
	},
	explanation: [
		"Up to the last fifth, the constant run and the one with a decay are the same, to the bit. Had you compared schedules there, the cosine would have looked better than both. The loss of a run that has not been annealed says little about what the run is worth.",
		"Hoffmann et al. trained with a cosine for every budget, Kaplan et al. mostly looked at runs before their end, and for some time this passed for the reason why their exponents differ. Counting matters more (lesson 4), but a study that mixes annealed and other losses compares unlike things.",
	],
	practice: {
		preset: "schemes",
		task: "Compares five schemes of choosing and lowering the rate over four sizes. Do the exponents change with the scheme?",
	},
};

function figureOf(guess: number | null): Figure {
	const shown = tokens.map((at, i) => ({ at, i })).filter(({ at }) => at >= FROM);
	const end = tokens.at(-1)!;
	const decay = 0.8 * end;
	const means = schedules.map(({ kind, losses }) => {
		return { kind, points: shown.map(({ at, i }): Point => [at, mean(losses.map((seed) => seed[i]!))]) };
	});
	const highest = Math.max(...means.map(({ points }) => points[0]![1]));
	const guessed = guess === null ? null : mean(ends("constant")) - guess;
	const marks: Mark[] = [
		{ kind: "rule", color: "quiet", axis: "x", at: decay, width: 1, dash: [3, 3] },
		{ kind: "note", color: "quiet", at: [decay, highest], text: rich("decay begins"), shift: 4 },
		...guessRule("y", guessed, guessed === null ? null : [FROM, guessed]),
		...means.map(({ kind, points }) => {
			const { name, color } = NAMES[kind]!;
			return solid(points, color, {
				series: kind,
				describe: ([at, loss]) =>
					`${name}: loss ${formatLoss(loss)} after ${formatCount(at)} tokens, mean of three seeds`,
			});
		}),
		...schedules.map(
			({ kind, losses }): Mark => ({
				...{ kind: "dots", color: NAMES[kind]!.color, shape: "circle", series: [kind] },
				points: losses.map((seed): Point => [end, seed.at(-1)!]),
				describe: (i: number) => `${NAMES[kind]!.name}, seed ${i + 1}: ends at ${formatLoss(losses[i]!.at(-1)!)}`,
			}),
		),
	];
	return {
		name: "lesson-annealing",
		title: rich("Validation loss under three schedules"),
		x: {
			...linearAxis(rich("Training tokens ", italic("D"))),
			tick: formatCount,
		},
		y: linearAxis("Validation loss (nats per token)"),
		marks,
		legend: [
			...schedules.map(({ kind }) => ({
				...{ text: rich(NAMES[kind]!.name), series: kind },
				line: { color: NAMES[kind]!.color, width: 3 },
			})),
			...(guess === null ? [] : [GUESS_LEGEND]),
			{ text: rich("lines: mean of three seeds; dots: the end of each") },
		],
		table: {
			caption: "final losses",
			columns: [
				{ id: "schedule", name: rich("Schedule") },
				...[1, 2, 3].map((seed) => ({ id: `seed_${seed}`, name: rich(`Seed ${seed}`), format: formatLoss })),
				{ id: "mean", name: rich("Mean"), format: formatLoss },
			],
			rows: schedules.map(({ kind }) => [rich(NAMES[kind]!.name), ...ends(kind), mean(ends(kind))]),
		},
		summary: `Validation loss against tokens. ${schedules.map(({ kind }) => `${NAMES[kind]!.name}: ends at ${formatLoss(mean(ends(kind)))}`).join("; ")}.`,
		empty: "Nothing is drawn.",
	};
}
