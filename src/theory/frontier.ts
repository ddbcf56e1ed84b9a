import { FLOPS_PER_PARAMETER, tokensOf } from "../architecture/flops.ts";
import { bisect, linspace, minimum } from "../maths/search.ts";
import { type Embedding, slopeOfSlope, totalParameters, totalSlope } from "./embedding.ts";
import { allocationExponent, type LossLaw } from "./loss-law.ts";

/**
 * The compute-optimal frontier of a law of total parameters, seen in non-embedding parameters and compute
 * (Pearce & Song 2024), with N = N_\E, C = C_\E = 6·N_\E·D and N_T = N + ω·N^δ:
 *
 *     L(N, C) = A · N_T^−α + B · (C / 6N)^−β + E                                        (17)
 *     C(N*)   = 6 · N · (β·B · N_T^(1+α) / (α·A · N·dN_T/dN))^(1/β)                     (19)
 *     g(N*)   = d ln N* / d ln C = 1 / (1 + ((1+α)·r − q) / β)                          (20)
 *     k(N*)   = d ln L* / d ln C = −β · B · D^−β / L*                                   (30)
 *
 * where r = d ln N_T / d ln N and q = d ln(N·dN_T/dN) / d ln N. For δ = 1/3, N·dN_T/dN = N + (ω/3)·N^(1/3), the paper's
 * form. (30) follows from (17) by the envelope theorem: at the optimum, dL/dN = 0.
 */
export interface AnalyticFrontierPoint {
	/** N*_\E. */
	nonEmbedding: number;
	/** The corresponding N_T. */
	total: number;
	/** C_\E, FLOP. */
	flops: number;
	tokens: number;
	/** L*, nats per token. */
	loss: number;
	g: number;
	k: number;
}

/** Equation 17: the loss of a model of N_\E parameters after C_\E FLOP, in nats per token. */
export function lossAtFlops(law: LossLaw, embedding: Embedding, nonEmbedding: number, flops: number): number {
	const { E, A, B, alpha, beta } = law;
	return E + A * totalParameters(embedding, nonEmbedding) ** -alpha + B * tokensOf(flops, nonEmbedding) ** -beta;
}

/** Equation 19: the compute C_\E, in FLOP, for which N_\E parameters are optimal. */
export function flopsAt(law: LossLaw, embedding: Embedding, nonEmbedding: number): number {
	return Math.exp(logFlopsAt(law, embedding, Math.log(nonEmbedding)));
}

function logFlopsAt({ A, B, alpha, beta }: LossLaw, embedding: Embedding, logN: number): number {
	const nonEmbedding = Math.exp(logN);
	const logTotal = Math.log(totalParameters(embedding, nonEmbedding));
	const logSlope = logTotal + Math.log(totalSlope(embedding, nonEmbedding));
	return (
		Math.log(FLOPS_PER_PARAMETER) +
		logN +
		(Math.log((beta * B) / (alpha * A)) + (1 + alpha) * logTotal - logSlope) / beta
	);
}

const SMALLEST_LOG_N = Math.log(1e-12);
const LARGEST_LOG_N = Math.log(1e60);
const GRID = 700;

/**
 * The inverse of equation 19: the optimal N_\E as a function of C_\E. With unusual constants (19) is not monotonic and
 * several N satisfy it; the one with the lowest loss is returned.
 *
 * @throws RangeError from the returned function, when no N from 1e-12 to 1e60 is optimal
 */
