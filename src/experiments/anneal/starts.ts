import { sizesOfWidths } from "../definitions/common.ts";
import type { Card, Comparison, Family } from "./comparison.ts";

/** A comparison to begin with. */
export interface Start {
	readonly id: string;
	readonly title: string;
	/** What it shows, in a sentence. */
	readonly text: string;
	/** Its schedules, on the model and the text there are. */
	cards(comparison: Comparison): Card[];
}

const BASE: Omit<Card, "id" | "family"> = {
	...{ peak: 0.003, warmupSteps: 50, decayStart: 0.8, floor: 0, tokens: null },
	points: [
		[0, 1],
		[0.5, 1],
		[1, 0],
	],
};

function cardsOf(...changes: ({ family: Family } & Partial<Card>)[]): Card[] {
	return changes.map((change, i) => ({ ...BASE, ...change, id: i + 1 }));
}

/** The share of a run in which a trunk's decays fall. */
const DECAY = 0.2;

export const STARTS: readonly Start[] = [
	{
		id: "anneal",
		title: "Does annealing pay?",
		text: "A constant rate, a cosine, and a constant rate that falls at the end.",
		cards: () => cardsOf({ family: "constant" }, { family: "cosine", floor: 0.1 }, { family: "wsd-1-sqrt" }),
	},
	{
		id: "decays",
		title: "Which decay?",
		text: "Linear and 1−√ decays of one trunk: the trunk is trained once.",
		cards: () =>
			cardsOf(
				{ family: "constant" },
				{ family: "wsd-linear" },
				{ family: "wsd-1-sqrt" },
				{ family: "wsd-linear", decayStart: 0.5 },
			),
	},
	{
		id: "floor",
		title: "How far down?",
		text: "A cosine to 0 and to 10 % of its peak (Hoffmann et al. 2022), and a line to 0.",
		cards: () => cardsOf({ family: "cosine", floor: 0 }, { family: "cosine", floor: 0.1 }, { family: "linear" }),
	},
	{
		id: "classics",
		title: "All families",
		text: "Constant, inverse square root, cosine, linear and WSD, all from one peak.",
		cards: () =>
			cardsOf(
				{ family: "constant" },
				{ family: "inverse-sqrt" },
				{ family: "cosine" },
				{ family: "linear" },
				{ family: "wsd-1-sqrt" },
			),
	},
	{
		id: "budgets",
		title: "Several budgets",
		text: "One constant trunk with a decay at each of three budgets, against a cosine for each (Hägele et al. 2024).",
		cards: ({ tokens }) => {
			const budgets = [tokens / 4, tokens / 2].map(Math.round);
			const each = (card: { family: Family } & Partial<Card>) =>
				[...budgets, null].map((own) => ({ ...card, tokens: own }));
			return cardsOf(
				{ family: "constant" },
				...each({ family: "wsd-1-sqrt", decayStart: 1 - DECAY }),
				...each({ family: "cosine" }),
			);
		},
	},
];

/** About half a minute of a laptop GPU: nine runs of 66 thousand parameters on a million tokens. */
export const FIRST: Comparison = withStart(
	{
		size: sizesOfWidths([32])[0]!,
		...{ corpus: "sotu", vocabulary: 512, tokens: 1_000_000, batch: 16, seeds: 3, average: true, cards: [] },
	},
	STARTS[0]!,
);

/** The same model, text and seeds with the schedules of a start. */
export function withStart(comparison: Comparison, start: Start): Comparison {
	return { ...comparison, cards: start.cards(comparison) };
}
