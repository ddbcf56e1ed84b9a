import { leastSquaresLine } from "../maths/least-squares.ts";
import { bisect, minimum } from "../maths/search.ts";
import type { Embedding } from "./embedding.ts";

/** Parameter counts of one model. */
export interface ModelCounts {
	/** N_T. */
	total: number;
	/** N_\E; smaller than N_T. */
	nonEmbedding: number;
}

/**
 * How ω and δ in N_T = N_\E + ω·N_\E^δ are fitted to models' counts (N: non-embedding, N_E = N_T − N: embedding). The values
 * of ω are for Chinchilla's 50 models:
 *
 * - `log-total`: minimizes Σ (ln(N + ω·N^δ) − ln N_T)². Gives the paper's ω = 47,491 (with δ = 0.34). Errors are relative to
 *   N_T, so models that are mostly embedding have the most weight.
 * - `log-embedding`: least-squares line ln N_E = ln ω + δ·ln N, the method that the paper describes. Gives ω = 24,506.
 * - `embedding`: minimizes Σ (ω·N^δ − N_E)². Large models dominate. Gives ω = 22,657.
 */
export type EmbeddingMethod = "log-total" | "log-embedding" | "embedding";

export const EMBEDDING_METHODS: readonly EmbeddingMethod[] = ["log-total", "log-embedding", "embedding"];

export interface EmbeddingFit extends Embedding {
	method: EmbeddingMethod;
	/** Whether δ was given rather than fitted. */
	fixedDelta: boolean;
	/** Half the sum of squares that the method minimizes. */
	halfSumOfSquares: number;
}

/** A free δ is searched for in this range. */
const SMALLEST_DELTA = -0.5;
const LARGEST_DELTA = 1.5;

/**
 * Fits ω, and δ unless it is given.
 *
 * @throws RangeError for invalid counts, without models, or with a free δ and fewer than two sizes
 */
export function fitEmbedding(
	models: readonly ModelCounts[],
	method: EmbeddingMethod,
	delta: number | null = null,
): EmbeddingFit {
	for (const { total, nonEmbedding } of models)
		if (!(nonEmbedding > 0 && total > nonEmbedding && Number.isFinite(total)))
			throw new RangeError(
				`a model has ${total} parameters, ${nonEmbedding} without embeddings; the second must be above 0 and below the first`,
			);
	const sizes = new Set(models.map(({ nonEmbedding }) => nonEmbedding)).size;
	if (sizes < (delta === null ? 2 : 1))
		throw new RangeError(`there are ${sizes} distinct sizes; ω and δ need two, ω alone one`);
	const logs = models.map(({ total, nonEmbedding }) => ({
		logN: Math.log(nonEmbedding),
		logTotal: Math.log(total),
		logEmbedding: Math.log(total - nonEmbedding),
	}));
	const at = PROCEDURES[method];
	const best = delta ?? bestDelta(logs, at);
	const { logOmega, sumOfSquares } = at(logs, best);
	return {
		omega: Math.exp(logOmega),
		delta: best,
		method,
		fixedDelta: delta !== null,
		halfSumOfSquares: sumOfSquares / 2,
	};
}

interface LogCounts {
	logN: number;
	logTotal: number;
	logEmbedding: number;
}

/** The best ln ω for a δ, and its sum of squares. */
type Procedure = (models: readonly LogCounts[], delta: number) => { logOmega: number; sumOfSquares: number };

const PROCEDURES: Record<EmbeddingMethod, Procedure> = {
	"log-total": (models, delta) => {
		const residuals = (logOmega: number) =>
			models.map(({ logN, logTotal }) => logAdd(logN, logOmega + delta * logN) - logTotal);
		// d/d ln ω of half the sum of squares: Σ residual · the embedding's share of N_T.
		const gradient = (logOmega: number) =>
			residuals(logOmega).reduce((sum, residual, i) => {
				const { logN } = models[i]!;
				return sum + residual / (1 + Math.exp(logN - logOmega - delta * logN));
			}, 0);
		// The fitted ω lies between the smallest and the largest ω that fit a single model exactly.
		const alone = models.map(({ logN, logEmbedding }) => logEmbedding - delta * logN);
		const logOmega = bisect(gradient, Math.min(...alone) - 1e-9, Math.max(...alone) + 1e-9);
		return { logOmega, sumOfSquares: sumOfSquares(residuals(logOmega)) };
	},
	"log-embedding": (models, delta) => {
		const alone = models.map(({ logN, logEmbedding }) => logEmbedding - delta * logN);
		const logOmega = alone.reduce((sum, value) => sum + value, 0) / alone.length;
		return { logOmega, sumOfSquares: sumOfSquares(alone.map((value) => value - logOmega)) };
	},
	embedding: (models, delta) => {
		// In units of the largest embedding, whose square could overflow.
		const largest = Math.max(...models.map(({ logEmbedding }) => logEmbedding));
		const shape = models.map(({ logN }) => delta * (logN - models[0]!.logN));
		const x = shape.map(Math.exp);
		const y = models.map(({ logEmbedding }) => Math.exp(logEmbedding - largest));
		const scale = x.reduce((sum, xi, i) => sum + xi * y[i]!, 0) / sumOfSquares(x);
		const rest = sumOfSquares(x.map((xi, i) => scale * xi - y[i]!));
		return {
			logOmega: Math.log(scale) + largest - delta * models[0]!.logN,
			sumOfSquares: rest * Math.exp(2 * largest),
		};
	},
};

function bestDelta(models: readonly LogCounts[], procedure: Procedure): number {
	const line = leastSquaresLine(
		models.map(({ logN }) => logN),
		models.map(({ logEmbedding }) => logEmbedding),
	)!;
	if (procedure === PROCEDURES["log-embedding"]) return line.slope;
	const exact = procedure(models, line.slope).sumOfSquares < 1e-24 * models.length;
	if (exact) return line.slope;
	const found = minimum((delta) => procedure(models, delta).sumOfSquares, SMALLEST_DELTA, LARGEST_DELTA);
	if (!found) throw new RangeError(`no δ from ${SMALLEST_DELTA} to ${LARGEST_DELTA} fits these models best`);
	return found.at;
}

/** ln(e^a + e^b). */
function logAdd(a: number, b: number): number {
	return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

function sumOfSquares(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value * value, 0);
}
