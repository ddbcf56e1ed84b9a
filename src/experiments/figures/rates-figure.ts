import type { ChosenRate } from "../../analysis/method1/study-analysis.ts";
import type { Figure, LegendItem, Mark, Point } from "../../figures/figure.ts";
import { formatCount, formatLoss, formatRate } from "../../figures/format.ts";
import { PARAMETERS, rich } from "../../figures/rich-text.ts";
import { linearAxis, logAxis } from "../drawing.ts";

const BEST = "best";

/** The loss of each size against the learning rate, compared at the same number of tokens, with the lowest marked. */
export function ratesFigure(chosen: readonly ChosenRate[]): Figure {
	const sizes = [...sizesOf(chosen).values()];
	return {
		name: "rates",
		title: rich("Loss against learning rate, by size"),
		x: logAxis("Learning rate"),
		y: linearAxis("Training loss (nats per token)"),
		marks: sizes.flatMap(({ parameters, rates, best }, i): Mark[] => {
			const color = { size: i, of: sizes.length };
			const points = rates.map(({ learningRate, loss }): Point => [learningRate, loss]);
			const describe = (k: number) =>
				`${formatCount(parameters)} parameters, learning rate ${formatRate(points[k]![0])}: ${formatLoss(points[k]![1])}`;
			return [
				{ kind: "line", color, points, width: 1.75, label: rich(formatCount(parameters)) },
				{ kind: "dots", color, points, shape: "circle", describe },
				{ kind: "dots", color: "ink", series: [BEST], points: [[best.learningRate, best.loss]], shape: "diamond" },
			];
		}),
		legend: sizes.length > 0 ? LEGEND : [],
		table: {
			caption: "loss at each learning rate",
			columns: [
				{ id: "params", name: rich("Size ", PARAMETERS.total), format: formatCount },
				{ id: "learning_rate", name: rich("Learning rate"), format: formatRate },
				{ id: "loss", name: rich("Loss"), format: formatLoss },
			],
			rows: sizes.flatMap(({ parameters, rates }) =>
				rates.map(({ learningRate, loss }) => [parameters, learningRate, loss]),
			),
		},
		summary: [
			"Loss against learning rate.",
			...sizes.map(
				({ parameters, best }) => `${formatCount(parameters)} parameters: best at ${formatRate(best.learningRate)}.`,
			),
		].join(" "),
		empty: "The study tries one learning rate of each size, or its runs have not gone far enough to compare.",
	};
}

const LEGEND: readonly LegendItem[] = [
	{ text: rich("the lowest of its size"), series: BEST, dot: { color: "ink", shape: "diamond" } },
	{ text: rich("line labels: parameters in total. Seeds are averaged.") },
];

interface SizeRates {
	parameters: number;
	rates: { learningRate: number; loss: number }[];
	best: { learningRate: number; loss: number };
}

/** Sizes with two rates or more that can be compared, ascending. */
function sizesOf(chosen: readonly ChosenRate[]): Map<string, SizeRates> {
	const sizes = new Map<string, SizeRates>();
	for (const { size, recipe, parameters, rates } of chosen) {
		if (rates.length < 2) continue;
		const ascending = [...rates].sort((p, q) => p.learningRate - q.learningRate);
		const best = rates.reduce((p, q) => (q.loss < p.loss ? q : p));
		sizes.set(`${size}, ${recipe}`, { parameters: parameters.total, rates: ascending, best });
	}
	return sizes;
}
