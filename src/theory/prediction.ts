import { type Convention, FLOPS_PER_PARAMETER, tokensOf } from "../architecture/flops.ts";
import { leastSquaresLine } from "../maths/least-squares.ts";
import { linspace } from "../maths/search.ts";
import { analyticExponent } from "./analytic-frontier.ts";
import type { Embedding } from "./embedding.ts";
import { fitEmbedding, type ModelCounts } from "./embedding-fit.ts";
import { type AnalyticFrontierPoint, frontierPoint } from "./frontier.ts";
import { allocationExponent, type LossLaw } from "./loss-law.ts";

/** A size that a study trains. */
export interface StudySize extends ModelCounts {
	/** The most tokens that it is trained on. */
	tokens: number;
}

/** The compute at which one size becomes better than the one that was best before. */
export interface PredictedCrossing {
	/** √(N₁·N₂), counted as the convention counts. */
	parameters: number;
	/** Of the smaller and the larger size, so counted. */
	sizes: [number, number];
	/** C = 6·N·D, so counted. */
	flops: number;
	/** Tokens that the smaller and the larger size have seen there. */
	tokens: [number, number];
	/** Whether both sizes are trained on that many tokens. */
	reached: boolean;
}

/** What a study should find in one way of counting. */
export interface PredictedConvention {
	/** a of N* ∝ C^a through all crossings; null with fewer than two. */
	exponent: number | null;
	/** a through the crossings that the budgets reach; null with fewer than two. */
	exponentWithinBudgets: number | null;
	/** a along the continuous frontier from the smallest to the largest size; null where ω and δ do not describe them. */
	continuous: number | null;
	crossings: PredictedCrossing[];
	/** Sizes, so counted, that another one beats at every budget. */
	neverBest: number[];
}

/** What the law of loss says that a study's sizes should show. */
export interface StudyPrediction {
	/** From the smallest to the largest. */
	sizes: StudySize[];
	/** N_T = N_\E + ω·N_\E^δ through these sizes, fitted to ln N_T; null where no δ from 0 to below 1 describes them. */
	embedding: Embedding | null;
	total: PredictedConvention;
	nonEmbedding: PredictedConvention;
	/** The frontier (19) with g (20) and k (30) from the smallest to the largest size; empty without ω and δ. */
	curve: AnalyticFrontierPoint[];
}

const CURVE_POINTS = 65;

/**
 * What a study should show before a run is started, if its losses follow L = E + A·N_T^−α + B·D^−β.
 *
 * At a budget of C FLOP a size with N_C parameters in the convention's count has seen C/6N_C tokens, so its loss is
 * E + A·N_T^−α + (B·N_C^β)·t with t = (C/6)^−β: a straight line in t. The sizes' lower envelope is that of lines, and its
 * corners are the crossings that Method 1 looks for.
 */
export function predictStudy(law: LossLaw, sizes: readonly StudySize[]): StudyPrediction {
	const ordered = largestBudgets(sizes);
	const embedding = embeddingOf(ordered);
	const ends = { smallest: ordered[0]?.nonEmbedding ?? 0, largest: ordered.at(-1)?.nonEmbedding ?? 0 };
	const spread = ends.largest > ends.smallest;
	return {
		sizes: ordered,
		embedding,
		total: convention(law, ordered, "total", spread ? allocationExponent(law) : null),
		nonEmbedding: convention(
			law,
			ordered,
			"nonEmbedding",
			embedding && spread ? analyticExponent(law, embedding, ends) : null,
		),
		curve: embedding ? curveBetween(law, embedding, ends.smallest, ends.largest) : [],
	};
}

/** One entry for each size, with its largest budget, from the smallest to the largest. */
function largestBudgets(sizes: readonly StudySize[]): StudySize[] {
	const bySize = new Map<string, StudySize>();
	for (const { total, nonEmbedding, tokens } of sizes) {
		const key = `${total} ${nonEmbedding}`;
		bySize.set(key, { total, nonEmbedding, tokens: Math.max(tokens, bySize.get(key)?.tokens ?? 0) });
	}
	return [...bySize.values()].sort((a, b) => a.nonEmbedding - b.nonEmbedding || a.total - b.total);
}

function embeddingOf(sizes: readonly StudySize[]): Embedding | null {
	if (new Set(sizes.map(({ nonEmbedding }) => nonEmbedding)).size < 2) return null;
	try {
		const { omega, delta } = fitEmbedding(sizes, "log-total");
		return delta >= 0 && delta < 1 ? { omega, delta } : null;
	} catch {
		return null;
	}
}

function convention(
	law: LossLaw,
	sizes: readonly StudySize[],
	count: Convention,
	continuous: number | null,
): PredictedConvention {
	const envelope = lowerEnvelope(sizes.map((size) => lossLine(law, size, size[count])));
	const crossings = envelope.slice(1).map((large, i) => crossingOf(law, envelope[i]!, large));
	const best = new Set(envelope.map(({ size }) => size));
	return {
		exponent: slope(crossings),
		exponentWithinBudgets: slope(crossings.filter(({ reached }) => reached)),
		continuous,
		crossings,
		neverBest: sizes.filter((size) => !best.has(size)).map((size) => size[count]),
	};
}

function slope(crossings: readonly PredictedCrossing[]): number | null {
	const logFlops = crossings.map(({ flops }) => Math.log(flops));
	return (
		leastSquaresLine(
			logFlops,
			crossings.map(({ parameters }) => Math.log(parameters)),
		)?.slope ?? null
	);
}

/** A size's loss without E as a line in t = (C/6)^−β: start + rise·t. */
interface LossLine {
	size: StudySize;
	/** N as the convention counts it. */
	counted: number;
	start: number;
	rise: number;
}

function lossLine({ A, B, alpha, beta }: LossLaw, size: StudySize, counted: number): LossLine {
	return { size, counted, start: A * size.total ** -alpha, rise: B * counted ** beta };
}

/** The t at which two lines meet. */
function meet(small: LossLine, large: LossLine): number {
	return (small.start - large.start) / (large.rise - small.rise);
}

/** The lines that are the lowest somewhere in t > 0, by rising compute. */
function lowerEnvelope(lines: readonly LossLine[]): LossLine[] {
	const envelope: LossLine[] = [];
	// From the flattest line, best where t is large and compute small, to the one that starts lowest.
	for (const line of [...lines].sort((a, b) => a.rise - b.rise || a.start - b.start)) {
		// A line that rises faster and starts no lower is best nowhere.
		if (envelope.length > 0 && line.start >= envelope.at(-1)!.start) continue;
		while (envelope.length > 1 && meet(envelope.at(-1)!, line) >= meet(envelope.at(-2)!, envelope.at(-1)!))
			envelope.pop();
		envelope.push(line);
	}
	return envelope;
}

function crossingOf({ beta }: LossLaw, small: LossLine, large: LossLine): PredictedCrossing {
	const flops = FLOPS_PER_PARAMETER * meet(small, large) ** (-1 / beta);
	const tokens: [number, number] = [tokensOf(flops, small.counted), tokensOf(flops, large.counted)];
	return {
		parameters: Math.sqrt(small.counted * large.counted),
		sizes: [small.counted, large.counted],
		flops,
		tokens,
		reached: tokens[0] <= small.size.tokens && tokens[1] <= large.size.tokens,
	};
}

function curveBetween(law: LossLaw, embedding: Embedding, smallest: number, largest: number): AnalyticFrontierPoint[] {
	return linspace(Math.log(smallest), Math.log(largest), CURVE_POINTS).map((logN) =>
		frontierPoint(law, embedding, Math.exp(logN)),
	);
}
