import { compareSchedules, type ScheduleComparison } from "../../../analysis/schedules/compare-schedules.ts";
import type { BudgetScheme } from "../../../experiments/anneal/budget-figure.ts";
import { ratesOf } from "../../../experiments/anneal/card-handles.ts";
import { cardNames, FAMILY_NAMES } from "../../../experiments/anneal/card-names.ts";
import { type Card, CONTEXT, stepsOf, trunkStepsOf } from "../../../experiments/anneal/comparison.ts";
import { expectedCurve } from "../../../experiments/anneal/expected-loss.ts";
import { type ScheduleView, scheduleColor } from "../../../experiments/anneal/schedule-view.ts";
import { formatCount } from "../../../figures/format.ts";
import type { AnnealState } from "./anneal-session.ts";
import { type CardRuns, cardKey, curvesOf } from "./planned-cards.ts";

/** A card with its name and what has been trained of it. */
export interface ShownCard {
	readonly card: Card;
	readonly name: string;
	readonly steps: number;
	/** Training steps of a fork's trunk; of another card its own. */
	readonly trunkSteps: number;
	readonly trained: CardRuns;
	readonly view: ScheduleView;
	/** What it shares with another card, in a sentence; empty if nothing. */
	readonly trunk: string;
	/** The final training loss that the law expected before it was trained, and the one it came to; null without either. */
	readonly forecast: { readonly expected: number; readonly trained: number } | null;
}

type Shown = Pick<AnnealState, "comparison" | "planned" | "progress" | "law" | "forecasts" | "beginnings">;

/** The cards of a comparison as the page shows them. */
export function shownCards({ comparison, planned, progress, law, forecasts, beginnings }: Shown): ShownCard[] {
	const names = cardNames(comparison);
	const tokensPerStep = comparison.batch * CONTEXT;
	return comparison.cards.map((card, i): ShownCard => {
		const steps = stepsOf(comparison, card);
		const trained = curvesOf(card, planned, progress);
		const trunkSteps = trunkStepsOf(comparison, card);
		const rates = ratesOf(card, steps, trunkSteps);
		const kept = forecasts.get(cardKey(comparison, card)) ?? null;
		const begun = trained.curves.some(({ curve }) => curve.tokens.length > 0);
		const expected = kept ?? (begun ? null : expectedCurve(law, rates, tokensPerStep));
		const view: ScheduleView = {
			...{ name: names[i]!, color: scheduleColor(card.id), rates, tokensPerStep, expected },
			...{ curves: trained.curves, runs: trained.runs.map(({ id }) => id) },
		};
		const end = trained.isDone ? endOf(view) : null;
		return {
			...{ card, name: names[i]!, steps, trunkSteps, trained, view },
			trunk: trunkText(card, trained, { planned, beginnings }, names),
			forecast: kept && end !== null ? { expected: kept.loss.at(-1)!, trained: end } : null,
		};
	});
}

/** The mean over the seeds of the last point of each training curve, which is the mean of the run's last steps. */
function endOf({ curves }: ScheduleView): number | null {
	const ends = curves.flatMap(({ curve }) => curve.loss.slice(-1));
	return ends.length > 0 ? ends.reduce((sum, loss) => sum + loss, 0) / ends.length : null;
}

function trunkText(
	card: Card,
	{ runs }: CardRuns,
	{ planned, beginnings }: Pick<AnnealState, "planned" | "beginnings">,
	names: readonly string[],
): string {
	const branch = runs[0]?.branch;
	const at = branch ? (planned?.plan.arms.findIndex(({ runIds }) => runIds.includes(branch.parent)) ?? -1) : -1;
	if (!branch || at < 0)
		return card.tail && runs.length > 0 ? "No schedule here is its trunk: all its steps are its own." : "";
	const shared = `Shares the first ${formatWhole(branch.step)} of ${formatWhole(runs[0]!.spec.steps)} steps with ${names[at]}`;
	const found = new Set(runs.map(({ id }) => beginnings.get(id)));
	if (found.has("again"))
		return `${shared}, which is trained and kept no checkpoint there: they train again, to the same bits.`;
	if (found.has("kept"))
		return `${shared}, which has trained them: only the other ${formatWhole(runs[0]!.spec.steps - branch.step)} train.`;
	return found.has("trunk") ? `${shared}, which trains them once.` : `${shared}, bit for bit.`;
}

const formatWhole = (value: number) => value.toLocaleString("en-US");

/** The families that are trained to several budgets; none where every card has the same. */
export function budgetSchemes(cards: readonly ShownCard[]): BudgetScheme[] {
	if (new Set(cards.map(({ steps }) => steps)).size < 2) return [];
	const whole = cards.filter(({ card }) => !card.tail);
	return grouped(whole, ({ card: { family, peak } }) => `${family} ${peak}`)
		.filter((own) => new Set(own.map(({ steps }) => steps)).size > 1)
		.map((own) => ({
			name: FAMILY_NAMES[own[0]!.card.family],
			color: own[0]!.view.color,
			budgets: own.map(({ steps, view, trained: { runs, results } }) => ({
				...{ tokens: steps * view.tokensPerStep, runs, results },
			})),
		}));
}

/** The ranking of the cards of one budget. */
export interface Ranking {
	/** Training tokens. */
	readonly tokens: number;
	readonly title: string;
	readonly comparison: ScheduleComparison;
}

/** A ranking for each budget, the largest first; where the reference has another budget, the first card stands for it. */
export function rankingsOf(cards: readonly ShownCard[], reference: number, level?: number): Ranking[] {
	const groups = grouped(cards, ({ steps }) => steps).sort(([a], [b]) => b!.steps - a!.steps);
	return groups.map((own) => {
		const base = own.find(({ card }) => card.id === reference) ?? own[0]!;
		const tokens = base.steps * base.view.tokensPerStep;
		return {
			...{ tokens, title: `${formatCount(tokens)} tokens` },
			comparison: compareSchedules(
				own.map(({ name, trained }) => ({ name, runs: trained.results })),
				base.name,
				level,
			),
		};
	});
}

/** Cards with the same key together, in the order in which the keys first appear. */
function grouped(cards: readonly ShownCard[], keyOf: (card: ShownCard) => string | number): ShownCard[][] {
	const keys = [...new Set(cards.map(keyOf))];
	return keys.map((key) => cards.filter((card) => keyOf(card) === key));
}
