import type { Valley } from "../../analysis/method2/method2.ts";
import type { Slice } from "../../analysis/points/iso-flop.ts";
import type { Color, LegendItem, Mark, Point } from "../../figures/figure.ts";
import { formatCount, formatLoss, formatScientific } from "../../figures/format.ts";
import { rich } from "../../figures/rich-text.ts";
import { fitParabola } from "../../maths/parabola.ts";
import { linspace } from "../../maths/search.ts";

/** Loss against parameters at each budget, the parabolas in ln N, and their minima. */
export function valleyMarks(slices: readonly Slice[], valleys: readonly Valley[]): Mark[] {
	return [...slices.flatMap((slice, i) => sliceMarks(slice, { size: i, of: slices.length })), ...minimaMarks(valleys)];
}

const MINIMA = "minima";

export const VALLEY_LEGEND: readonly LegendItem[] = [
	{ text: rich("minimum of the parabola"), series: MINIMA, dot: { color: "ink", shape: "diamond" } },
	{ text: rich("line labels: compute in FLOP") },
];

const STEPS = 40;

/** The sizes of a budget and the parabola through them. */
function sliceMarks({ flops, points }: Slice, color: Color): Mark[] {
	const logN = points.map(({ parameters }) => Math.log(parameters));
	const parabola = fitParabola(
		logN,
		points.map(({ loss }) => loss),
	);
	const budget = formatScientific(flops, 2);
	const line = parabola
		? linspace(logN[0]!, logN.at(-1)!, STEPS).map((at): Point => {
				return [Math.exp(at), parabola.y + parabola.curvature * (at - parabola.x) ** 2];
			})
		: [];
	return [
		{ kind: "line", color, points: line, width: 1.5, label: rich(budget) },
		{
			...{ kind: "dots", color, shape: "circle" },
			points: points.map(({ parameters, loss }): Point => [parameters, loss]),
			pointRuns: points.map(({ run }) => [run]),
			describe: (i: number) => {
				const { parameters, tokens, loss } = points[i]!;
				return `${budget} FLOP, ${formatCount(parameters)} parameters, ${formatCount(tokens)} tokens: ${formatLoss(loss)}`;
			},
		},
	];
}

function minimaMarks(valleys: readonly Valley[]): Mark[] {
	const found = valleys.flatMap(({ flops, parameters, loss }) =>
		parameters === null || loss === null ? [] : [{ flops, parameters, loss }],
	);
	if (found.length === 0) return [];
	const common = { color: "ink", series: [MINIMA] } as const;
	const points = found.map(({ parameters, loss }): Point => [parameters, loss]);
	return [
		{ kind: "line", ...common, points, width: 1, dash: [4, 4] },
		{
			...{ kind: "dots", ...common, points, shape: "diamond" },
			describe: (i: number) => {
				const { flops, parameters } = found[i]!;
				return `${formatCount(parameters)} parameters are best at ${formatScientific(flops)} FLOP`;
			},
		},
	];
}
