import type { Reading } from "../../analysis/methods/fit-method.ts";
import type { Figure, LegendItem, Mark, Point } from "../../figures/figure.ts";
import { formatAmount } from "../../figures/format-amount.ts";
import { italic, rich } from "../../figures/rich-text.ts";
import { linearAxis, logAxis } from "../drawing.ts";

/** How far each law of N and D is off at every point it is fitted to: ln L̂ − ln L, about the relative error of its loss. */
export function residualsFigure(readings: readonly Reading[]): Figure {
	const laws = readings.flatMap(({ title, series }) => {
		const found = series.find(({ y }) => y.quantity === "residual");
		return found ? [{ title, sizes: found.x.values, residuals: found.y.values }] : [];
	});
	return {
		name: "residuals",
		title: rich("How far each law is off"),
		x: logAxis(rich("Parameters ", italic("N"))),
		y: {
			...linearAxis("Predicted over measured loss, minus 1"),
			tick: (value) => `${Number((100 * value).toPrecision(3))} %`,
		},
		marks:
			laws.length === 0
				? []
				: [
						{ kind: "rule", axis: "y", at: 0, color: "quiet", width: 1 },
						...laws.map(({ title, sizes, residuals }, i): Mark => {
							const points = sizes.map((N, k): Point => [N, Math.expm1(residuals[k]!)]);
							return {
								kind: "dots",
								...{ color: { group: i }, series: [title], shape: "circle", points },
								describe: (k) => `${title}: ${formatShare(points[k]![1])} at ${formatAmount(points[k]![0])} parameters`,
							};
						}),
					],
		legend: laws.map(
			({ title }, i): LegendItem => ({
				...{ text: rich(title), series: title, dot: { color: { group: i }, shape: "circle" } },
			}),
		),
		table: {
			caption: "residuals of each law",
			columns: [
				{ id: "law", name: rich("Law") },
				{ id: "params", name: rich(italic("N")), format: formatAmount },
				{ id: "residual", name: rich("ln L̂ − ln L"), format: (value) => value.toFixed(4) },
			],
			rows: laws.flatMap(({ title, sizes, residuals }) => sizes.map((N, k) => [rich(title), N, residuals[k]!])),
		},
		summary: [
			"Relative error of each law of N and D at the points it is fitted to.",
			...laws.map(({ title, residuals }) => `${title}: ${formatShare(rootMeanSquare(residuals))} typically.`),
		].join(" "),
		empty: "No law of N and D is determined yet.",
	};
}

function formatShare(share: number): string {
	return `${(100 * share).toFixed(2)} %`;
}

function rootMeanSquare(values: readonly number[]): number {
	return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
