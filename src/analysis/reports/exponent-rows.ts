import { allocationExponent, type LossLaw, lossExponent } from "../../theory/loss-law.ts";
import type { Exponent, Reading } from "../methods/fit-method.ts";
import { remarksOf } from "./fit-notes.ts";

/** The exponents that methods are compared by. */
export const EXPONENTS = ["allocation", "tokens", "lossNoOffset", "lossWithOffset"] as const;
export type ExponentName = (typeof EXPONENTS)[number];

/** The rows that points of new text get whose sizes have one recipe each, in order. */
export const METHOD_TITLES: readonly string[] = [
	...["Method 1, crossings", "Method 1, whole envelope", "Method 1, convex hull"],
	...["Method 2, parabola", "Method 2, Akima", "Method 2, noise-and-interpolate"],
	...["Method 3", "Kaplan", "Rosenfeld"],
];

/** One exponent by one method. */
export interface ExponentCell extends Exponent {
	/** The exponent that the measurements were drawn from; null where it is not known. */
	truth: number | null;
	/** Whether the interval holds the truth; null without one of them. */
	holds: boolean | null;
}

/** One method: a row of the table of exponents. */
export interface ExponentRow {
	title: string;
	/** Null where the method has no such exponent. */
	cells: Record<ExponentName, ExponentCell | null>;
	/** Why there is no estimate. */
	reason: string | null;
	/** Points that its law is fitted to. */
	points: number;
	/** What there is to know about its fits. */
	remarks: string[];
}

/**
 * The true exponents of a loss law under C = 6·N·D (Hoffmann et al. 2022, equation 4). L* itself, with its offset E, follows no
 * power law.
 */
export function trueExponents(law: LossLaw): Record<ExponentName, number | null> {
	const a = allocationExponent(law);
	return { allocation: a, tokens: 1 - a, lossNoOffset: null, lossWithOffset: lossExponent(law) };
}

/** The table of exponents by method, as `isoflop fit` prints it. @param truth the law that the points were drawn from, or null */
export function exponentRows(readings: readonly Reading[], truth: LossLaw | null = null): ExponentRow[] {
	const exact = truth && trueExponents(truth);
	return readings.map((reading) => ({
		title: reading.title,
		cells: Object.fromEntries(
			EXPONENTS.map((name) => [name, cellOf(exponentOf(reading, name), exact?.[name] ?? null)]),
		) as ExponentRow["cells"],
		reason: reading.allocation.reason,
		points: reading.allocation.points.length,
		remarks: remarksOf(reading),
	}));
}

/**
 * An exponent of compute by a method; null where it has none. The headline of a law of N and D need not be a: R_D* of the
 * data-constrained law is no exponent of compute.
 */
export function exponentOf(reading: Reading, name: ExponentName): Exponent | null {
	const exponent = reading[name];
	if (name !== "allocation" || reading.law === null || exponent?.estimate === null) return exponent;
	return SIZE_EXPONENTS.some((symbol) => reading.law?.parameters[symbol]?.estimate === exponent?.estimate)
		? exponent
		: null;
}

/** What laws call the exponent of N* ∝ C^a: Rosenfeld's has another a. */
const SIZE_EXPONENTS = ["a", "q"];

function cellOf(exponent: Exponent | null, truth: number | null): ExponentCell | null {
	if (exponent === null) return null;
	const { estimate, low, high } = exponent;
	const known = truth !== null && estimate !== null && low !== null && high !== null;
	return { estimate, low, high, truth, holds: known ? low <= truth && truth <= high : null };
}
