import type { Convention } from "../architecture/flops.ts";
import { logspace } from "../maths/search.ts";
import { analyticLines } from "./analytic-frontier.ts";
import type { Embedding } from "./embedding.ts";
import { EMBEDDING_METHODS, type EmbeddingFit, fitEmbedding, type ModelCounts } from "./embedding-fit.ts";
import {
	type AnalyticFrontierPoint,
	type FrontierExtremes,
	type FrontierLimits,
	frontierExtremes,
	frontierLimits,
	frontierPoint,
} from "./frontier.ts";
import { allocationExponent, lossExponent } from "./loss-law.ts";
import { type Sensitivity, sensitivity } from "./sensitivity.ts";
import type { Specification } from "./specifications.ts";
import {
	type LogLine,
	PAPER_DESIGN,
	PAPER_DESIGN_TOTAL,
	type SyntheticDesign,
	type SyntheticFrontier,
	simulateStudy,
} from "./synthetic-study.ts";

/** The synthetic study in one counting convention, without its points. */
export type SyntheticSummary = Omit<SyntheticFrontier, "points">;

/** Everything that follows from a loss law and an embedding. docs/theory.md lists the fields with units and sources. */
export interface TheoryReport {
	law: Specification;
	embedding: Embedding;
	/** a and γ of the law, in total parameters. */
	exponents: { allocation: number; loss: number };
	limits: FrontierLimits;
	extremes: FrontierExtremes;
	/** At N*_\E from 10^2 to 10^11. */
	frontier: AnalyticFrontierPoint[];
	synthetic: {
		nonEmbedding: { nearest: SyntheticSummary; exact: SyntheticSummary };
		total: { nearest: SyntheticSummary; exact: SyntheticSummary };
		/** From equation 19 itself, over the budgets of the non-embedding study. */
		analytic: { allocation: LogLine; loss: LogLine; smallest: number; largest: number };
	};
	sensitivity: Sensitivity;
}

const ANALYTIC_BUDGETS = 2000;

/** @throws RangeError when the constants are so extreme that a number of the report is not finite */
export function theoryReport(specification: Specification, embedding: Embedding): TheoryReport {
	const { law } = specification;
	const summary = (count: Convention, reading: SyntheticDesign["reading"]): SyntheticSummary => {
		const design = count === "total" ? PAPER_DESIGN_TOTAL : PAPER_DESIGN;
		const { points: _, ...rest } = simulateStudy(law, embedding, count, { ...design, reading });
		return rest;
	};
	const report: TheoryReport = {
		law: specification,
		embedding,
		exponents: { allocation: allocationExponent(law), loss: lossExponent(law) },
		limits: frontierLimits(law, embedding),
		extremes: frontierExtremes(law, embedding),
		frontier: logspace(2, 11, 10).map((nonEmbedding) => frontierPoint(law, embedding, nonEmbedding)),
		synthetic: {
			nonEmbedding: { nearest: summary("nonEmbedding", "nearest"), exact: summary("nonEmbedding", "exact") },
			total: { nearest: summary("total", "nearest"), exact: summary("total", "exact") },
			analytic: analyticLines(law, embedding, { ...PAPER_DESIGN.flops, count: ANALYTIC_BUDGETS }),
		},
		sensitivity: sensitivity(law, embedding),
	};
	requireFinite(report);
	return report;
}

/** ω and δ fitted to models by every method, with δ free and with δ = 1/3. */
export function fitEmbeddings(models: readonly ModelCounts[]): EmbeddingFit[] {
	return EMBEDDING_METHODS.flatMap((method) => [fitEmbedding(models, method), fitEmbedding(models, method, 1 / 3)]);
}

/**
 * Checks that every number of a report is finite, as JSON requires.
 *
 * @throws RangeError naming the first that is not
 */
export function requireFinite(value: unknown, path = ""): void {
	if (typeof value === "number" && !Number.isFinite(value))
		throw new RangeError(
			`${path} comes out as ${value} with these constants; choose constants for which it is a number below 1e308`,
		);
	if (typeof value !== "object" || value === null) return;
	for (const [key, entry] of Object.entries(value))
		requireFinite(entry, Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key);
}
