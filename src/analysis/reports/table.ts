import type { Convention } from "../../architecture/flops.ts";
import { PUBLISHED_EXPONENTS, type PublishedValue } from "../../theory/published-exponents.ts";
import type { Fit } from "../fitting/fit.ts";
import type { RateRule } from "../method1/choose-rates.ts";
import type { ConventionFit, StudyAnalysis, StudyReading } from "../method1/study-analysis.ts";

/** An exponent with its interval; without an estimate, `reason` says why. */
export interface TableCell {
	estimate: number | null;
	low: number | null;
	high: number | null;
	/** Nominal coverage of the interval; null without an interval. */
	level: number | null;
	reason: string | null;
	warnings: string[];
	/** Number of runs behind it; 0 without an estimate and for published numbers. */
	runs: number;
}

/** A row of the coefficient table. */
export interface TableRow {
	kind: "study" | "published";
	label: string;
	/** Source of a published row's numbers; null for the study's own rows. */
	source: string | null;
	/** Which learning rates count in a row of the study, in words; null without a choice. */
	rule: string | null;
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
 * null, the same under the other rule for learning rates, if the study tries several, then the published ones.
 *
 * @param severalRates whether the study will try several rates of a size, so that the other rule has its rows from the start
 */
export function coefficientTable(analysis: StudyAnalysis | null, severalRates = false): TableRow[] {
	const rates = analysis?.options.rates ?? "envelope";
	const other = rates === "envelope" ? "final" : "envelope";
	const both = severalRates || Boolean(analysis?.otherRule);
	return [
		...studyRows("This study", analysis, both ? RULE_LABELS[rates] : null),
		...(both ? studyRows(`Method 1, ${RULE_LABELS[other]}`, analysis?.otherRule ?? null, RULE_LABELS[other]) : []),
		...PUBLISHED_EXPONENTS.map(
			(fit): TableRow => ({
				kind: "published",
				label: fit.label,
				source: fit.source,
				rule: null,
				convention: fit.convention,
				allocation: publishedCell(fit.allocation),
				tokens: publishedCell(fit.tokens),
				lossNoOffset: publishedCell(fit.lossNoOffset),
				lossWithOffset: publishedCell(fit.lossWithOffset),
			}),
		),
	];
}

/** Method 1's rules for learning rates, in words. */
export const RULE_LABELS: Record<RateRule, string> = {
	envelope: "lowest loss over all rates",
	final: "best rate at the end",
};

function studyRows(label: string, reading: StudyReading | null, unread: string | null): TableRow[] {
	const { total = null, nonEmbedding = null } = reading?.conventions ?? {};
	const rule = reading?.rule ?? unread;
	return [
		studyRow(`${label}, total parameters`, "total", total, rule),
		studyRow(`${label}, non-embedding parameters`, "nonEmbedding", nonEmbedding, rule),
	];
}

function studyRow(label: string, convention: Convention, fits: ConventionFit | null, rule: string | null): TableRow {
	return {
		kind: "study",
		label,
		source: null,
		rule,
		convention,
		allocation: fitCell(fits?.allocation),
		tokens: fitCell(fits?.tokens),
		lossNoOffset: fitCell(fits?.lossNoOffset),
		lossWithOffset: fitCell(fits?.lossWithOffset),
	};
}

function fitCell(fit: Fit | undefined): TableCell {
	if (!fit) return { ...NO_NUMBER, reason: "nothing has been analyzed yet" };
	const { estimate, low, high, level, reason, warnings, runs } = fit;
	return { estimate, low, high, level: low === null ? null : level, reason, warnings, runs: runs.length };
}

function publishedCell(value: PublishedValue | null): TableCell {
	return {
		estimate: value?.estimate ?? null,
		low: value?.interval?.low ?? null,
		high: value?.interval?.high ?? null,
		level: value?.interval?.level ?? null,
		reason: value ? null : "not among the numbers published in this form",
		warnings: [],
		runs: 0,
	};
}

const NO_NUMBER: TableCell = {
	estimate: null,
	low: null,
	high: null,
	level: null,
	reason: null,
	warnings: [],
	runs: 0,
};
