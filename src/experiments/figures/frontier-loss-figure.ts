import type { Fit } from "../../analysis/fitting/fit.ts";
import type { ScalingLawFits } from "../../analysis/power-laws/scaling-law-fits.ts";
import type { Color, Figure, LegendItem, Mark, Point } from "../../figures/figure.ts";
import { formatEstimate, formatLoss, formatScientific } from "../../figures/format.ts";
import { italic, rich } from "../../figures/rich-text.ts";
import { extremes } from "../../maths/extremes.ts";
import { logspace } from "../../maths/search.ts";
import { linearAxis, logAxis } from "../drawing.ts";

/** How far beyond its points a law is drawn, as a factor of compute. */
const OVERHANG = 4;
const STEPS = 41;

/** The two forms of L*(C). */
const FORMS = [
	{ law: "lossNoOffset", name: "Kaplan's form, k·C^−γ", color: { group: 0 } as Color, dash: undefined },
	{ law: "lossWithOffset", name: "above a floor, E + k·C^−γ", color: { group: 1 } as Color, dash: [8, 4] },
] as const;

/** The lowest loss at each compute, and both laws fitted to it: Kaplan et al. 2020's, and one with an irreducible loss. */
export function frontierLossFigure(laws: Pick<ScalingLawFits, (typeof FORMS)[number]["law"]> | null): Figure {
	const points = laws?.lossNoOffset.points ?? [];
	const known = FORMS.flatMap((form) => {
		const curve = laws && lossLaw(laws[form.law]);
		return curve ? [{ ...form, curve, exponent: laws[form.law].estimate! }] : [];
	});
	return {
		name: "frontier-loss",
		title: rich("Lowest loss against compute"),
		x: logAxis(rich("Compute ", italic("C"), " (FLOP)"), "flops"),
		y: linearAxis("Lowest loss L* (nats per token)"),
		marks: [
			...(points.length > 0 ? known.map((form) => lineOf(form, points)) : []),
			...(points.length > 0 ? [dotsOf(points)] : []),
		],
		legend: known.map(
			({ name, color, dash, exponent }): LegendItem => ({
				text: rich(`${name}: γ = ${formatEstimate(exponent)}`),
				...{ series: name, line: { color, width: 2, dash } },
			}),
		),
		table: {
			caption: "points on the frontier",
			columns: [
				{ id: "flops", name: rich("Compute ", italic("C"), " (FLOP)"), format: formatScientific },
				{ id: "loss", name: rich("Lowest loss ", italic("L"), "*"), format: formatLoss },
			],
			rows: points.map(({ x, y }) => [x, y]),
		},
		summary: [
			"Lowest loss against compute.",
			...known.map(({ name, exponent }) => `${name}: γ = ${formatEstimate(exponent)}.`),
		].join(" "),
		empty: "No point of the frontier is known yet.",
	};
}

/** L*(C) by a fitted law; null without one. */
function lossLaw({ estimate, parameters: { E, k, γ } }: Fit): ((flops: number) => number) | null {
	if (estimate === null || !k || !γ) return null;
	return (flops) => (E?.estimate ?? 0) + k.estimate * flops ** -γ.estimate;
}

interface DrawnForm {
	name: string;
	color: Color;
	dash: readonly number[] | undefined;
	curve: (flops: number) => number;
}

function lineOf({ name, color, dash, curve }: DrawnForm, points: Fit["points"]): Mark {
	const { least, greatest } = extremes(points.map(({ x }) => x));
	return {
		kind: "line",
		...{ color, dash, series: [name], width: 2 },
		points: logspace(Math.log10(least), Math.log10(greatest * OVERHANG), STEPS).map((C): Point => [C, curve(C)]),
		describe: ([C, L]) => `${name}: ${formatLoss(L)} at ${formatScientific(C)} FLOP`,
	};
}

function dotsOf(points: Fit["points"]): Mark {
	return {
		kind: "dots",
		...{ color: "ink", shape: "circle" },
		points: points.map(({ x, y }): Point => [x, y]),
		pointRuns: points.map(({ runs }) => runs),
		describe: (i) => `lowest loss ${formatLoss(points[i]!.y)} at ${formatScientific(points[i]!.x)} FLOP`,
	};
}
