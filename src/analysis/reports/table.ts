import type { Convention } from "../../architecture/flops.ts";
import { PUBLISHED_EXPONENTS, type PublishedValue } from "../../theory/published-exponents.ts";
import type { Fit } from "../fitting/fit.ts";
import type { ConventionFit, StudyAnalysis } from "../method1/study-analysis.ts";

/** An exponent with its interval; without an estimate, `reason` says why. */
export interface TableCell {
	estimate: number | null;
	low: number | null;
	high: number | null;
	/** Nominal coverage of the interval; null without an interval. */
	level: number | null;
	reason: string | null;
	warnings: string[];
}

/** A row of the coefficient table. */
export interface TableRow {
	kind: "study" | "published";
	label: string;
	/** Source of a published row's numbers; null for the study's own rows. */
	source: string | null;
	/** How parameters and compute are counted. */
	convention: Convention;
	/** a in N* ∝ C^a. */
	allocation: TableCell;
	/** b in D* ∝ C^b. */
	tokens: TableCell;
	/** γ in L ∝ C^−γ. */
	lossNoOffset: TableCell;
	/** γ in L − E ∝ C^−γ. */
	lossWithOffset: TableCell;
}

/**
 * The coefficients side by side, in the form of Pearce & Song's Table 1: the study's two rows, empty when `analysis` is
 * null, then the published ones.
 */
export function coefficientTable(analysis: StudyAnalysis | null): TableRow[] {
	const { total = null, nonEmbedding = null } = analysis?.conventions ?? {};
	return [
		studyRow("This study, total parameters", "total", total),
		studyRow("This study, non-embedding parameters", "nonEmbedding", nonEmbedding),
		...PUBLISHED_EXPONENTS.map(
			(fit): TableRow => ({
				kind: "published",
				label: fit.label,
				source: fit.source,
				convention: fit.convention,
				allocation: publishedCell(fit.allocation),
				tokens: publishedCell(fit.tokens),
				lossNoOffset: publishedCell(fit.lossNoOffset),
				lossWithOffset: publishedCell(fit.lossWithOffset),
			}),
		),
	];
}

function studyRow(label: string, convention: Convention, fits: ConventionFit | null): TableRow {
	return {
		kind: "study",
		label,
		source: null,
		convention,
		allocation: fitCell(fits?.allocation),
		tokens: fitCell(fits?.tokens),
		lossNoOffset: fitCell(fits?.lossNoOffset),
		lossWithOffset: fitCell(fits?.lossWithOffset),
	};
}

function fitCell(fit: Fit | undefined): TableCell {
	if (!fit) return { ...NO_NUMBER, reason: "nothing has been analyzed yet" };
	const { estimate, low, high, level, reason, warnings } = fit;
	return { estimate, low, high, level: low === null ? null : level, reason, warnings };
}

function publishedCell(value: PublishedValue | null): TableCell {
	return {
		estimate: value?.estimate ?? null,
		low: value?.interval?.low ?? null,
		high: value?.interval?.high ?? null,
		level: value?.interval?.level ?? null,
		reason: value ? null : "not among the numbers published in this form",
		warnings: [],
	};
}

const NO_NUMBER: TableCell = { estimate: null, low: null, high: null, level: null, reason: null, warnings: [] };
