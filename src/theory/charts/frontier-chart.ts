import type { Figure, LineMark, Mark, Point, RuleMark } from "../../figures/figure.ts";
import { formatCount, formatEstimate, formatScientific } from "../../figures/format.ts";
import { COMPUTE, italic, PARAMETERS, rich } from "../../figures/rich-text.ts";
import { plainTick } from "../../figures/ticks.ts";
import type { FrontierFigure } from "../figures.ts";
import {
	COLUMNS,
	endsOf,
	exponentText,
	flopsAxis,
	linePoints,
	NOTHING,
	parametersAxis,
	pointsOf,
	star,
} from "./drawing.ts";

const LIMIT = { color: "quiet", series: ["limits"], dash: [2, 4], width: 1 } as const;
const N = star(PARAMETERS.nonEmbedding);
const CURVE = { color: "nonEmbedding", width: 2.25 } as const;

const FRONTIER_FRAME = {
	name: "figure-3-frontier",
	title: rich("Best size, counted without embeddings"),
	x: flopsAxis("nonEmbedding"),
	y: parametersAxis("nonEmbedding"),
};

/** Figure 3, first half: N*_\E against C_\E by equation 19, with the slopes that it tends to at either end. */
export function frontierChart(data: FrontierFigure | null): Figure {
	if (!data) return { ...FRONTIER_FRAME, ...NOTHING };
	const { curve, limits } = data;
	const [from, to] = endsOf(curve.flops);
	const tangent = (slope: number, at: Point): Mark => ({
		kind: "line",
		...{ ...LIMIT, stretch: false },
		points: linePoints({ slope, intercept: Math.log(at[1]) - slope * Math.log(at[0]) }, from, to),
	});
	const [smallest, largest] = endsOf(curve.nonEmbedding);
	const [small, large] = [formatEstimate(limits.small), formatEstimate(limits.large)];
	return {
		...FRONTIER_FRAME,
		marks: [
			tangent(limits.small, [from, smallest]),
			tangent(limits.large, [to, largest]),
			{
				kind: "line",
				...{ ...CURVE, series: ["curve"], points: pointsOf(curve.flops, curve.nonEmbedding) },
				describe: ([flops, n]) => `at ${formatScientific(flops)} FLOP the best model has ${formatCount(n)} parameters`,
			},
		],
		legend: [
			{ text: rich(N, " by equation 19"), series: "curve", line: CURVE },
			{ text: rich(`slopes ${small} (smallest models) and ${large} (largest)`), series: "limits", line: LIMIT },
		],
		table: {
			caption: "points of the curve",
			columns: [COLUMNS.flops("nonEmbedding"), COLUMNS.best("nonEmbedding")],
			rows: curve.flops.map((flops, i) => [flops, curve.nonEmbedding[i]!]),
		},
		summary: `Best non-embedding size against compute: a curve that begins with slope ${small} and ends with slope ${large}.`,
		empty: "",
	};
}

const EXPONENT_FRAME = {
	name: "figure-3-exponent",
	title: rich("Its slope from place to place"),
	x: flopsAxis("nonEmbedding"),
	y: {
		...{
			label: rich("Local exponent ", italic("g"), " of ", N, " ∝ ", COMPUTE.nonEmbedding, { text: "g", style: "sup" }),
		},
		...{ scale: "linear" as const, tick: plainTick, pad: 0.12 },
	},
};

/** Figure 3, second half: the local exponent g (20) against C_\E, between its limits for small and for large models. */
export function exponentChart(data: FrontierFigure | null): Figure {
	if (!data) return { ...EXPONENT_FRAME, ...NOTHING };
	const { curve, limits } = data;
	const [from, to] = endsOf(curve.flops);
	const rule = (at: number): RuleMark => ({ kind: "rule", axis: "y", at, ...LIMIT });
	const note = (at: Point, text: string, shift: number): Mark => ({
		kind: "note",
		...{ color: "quiet", series: ["limits"], at, text: rich(text), shift },
	});
	const line: LineMark = {
		kind: "line",
		...{ ...CURVE, series: ["curve"], points: pointsOf(curve.flops, curve.g) },
		describe: ([flops, g]) => `at ${formatScientific(flops)} FLOP the exponent is ${exponentText(g)}`,
	};
	const highest = Math.max(...curve.g);
	return {
		...EXPONENT_FRAME,
		marks: [
			rule(limits.small),
			rule(limits.large),
			line,
			note([to, limits.small], `${exponentText(limits.small)}, smallest models`, -9),
			note([from, limits.large], `${exponentText(limits.large)}, largest models`, -9),
		],
		legend: [
			{ text: rich(italic("g"), " by equation 20"), series: "curve", line: CURVE },
			{
				text: rich(
					...["limits ", italic("β"), "/(", italic("αδ"), " + ", italic("β"), ") and "],
					...[italic("β"), "/(", italic("α"), " + ", italic("β"), ")"],
				),
				series: "limits",
				line: LIMIT,
			},
		],
		table: {
			caption: "points of the curve",
			columns: [COLUMNS.flops("nonEmbedding"), { id: "g", name: rich(italic("g")), format: exponentText }],
			rows: curve.flops.map((flops, i) => [flops, curve.g[i]!]),
		},
		summary:
			`The local exponent against compute: near ${exponentText(limits.small)} for the smallest models, ` +
			`at most ${exponentText(highest)}, and towards ${exponentText(limits.large)} for the largest.`,
		empty: "",
	};
}
