import type { Fit } from "../fitting/fit.ts";
import type { ScalingLawFits } from "../power-laws/scaling-law-fits.ts";
import type { Reading, Series } from "./fit-method.ts";

/** What a method's laws of N*, D* and L* say; the optima that the laws go through are its first series. */
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
