import type { Reading } from "../../analysis/methods/fit-method.ts";
import type { Color, Figure, LegendItem, LineMark, Mark, Point } from "../../figures/figure.ts";
import { formatEstimate, formatScientific } from "../../figures/format.ts";
import { formatAmount } from "../../figures/format-amount.ts";
import { italic, rich } from "../../figures/rich-text.ts";
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

/**
 * The best size against compute by every method: the optima that it found and the law N* = kN·C^a through them, or the law that
 * follows from its L(N, D).
 *
 * @param flops the least and the largest compute that was measured, FLOP
 * @param truth the law that the measurements were drawn from, in total parameters; null where there is none
 */
export function replayFrontierFigure(
	readings: readonly Reading[],
	flops: readonly [least: number, largest: number],
	truth: LossLaw | null = null,
): Figure {
	const drawn = readings.flatMap((reading, i) => {
		const law = sizeLaw(reading);
		return law ? [{ reading, law, style: styleOf(i) }] : [];
	});
	const computes = logspace(Math.log10(flops[0]), Math.log10(flops[1] * OVERHANG), STEPS);
	return {
		name: "replay-frontier",
		title: rich("Best model size against compute, by method"),
		x: logAxis(rich("Compute ", italic("C"), " (FLOP)"), "flops"),
		y: logAxis(rich("Best size ", italic("N"), "* (parameters)")),
		marks: [
			...(truth && drawn.length > 0 ? [truthLine(truth, computes)] : []),
			...drawn.flatMap(({ reading, law, style }): Mark[] => [
				{
					kind: "line",
					...{ color: style.color, dash: style.dash, series: [reading.title], width: 1.5 },
					points: computes.map((C): Point => [C, law(C)]),
					describe: ([C, N]) => `${reading.title}: ${formatAmount(N)} parameters at ${formatScientific(C)} FLOP`,
				},
				...optimaMarks(reading, style.color),
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
				{ id: "params", name: rich("Best size ", italic("N"), "*"), format: formatAmount },
			],
			rows: readings.flatMap((reading) => {
				const { x, y } = optimaOf(reading);
				return x.map((C, i) => [rich(reading.title), C, y[i]!]);
			}),
		},
		summary: [
			"Best model size against compute.",
			...drawn.map(({ reading }) => `${reading.title}: slope ${formatEstimate(reading.allocation.estimate!)}.`),
		].join(" "),
		empty: "No method has found a best size yet.",
	};
}

const TRUTH_WIDTH = 5;

function truthLine(truth: LossLaw, computes: readonly number[]): LineMark {
	return {
		...{ kind: "line", color: "quiet", series: [TRUTH], width: TRUTH_WIDTH, opacity: 0.4 },
		points: computes.map((C): Point => [C, bestAllocation(truth, C).parameters]),
		describe: ([C, N]) => `truth: ${formatAmount(N)} parameters at ${formatScientific(C)} FLOP`,
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

function optimaOf({ law, title, series }: Reading): { x: readonly number[]; y: readonly number[] } {
	const optima = law === null ? series.find(({ name }) => name === title) : undefined;
	return { x: optima?.x.values ?? [], y: optima?.y.values ?? [] };
}

function optimaMarks(reading: Reading, color: Color): Mark[] {
	const { x, y } = optimaOf(reading);
	if (x.length === 0) return [];
	const points = x.map((C, i): Point => [C, y[i]!]);
	if (points.length > MOST_DOTS)
		return [{ kind: "line", color, series: [reading.title], points, width: 1.5, opacity: 0.45 }];
	return [
		{
			kind: "dots",
			...{ color, series: [reading.title], points, shape: "circle" as const },
			describe: (i) =>
				`${reading.title}: ${formatAmount(y[i]!)} parameters are best at ${formatScientific(x[i]!)} FLOP`,
		},
	];
}
