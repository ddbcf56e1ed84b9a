import type { SeedCurve } from "../../analysis/schedules/difference-curve.ts";
import type { Color, LegendItem } from "../../figures/figure.ts";
import { rich } from "../../figures/rich-text.ts";

/** A schedule as the figures of a comparison show it. */
export interface ScheduleView {
	readonly name: string;
	readonly color: Color;
	/** Learning rates of steps 1, 2, 3 …, the first at index 0. */
	readonly rates: ArrayLike<number>;
	readonly tokensPerStep: number;
	/** Loss curves by seed, as far as they have trained. */
	readonly curves: readonly SeedCurve[];
	/** Ids of its runs. */
	readonly runs: readonly string[];
	/** The loss that the law of annealing expects, nats per token; null where it is not known. */
	readonly expected: ExpectedCurve | null;
}

/** An expected loss curve. */
export interface ExpectedCurve {
	readonly tokens: readonly number[];
	readonly loss: readonly number[];
}

/** One color for each of eight cards, told apart with any color vision (Okabe & Ito 2008, and two more). */
const COLORS: readonly Color[] = [
	...Array.from({ length: 5 }, (_, group) => ({ group })),
	{ light: "#5b45b0", dark: "#b3a4f5" },
	{ light: "#5a6375", dark: "#a3abba" },
	{ light: "#1b2130", dark: "#e9ecf2" },
];

/** The color of a card by its number, which stays when others are removed. */
export function scheduleColor(id: number): Color {
	return COLORS[(id - 1) % COLORS.length]!;
}

/** Horizontal axes of a comparison show the pointer's position together. */
export const TOKENS_LINK = "anneal-tokens";

export function viewLegend(views: readonly ScheduleView[]): LegendItem[] {
	return views.map(({ name, color }) => ({ text: rich(name), series: name, line: { color, width: 3 } }));
}

/** Tokens of the whole run. */
export function tokensOf({ rates, tokensPerStep }: ScheduleView): number {
	return rates.length * tokensPerStep;
}

/** The mean of the curves of all seeds that have begun, at the tokens that they have in common. */
export function meanCurve(curves: readonly SeedCurve[]): ExpectedCurve {
	const begun = curves.filter(({ curve }) => curve.tokens.length > 0);
	const sums = new Map<number, { sum: number; count: number }>();
	for (const { curve } of begun)
		for (const [i, tokens] of curve.tokens.entries()) {
			const { sum = 0, count = 0 } = sums.get(tokens) ?? {};
			sums.set(tokens, { sum: sum + curve.loss[i]!, count: count + 1 });
		}
	const common = [...sums].filter(([, { count }]) => count === begun.length).sort(([p], [q]) => p - q);
	return { tokens: common.map(([tokens]) => tokens), loss: common.map(([, { sum, count }]) => sum / count) };
}