export function frontierInverse(law: LossLaw, embedding: Embedding): (flops: number) => number {
	const grid = linspace(SMALLEST_LOG_N, LARGEST_LOG_N, GRID);
	const logFlopsOnGrid = grid.map((logN) => logFlopsAt(law, embedding, logN));
	return (flops) => {
		const logFlops = Math.log(flops);
		const excess = (logN: number) => logFlopsAt(law, embedding, logN) - logFlops;
		const roots = grid.flatMap((logN, i) =>
			// N minimizes the loss only where C is increasing as it passes the budget.
			i > 0 && logFlopsOnGrid[i - 1]! <= logFlops && logFlopsOnGrid[i]! > logFlops
				? [Math.exp(bisect(excess, grid[i - 1]!, logN))]
				: [],
		);
		if (roots.length === 0) throw new RangeError(`no number of parameters from 1e-12 to 1e60 is best at ${flops} FLOP`);
		const losses = roots.map((root) => lossAtFlops(law, embedding, root, flops));
		return roots[losses.indexOf(Math.min(...losses))]!;
	};
}

/** Equation 20, the local exponent of N*_\E ∝ C_\E^g. */
export function localExponent({ alpha, beta }: LossLaw, embedding: Embedding, nonEmbedding: number): number {
	const r = totalSlope(embedding, nonEmbedding);
	const q = slopeOfSlope(embedding, nonEmbedding);
	return 1 / (1 + ((1 + alpha) * r - q) / beta);
}

/** The point of the frontier at an optimal N_\E. */
export function frontierPoint(law: LossLaw, embedding: Embedding, nonEmbedding: number): AnalyticFrontierPoint {
	const total = totalParameters(embedding, nonEmbedding);
	const flops = flopsAt(law, embedding, nonEmbedding);
	const tokens = tokensOf(flops, nonEmbedding);
	const data = law.B * tokens ** -law.beta;
	const loss = law.E + law.A * total ** -law.alpha + data;
	const g = localExponent(law, embedding, nonEmbedding);
	return { nonEmbedding, total, flops, tokens, loss, g, k: (-law.beta * data) / loss };
}

export interface FrontierLimits {
	/** N → 0: β / (α·δ + β), the paper's β / (α/3 + β). */
	gSmall: number;
	/** N → ∞: β / (α + β). */
	gLarge: number;
	/** N → 0: −α·δ·β / (α·δ + β), the paper's −α·β / (α + 3β). */
	kSmall: number;
	/** N → ∞: 0, or without an irreducible loss −α·β / (α + β). */
	kLarge: number;
}

/** The limits of equations 20 and 30. */
export function frontierLimits(law: LossLaw, { omega, delta }: Embedding): FrontierLimits {
	const { alpha, beta, E } = law;
	const reduced = omega > 0 ? alpha * delta : alpha;
	return {
		gSmall: beta / (reduced + beta),
		gLarge: allocationExponent(law),
		kSmall: (-reduced * beta) / (reduced + beta),
		kLarge: E > 0 ? 0 : (-alpha * beta) / (alpha + beta),
	};
}

export interface FrontierExtremes {
	/** The maximum of g; null if there is none (ω = 0), or if g is unbounded because (19) is not monotonic. */
	g: { nonEmbedding: number; value: number } | null;
	/** The interior minimum of k; null if there is none. The limit at N → 0 may be lower still. */
	k: { nonEmbedding: number; value: number } | null;
}

/** The extremes of g and k along the frontier. */
export function frontierExtremes(law: LossLaw, embedding: Embedding): FrontierExtremes {
	// At N = ω^(1/(1−δ)) the embedding is as large as the rest of the model; g and k bend around this size.
	const middle = embedding.omega > 0 ? Math.log(embedding.omega) / (1 - embedding.delta) : 0;
	const find = (f: (nonEmbedding: number) => number) => {
		const found = minimum((logN) => f(Math.exp(logN)), middle - 30, middle + 40);
		return found && { nonEmbedding: Math.exp(found.at), value: found.value };
	};
	// 1/g rather than g: where (19) is not monotonic, 1/g crosses zero and g has no finite maximum.
	const g = find((n) => 1 / localExponent(law, embedding, n));
	return {
		g: g && g.value > 0 ? { nonEmbedding: g.nonEmbedding, value: 1 / g.value } : null,
		k: find((n) => frontierPoint(law, embedding, n).k),
	};
}
