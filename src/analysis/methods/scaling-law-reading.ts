import type { Fit } from "../fitting/fit.ts";
import type { ScalingLawFits } from "../power-laws/scaling-law-fits.ts";
import type { Reading, Series } from "./fit-method.ts";

/** The reading of a method's laws of N*, D* and L*. The first series holds the optima they are fitted to. */
export function scalingLawReading(
	title: string,
	{ allocation, tokens, lossNoOffset, lossWithOffset, predictions = [] }: ScalingLawFits,
	notes: { title: string; fits: readonly Fit[]; series?: readonly Series[] },
): Reading {
	const optima: Series = {
		name: title,
		kind: "points",
		x: { quantity: "flops", values: allocation.points.map(({ x }) => x) },
		y: { quantity: "parameters", values: allocation.points.map(({ y }) => y) },
	};
	return {
		...{ title, allocation, tokens, lossNoOffset, lossWithOffset, predictions },
		law: null,
		notes: { title: notes.title, fits: notes.fits },
		series: [optima, ...(notes.series ?? [])],
	};
}
