import type { Fit } from "../../analysis/fitting/fit.ts";
import type { Convention } from "../../architecture/flops.ts";
import type { FigureAxis, LegendItem, Mark, RuleMark } from "../../figures/figure.ts";
import { formatEstimate } from "../../figures/format.ts";
import { italic, PARAMETERS, rich } from "../../figures/rich-text.ts";
import type { WaterfallStep } from "../../figures/waterfall.ts";
import { intervalText, linearAxis, measuredMarks } from "../drawing.ts";
import type { Interval } from "../statistics/cells.ts";
import { exponentOf } from "../statistics/exponents.ts";
import { CONVENTION_ORDER, CONVENTIONS } from "./conventions.ts";

/** The vertical axis of figures that compare exponents. */
export const EXPONENT_AXIS: FigureAxis = linearAxis(
	rich("Exponent ", italic("a"), " of ", italic("N"), "* ∝ ", italic("C"), { text: "a", style: "sup" }),
);

/** An exponent at its place along the horizontal axis. */
export interface PlacedExponent {
	readonly x: number;
	readonly name: string;
	readonly fit: Fit;
	readonly runs: readonly string[];
}

/** The exponents in one convention as dots with their intervals; those without an estimate are left out. */
export function exponentMarks(placed: readonly PlacedExponent[], convention: Convention): Mark[] {
	const known = placed.flatMap(({ x, name, fit, runs }) => {
		const exponent = exponentOf(fit);
		return exponent ? [{ ...exponent, x, name, runs }] : [];
	});
	const { phrase } = CONVENTIONS[convention];
	return measuredMarks(known, {
		...{ color: convention, series: convention, line: false },
		describe: (i) => `${known[i]!.name}: ${intervalText(known[i]!)} ${phrase}`,
	});
}

/** An exponent as a step of a waterfall; one without an estimate leaves its place empty. */
export function exponentStep(name: string, exponent: Interval | null, runs: readonly string[]): WaterfallStep {
	const { estimate = null, low = null, high = null } = exponent ?? {};
	return {
		value: estimate,
		interval: low === null || high === null ? null : [low, high],
		text: estimate === null ? "" : formatEstimate(estimate),
		description: exponent ? `${name}: ${intervalText(exponent)}` : "",
		runs,
	};
}

/** The published exponents as lines across. */
export function publishedRules(): RuleMark[] {
	return CONVENTION_ORDER.map((convention) => ({
		...{ kind: "rule", axis: "y", color: convention, series: [PUBLISHED, convention], width: 1, dash: [2, 4] },
		at: CONVENTIONS[convention].reference,
	}));
}

const PUBLISHED = "published";

/** What the dots stand for, and with `published` the lines across. */
export function exponentLegend({ published = false } = {}): LegendItem[] {
	const sources = CONVENTION_ORDER.map(
		(each) => `${CONVENTIONS[each].source} ${CONVENTIONS[each].reference.toFixed(2)}`,
	);
	return [
		...CONVENTION_ORDER.map((convention): LegendItem => {
			const text = rich(`${CONVENTIONS[convention].label} (`, PARAMETERS[convention], ")");
			return { text, series: convention, dot: { color: convention, shape: "circle" } };
		}),
		...(published
			? [
					{
						text: rich(sources.join(", ")),
						series: PUBLISHED,
						line: { color: "quiet" as const, width: 1, dash: [2, 4] },
					},
				]
			: []),
	];
}
