import type { Fit } from "../fitting/fit.ts";
import type { ScalingLawFits } from "../power-laws/scaling-law-fits.ts";
import type { Reading, Series } from "./fit-method.ts";

/** The reading of a method's laws of N*, D* and L*. The first two series hold the optima they are fitted to. */
export function scalingLawReading(
	title: string,
	{ allocation, tokens, lossNoOffset, lossWithOffset, predictions = [] }: ScalingLawFits,
	notes: { title: string; fits: readonly Fit[]; series?: readonly Series[] },
): Reading {
	const optima = (quantity: "parameters" | "tokens", { points }: Fit): Series => ({
		name: title,
		kind: "points",
		x: { quantity: "flops", values: points.map(({ x }) => x) },
		y: { quantity, values: points.map(({ y }) => y) },
	});
	return {
		...{ title, allocation, tokens, lossNoOffset, lossWithOffset, predictions },
		law: null,
		notes: { title: notes.title, fits: notes.fits },
		series: [optima("parameters", allocation), optima("tokens", tokens), ...(notes.series ?? [])],
	};
}
