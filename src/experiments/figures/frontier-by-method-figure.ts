import type { Reading } from "../../analysis/methods/fit-method.ts";
import type { Point as Measurement } from "../../analysis/points/point.ts";
import type { Color, Figure, LegendItem, LineMark, Mark, Point } from "../../figures/figure.ts";
import { formatEstimate, formatScientific } from "../../figures/format.ts";
import { formatAmount } from "../../figures/format-amount.ts";
import { italic, rich } from "../../figures/rich-text.ts";
import { extremes } from "../../maths/extremes.ts";
import { logspace } from "../../maths/search.ts";
import { bestAllocation, type LossLaw } from "../../theory/loss-law.ts";
import { logAxis } from "../drawing.ts";

/** How far beyond the measurements laws are drawn, as a factor of compute. */
const OVERHANG = 10;
const STEPS = 25;
/** More optima than this are the stairs of an envelope, and drawn as them. */
const MOST_DOTS = 40;
const TRUTH = "truth";
const DASHES: readonly (readonly number[] | undefined)[] = [undefined, [8, 4], [2, 3], [10, 3, 2, 3]];

/** What is best at each compute: the size N*, or the tokens D*. */
export type Optimum = "parameters" | "tokens";

const OPTIMA = {
	parameters: { id: "params", title: "Best model size", symbol: "N", unit: "parameters", law: sizeLaw },
	tokens: { id: "tokens", title: "Best number of tokens", symbol: "D", unit: "tokens", law: tokensLaw },
} as const;

/**
 * The best size, or the best number of tokens, against compute by every method: the optima that it found and the power law
 * through them, or the law that follows from its L(N, D).
 *
 * @param measured what was measured, for the range of compute
 * @param truth the law that the measurements were drawn from, in total parameters; null where there is none
 */
export function frontierByMethodFigure(
	readings: readonly Reading[],
	measured: readonly Pick<Measurement, "flops">[],
	truth: LossLaw | null = null,
	of: Optimum = "parameters",
): Figure {
	const { id, title, symbol, unit, law: lawOf } = OPTIMA[of];
	const drawn = readings.flatMap((reading, i) => {
		const law = lawOf(reading);
		return law ? [{ reading, law, style: styleOf(i) }] : [];
	});
	const { least, greatest } = extremes(measured.map(({ flops }) => flops));
	const computes = logspace(Math.log10(least), Math.log10(greatest * OVERHANG), STEPS);
	return {
		name: `${of}-by-method`,
		title: rich(`${title} against compute, by method`),
		x: logAxis(rich("Compute ", italic("C"), " (FLOP)"), "flops"),
		y: logAxis(rich(`${title} `, italic(symbol), `* (${unit})`)),
		marks: [
			...(truth && drawn.length > 0 ? [truthLine(truth, computes, of)] : []),
			...drawn.flatMap(({ reading, law, style }): Mark[] => [
				{
					kind: "line",
					...{ color: style.color, dash: style.dash, series: [reading.title], width: 1.5 },
					points: computes.map((C): Point => [C, law(C)]),
					describe: ([C, best]) => `${reading.title}: ${formatAmount(best)} ${unit} at ${formatScientific(C)} FLOP`,
				},
				...optimaMarks(reading, style.color, of),
			]),
		],
		legend: [
			...drawn.map(
				({ reading: { title }, style: { color, dash } }): LegendItem => ({
					...{ text: rich(title), series: title, line: { color, width: 2, dash } },
				}),
			),
			...(truth && drawn.length > 0
				? [{ text: rich("the truth"), series: TRUTH, line: { color: "quiet" as const, width: TRUTH_WIDTH } }]
				: []),
		],
		table: {
			caption: "optima of each method",
			columns: [
				{ id: "method", name: rich("Method") },
				{ id: "flops", name: rich("Compute ", italic("C"), " (FLOP)"), format: formatScientific },
				{ id, name: rich(`${title} `, italic(symbol), "*"), format: formatAmount },
			],
			rows: readings.flatMap((reading) => {
				const { x, y } = optimaOf(reading, of);
				return x.map((C, i) => [rich(reading.title), C, y[i]!]);
			}),
		},
		summary: [
			`${title} against compute, by method.`,
			...drawn.map(({ reading }) => `${reading.title}: slope ${formatEstimate(slopeOf(reading, of))}.`),
		].join(" "),
		empty: `No method has found a ${title.toLowerCase()} yet.`,
	};
}

const TRUTH_WIDTH = 5;

function slopeOf({ allocation, tokens }: Reading, of: Optimum): number {
	return of === "parameters" ? allocation.estimate! : tokens!.estimate!;
}

function truthLine(truth: LossLaw, computes: readonly number[], of: Optimum): LineMark {
	return {
		...{ kind: "line", color: "quiet", series: [TRUTH], width: TRUTH_WIDTH, opacity: 0.4 },
		points: computes.map((C): Point => [C, bestAllocation(truth, C)[of]]),
		describe: ([C, best]) => `truth: ${formatAmount(best)} ${OPTIMA[of].unit} at ${formatScientific(C)} FLOP`,
	};
}

/** Six colors, then again with other dashes. */
function styleOf(i: number): { color: Color; dash: readonly number[] | undefined } {
	return { color: { group: i }, dash: DASHES[Math.floor(i / 6) % DASHES.length] };
}

/** N* as a function of C; null where the method has none. */
export function sizeLaw({ allocation, law, predictions }: Reading): ((flops: number) => number) | null {
	const { estimate, parameters } = allocation;
	if (estimate === null) return null;
	const { kN } = parameters;
	if (law === null) return kN ? (flops) => kN.estimate * flops ** estimate : null;
	// For these laws N* is a power of C, so that one optimum and the exponent tell all others.
	const [at] = predictions;
	return at ? (flops) => at.parameters.estimate * (flops / at.flops) ** estimate : null;
}

/** D* as a function of C; null where the method has none. */
function tokensLaw({ tokens, predictions }: Reading): ((flops: number) => number) | null {
	const [at] = predictions;
	const exponent = tokens?.estimate ?? null;
	return at && exponent !== null ? (flops) => at.tokens.estimate * (flops / at.flops) ** exponent : null;
}

function optimaOf({ law, title, series }: Reading, of: Optimum): { x: readonly number[]; y: readonly number[] } {
	const optima = law === null ? series.find(({ name, y }) => name === title && y.quantity === of) : undefined;
	return { x: optima?.x.values ?? [], y: optima?.y.values ?? [] };
}

function optimaMarks(reading: Reading, color: Color, of: Optimum): Mark[] {
	const { x, y } = optimaOf(reading, of);
	if (x.length === 0) return [];
	const points = x.map((C, i): Point => [C, y[i]!]);
	if (points.length > MOST_DOTS)
		return [{ kind: "line", color, series: [reading.title], points, width: 1.5, opacity: 0.45 }];
	return [
		{
			kind: "dots",
			...{ color, series: [reading.title], points, shape: "circle" as const },
			describe: (i) =>
				`${reading.title}: ${formatAmount(y[i]!)} ${OPTIMA[of].unit} are best at ${formatScientific(x[i]!)} FLOP`,
		},
	];
}
