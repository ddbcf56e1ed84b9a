import type { Exponent, Reading } from "../methods/fit-method.ts";
import type { Conventions } from "../points/conventions.ts";
import { toCsv } from "./csv.ts";
import { EXPONENTS, type ExponentName, exponentOf } from "./exponent-rows.ts";
import { remarksOf } from "./fit-notes.ts";

/** What every method made of one experiment's points. */
export interface ReadExperiment {
	/** Null where there is one only. */
	name: string | null;
	conventions: Conventions;
	readings: readonly Reading[];
}

/** a, b, and γ without and with an offset, as the columns of tables name them. */
const NAMES: Record<ExponentName, string> = {
	allocation: "a",
	tokens: "b",
	lossNoOffset: "gamma",
	lossWithOffset: "gamma_above_floor",
};

/**
 * One line per method and exponent of compute, and one per parameter of its law of N and D. A method without an estimate has one
 * line with the reason.
 */
export function readingsCsv(experiments: readonly ReadExperiment[]): string {
	return toCsv(
		[
			...["experiment", "count", "flops", "method", "parameter", "estimate", "low", "high", "level"],
			...["points", "runs", "resamples", "reason", "remarks"],
		],
		experiments.flatMap(({ name, conventions: { count, flops }, readings }) =>
			readings.flatMap((reading) =>
				parametersOf(reading).map(([parameter, { estimate, low, high }]) => {
					const { level, points, runs, resamples, reason } = reading.allocation;
					return [
						...[name, count, flops, reading.title, parameter, estimate, low, high, level],
						...[points.length, runs.length, resamples, reason, remarksOf(reading).join(" ")],
					];
				}),
			),
		),
	);
}

function parametersOf(reading: Reading): [name: string | null, value: Exponent][] {
	if (reading.allocation.estimate === null) return [[null, { estimate: null, low: null, high: null }]];
	const exponents = EXPONENTS.flatMap((name): [string, Exponent][] => {
		const exponent = exponentOf(reading, name);
		return exponent ? [[NAMES[name], exponent]] : [];
	});
	return [
		...exponents,
		...Object.entries(reading.law?.parameters ?? {}).map(([name, value]): [string, Exponent] => [`law ${name}`, value]),
	];
}
