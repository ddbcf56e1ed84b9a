import type { Point as Measurement } from "../../analysis/points/point.ts";
import type { Color, Figure, LegendItem, Mark, Point } from "../../figures/figure.ts";
import { formatLoss, formatScientific, plural } from "../../figures/format.ts";
import { formatAmount } from "../../figures/format-amount.ts";
import { italic, rich } from "../../figures/rich-text.ts";
import { groupBy } from "../../maths/group-by.ts";
import { logspace } from "../../maths/search.ts";
import { bestAllocation, type LossLaw, lossAt } from "../../theory/loss-law.ts";
import { linearAxis, logAxis } from "../drawing.ts";

const TRUTH = "truth";
const STEPS = 41;
/** Colors for sizes: more cannot be told apart. */
const SHADES = 12;

/**
 * Every measured loss against its compute, the color by size; the points of a run are joined.
 *
 * @param truth the law that they were drawn from, whose lowest loss at each compute is drawn too; null where there is none
 */
export function measuredLossesFigure(measured: readonly Measurement[], truth: LossLaw | null = null): Figure {
	const runs = [...groupBy(measured, ({ run, parameters }) => `${run} ${parameters}`).values()];
	const colorOf = shades(measured);
	const curves = runs.filter((run) => run.length > 1);
	const single = runs.filter((run) => run.length === 1).flat();
	const bySize = [...groupBy(single, ({ parameters }) => JSON.stringify(colorOf(parameters))).values()];
	return {
		name: "measured-losses",
		title: rich("Loss against compute"),
		x: logAxis(rich("Compute ", italic("C"), " (FLOP)"), "flops"),
		y: linearAxis("Loss (nats per token)"),
		marks: [
			...(truth && measured.length > 0 ? [truthLine(truth, measured)] : []),
			...curves.map((run): Mark => {
				const { parameters } = run[0]!;
				const points = [...run].sort((p, q) => p.flops - q.flops).map(pointOf);
				return {
					kind: "line",
					...{ color: colorOf(parameters), points, width: 1.25, runs: [run[0]!.run] },
					describe: ([C, L]) =>
						`${run[0]!.run}, ${formatAmount(parameters)} parameters: ${formatLoss(L)} at ${formatScientific(C)} FLOP`,
				};
			}),
			...bySize.map((points): Mark => dots(points, colorOf(points[0]!.parameters))),
		],
		legend: legendOf(measured, truth),
		table: {
			caption: plural(measured.length, "point"),
			columns: [
				{ id: "run", name: rich("Run") },
				{ id: "params", name: italicName("N"), format: formatAmount },
				{ id: "tokens", name: italicName("D"), format: formatAmount },
				{ id: "flops", name: rich(italic("C"), " (FLOP)"), format: formatScientific },
				{ id: "loss", name: rich("Loss"), format: formatLoss },
			],
			rows: measured.map(({ run, parameters, tokens, flops, loss }) => [rich(run), parameters, tokens, flops, loss]),
		},
		summary: `Loss against compute: ${plural(measured.length, "point")} of ${plural(runs.length, "run")}.`,
		empty: "No measurements yet.",
	};
}

const italicName = (symbol: string) => rich(italic(symbol));
const pointOf = ({ flops, loss }: Measurement): Point => [flops, loss];

function dots(points: readonly Measurement[], color: Color): Mark {
	return {
		kind: "dots",
		...{ color, shape: "circle" as const, points: points.map(pointOf), pointRuns: points.map(({ run }) => [run]) },
		describe: (i) => {
			const { run, parameters, tokens, flops, loss } = points[i]!;
			return `${run}, ${formatAmount(parameters)} parameters, ${formatAmount(tokens)} tokens, ${formatScientific(flops)} FLOP: ${formatLoss(loss)}`;
		},
	};
}

/** The color of a size, by its place between the smallest and the largest in ln N. */
function shades(measured: readonly Measurement[]): (parameters: number) => Color {
	const [least, most] = extent(measured.map(({ parameters }) => Math.log(parameters)));
	return (parameters) => {
		const share = most > least ? (Math.log(parameters) - least) / (most - least) : 0;
		return { size: Math.round(share * (SHADES - 1)), of: SHADES };
	};
}

function legendOf(measured: readonly Measurement[], truth: LossLaw | null): LegendItem[] {
	if (measured.length === 0) return [];
	const [least, most] = extent(measured.map(({ parameters }) => parameters));
	const size = (parameters: number, shade: number): LegendItem => ({
		text: rich(`${formatAmount(parameters)} parameters`),
		dot: { color: { size: shade, of: SHADES }, shape: "circle" },
	});
	return [
		size(least, 0),
		...(most > least ? [size(most, SHADES - 1)] : []),
		...(truth
			? [
					{
						text: rich("lowest loss by the truth"),
						series: TRUTH,
						line: { color: "ink" as const, width: 1.5, dash: [5, 4] },
					},
				]
			: []),
	];
}

function truthLine(truth: LossLaw, measured: readonly Measurement[]): Mark {
	const [from, to] = extent(measured.map(({ flops }) => flops));
	return {
		kind: "line",
		...{ color: "ink" as const, series: [TRUTH], width: 1.5, dash: [5, 4] },
		points: logspace(Math.log10(from), Math.log10(to), STEPS).map((C): Point => {
			const { parameters, tokens } = bestAllocation(truth, C);
			return [C, lossAt(truth, parameters, tokens)];
		}),
		describe: ([C, L]) => `truth: ${formatLoss(L)} at ${formatScientific(C)} FLOP`,
	};
}

function extent(values: readonly number[]): [number, number] {
	return values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [
		Number.POSITIVE_INFINITY,
		Number.NEGATIVE_INFINITY,
	] as [number, number]);
}
