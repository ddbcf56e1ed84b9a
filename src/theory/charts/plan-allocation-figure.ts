import type { Figure, FigureTable, LineMark, Mark, Point } from "../../figures/figure.ts";
import { formatEstimate, formatScientific } from "../../figures/format.ts";
import { formatAmount } from "../../figures/format-amount.ts";
import { type RichText, rich } from "../../figures/rich-text.ts";
import { plainTick } from "../../figures/ticks.ts";
import { logspace } from "../../maths/search.ts";
import { beyondData, rangeText } from "../fitted-range.ts";
import { type Advice, type AllocationLaw, advise } from "../published-laws.ts";
import {
	BEST_LOSS,
	BEST_SIZE,
	BEST_TOKENS,
	COMPUTE_SYMBOL,
	countText,
	lawLegend,
	lawStyle,
	lineLabel,
	logAxis,
} from "./plan-law-style.ts";

/** What is drawn against compute: N*, D* or L*. */
export type Quantity = "parameters" | "tokens" | "loss";

interface QuantityText {
	readonly name: string;
	readonly title: RichText;
	readonly axis: RichText;
	readonly show: (value: number) => string;
	readonly said: string;
}

const loss4 = (value: number) => value.toFixed(4);

const QUANTITIES: Record<Quantity, QuantityText> = {
	parameters: {
		name: "plan-size",
		title: rich("Best model size against compute, by each law"),
		axis: rich("Best size ", BEST_SIZE, " (parameters)"),
		show: formatAmount,
		said: "parameters",
	},
	tokens: {
		name: "plan-tokens",
		title: rich("Best number of tokens against compute, by each law"),
		axis: rich("Best tokens ", BEST_TOKENS),
		show: formatAmount,
		said: "tokens",
	},
	loss: {
		name: "plan-loss",
		title: rich("Loss of the best model against compute, by each law"),
		axis: rich("Loss ", BEST_LOSS, " (nats per token)"),
		show: loss4,
		said: "nats per token",
	},
};

/** How far from the budget the laws are drawn: further below it, where the data they were fitted on are. */
const BELOW = 1e4;
const ABOVE = 1e2;
const STEPS = 61;
/** Width and opacity of the broad line where a law has data. */
const DATA = { width: 7, opacity: 0.28 } as const;

/** N*, D* or L* against C by laws, around a budget of `flops` FLOP that is marked, each in its own way of counting. */
export function allocationFigure(
	laws: readonly AllocationLaw[],
	flops: number,
	quantity: Quantity = "parameters",
): Figure {
	const { name, title, axis, show, said } = QUANTITIES[quantity];
	const drawn = laws.filter((law) => advise(law, flops)[quantity] !== null);
	const y = logAxis(axis, 0.08);
	return {
		name,
		title,
		x: logAxis(rich("Training compute ", COMPUTE_SYMBOL, " (FLOP), counted as each law counts"), 0.02),
		y: quantity === "loss" ? { ...y, tick: plainTick } : y,
		marks: [
			{ kind: "rule", axis: "x", at: flops, color: "quiet", width: 1, dash: [3, 3] },
			...drawn.flatMap((law) => marksOf(law, flops, quantity)),
		],
		legend: [
			...drawn.map(lawLegend),
			{
				text: rich(`dashed upright: this budget; broad: where a law was fitted${quantity === "loss" ? LOSS_NOTE : ""}`),
			},
		],
		table: tableOf(laws, flops),
		summary: [
			`At ${formatScientific(flops)} FLOP:`,
			drawn.map((law) => `${law.label} ${show(advise(law, flops)[quantity]!)}`).join(", "),
			`${said}.`,
		].join(" "),
		empty: "None of these laws gives this.",
	};
}

const LOSS_NOTE = "; each law is for its own text, so compare slopes rather than heights";

function marksOf(law: AllocationLaw, flops: number, quantity: Quantity): Mark[] {
	const { show, said } = QUANTITIES[quantity];
	const { color, dash } = lawStyle(law);
	const common = { color, series: [law.id] };
	const at = (budget: number) => advise(law, budget);
	const point = (advice: Advice, budget: number): Point => [budget, advice[quantity] ?? Number.NaN];
	const budgets = logspace(Math.log10(flops / BELOW), Math.log10(flops * ABOVE), STEPS);
	const covered = budgets.filter((budget) => isCovered(law, budget));
	const describe = ([budget, value]: Point) =>
		`${law.label}: ${show(value)} ${said} at ${formatScientific(budget)} FLOP`;
	const line: LineMark = {
		...{ kind: "line", ...common, width: law.id.startsWith("study") ? 2.5 : 1.75, dash, describe },
		points: budgets.map((budget) => point(at(budget), budget)),
		label: lineLabel(law),
	};
	return [
		...(covered.length > 1
			? [{ kind: "line" as const, ...common, ...DATA, points: covered.map((budget) => point(at(budget), budget)) }]
			: []),
		line,
		{
			...{ kind: "dots", ...common, shape: "circle", points: [point(at(flops), flops)] },
			describe: () => describe(point(at(flops), flops)),
		},
	];
}

function isCovered(law: AllocationLaw, flops: number): boolean {
	const { parameters } = advise(law, flops);
	return law.range !== null && beyondData(law.range, { flops, parameters }) === null;
}

function tableOf(laws: readonly AllocationLaw[], flops: number): FigureTable {
	return {
		caption: "what each law says at this budget",
		columns: [
			{ id: "law", name: rich("Law") },
			{ id: "counted", name: rich("Counts") },
			{ id: "params", name: BEST_SIZE, format: formatAmount },
			{ id: "tokens", name: BEST_TOKENS, format: formatAmount },
			{ id: "tokens_per_param", name: rich(BEST_TOKENS, " / ", BEST_SIZE), format: formatEstimate },
			{ id: "loss", name: BEST_LOSS, format: loss4 },
			{ id: "exponent", name: rich("Exponent ", [{ text: "a", style: "italic" }]), format: formatEstimate },
			{ id: "fitted_on", name: rich("Fitted on") },
			{ id: "budget", name: rich("Budget is") },
		],
		rows: laws.map((law) => {
			const { parameters, tokens, tokensPerParameter, loss, exponent } = advise(law, flops);
			const { range } = law;
			const beyond = range && beyondData(range, { flops, parameters });
			const text = (value: string | null) => (value === null ? null : rich(value));
			return [
				...[rich(law.label), countText(law.counting), parameters, tokens, tokensPerParameter, loss, exponent],
				...[text(range && rangeText(range, formatAmount)), text(range && `${beyond ?? "within"} its data`)],
			];
		}),
	};
}
