import { type Convention, FLOPS_PER_PARAMETER, tokensOf } from "../architecture/flops.ts";
import { leastSquaresLine } from "../maths/least-squares.ts";
import { linspace } from "../maths/search.ts";
import { analyticExponent } from "./analytic-frontier.ts";
import type { Embedding } from "./embedding.ts";
import { fitEmbedding, type ModelCounts } from "./embedding-fit.ts";
import { type AnalyticFrontierPoint, frontierPoint } from "./frontier.ts";
import { allocationExponent, type LossLaw } from "./loss-law.ts";

/** A model size of a study. */
export interface StudySize extends ModelCounts {
	/** The most tokens that it is trained on. */
	tokens: number;
}

/** The compute at which a larger size overtakes the size that was best until then. */
export interface PredictedCrossing {
	/** √(N₁·N₂), in the convention's count. */
	parameters: number;
	/** The smaller and the larger size, in the same count. */
	sizes: [number, number];
	/** C = 6·N·D, in the same count. */
	flops: number;
	/** Tokens seen by the smaller and the larger size at that compute. */
	tokens: [number, number];
	/** Whether the study trains both sizes that far. */
	reached: boolean;
}

/** What a study should find, in one counting convention. */
export interface PredictedConvention {
	/** a of N* ∝ C^a, fitted to all crossings; null with fewer than two. */
	exponent: number | null;
	/** a fitted to the crossings that the budgets reach; null with fewer than two. */
	exponentWithinBudgets: number | null;
	/** a along the continuous frontier from the smallest to the largest size; null if no ω and δ fit the sizes. */
	continuous: number | null;
	crossings: PredictedCrossing[];
	/** Sizes, in the same count, that are not the best at any budget. */
	neverBest: number[];
}

/** What a study should find if its losses follow the law. */
export interface StudyPrediction {
	/** In ascending order. */
	sizes: StudySize[];
	/** N_T = N_\E + ω·N_\E^δ, fitted to the ln N_T of these sizes; null if no δ in [0, 1) fits. */
	embedding: Embedding | null;
	total: PredictedConvention;
	nonEmbedding: PredictedConvention;
	/** The frontier (19) with g (20) and k (30) from the smallest to the largest size; empty without ω and δ. */
	curve: AnalyticFrontierPoint[];
}

const CURVE_POINTS = 65;

/**
 * Predicts what a study will find if its losses follow L = E + A·N_T^−α + B·D^−β.
 *
 * At a budget of C FLOP a size with N_C parameters in the convention's count has seen C/6N_C tokens, so its loss is
 * E + A·N_T^−α + (B·N_C^β)·t with t = (C/6)^−β: a straight line in t. The corners of the lines' lower envelope are the
 * crossings that Method 1 looks for.
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

/** One entry for each size, with its largest token count, in ascending order. */
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

/** The lines that are lowest somewhere in t > 0, in order of increasing compute. */
function lowerEnvelope(lines: readonly LossLine[]): LossLine[] {
	const envelope: LossLine[] = [];
	// From the flattest line, lowest at large t (little compute), to the one with the lowest start.
	for (const line of [...lines].sort((a, b) => a.rise - b.rise || a.start - b.start)) {
		// A line that rises faster without starting lower is never the lowest.
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
