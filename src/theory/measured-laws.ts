import type { Convention } from "../architecture/flops.ts";
import laws from "./measured-laws.json";

/** N* = coefficient · C^exponent in one convention, measured by Method 1 in a study that this lab trained. */
export interface MeasuredLaw {
	coefficient: number;
	exponent: number;
	/** The exponent's 90 % interval. */
	low: number;
	high: number;
	/** Range of the crossings that it was fitted to, FLOP. */
	flops: { from: number; to: number };
	/** How far a crossing lies from the law: the root mean square of the residuals in ln N*. */
	residual: number;
}

/** What one trained study showed, and the sizes and text for which it did. */
export interface MeasuredStudy {
	/** The runs, a file of docs/findings. */
	source: string;
	runs: number;
	/** Corpus id. */
	corpus: string;
	vocabulary: number;
	/** Tokens per sequence. */
	context: number;
	/** Range of the sizes, N_T. */
	parameters: { from: number; to: number };
	laws: Record<Convention, MeasuredLaw>;
}

/**
 * The measured laws of allocation, from the runs in docs/findings. `measured-laws.json` is written by
 * `npx vitest run --project unit test/theory/measured-laws.test.ts -u`; without `-u` that test compares it with the runs.
 */
export const MEASURED_STUDIES: readonly MeasuredStudy[] = laws;
