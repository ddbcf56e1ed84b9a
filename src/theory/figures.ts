import { type Convention, flopsOf } from "../architecture/flops.ts";
import { leastSquaresLine } from "../maths/least-squares.ts";
import { logspace } from "../maths/search.ts";
import { type Embedding, totalParameters } from "./embedding.ts";
import type { ModelCounts } from "./embedding-fit.ts";
import { frontierLimits, frontierPoint } from "./frontier.ts";
import { type LossLaw, lossAt } from "./loss-law.ts";
import {
	type LogLine,
	type LogRange,
	PAPER_DESIGN,
	PAPER_DESIGN_TOTAL,
	type SyntheticFrontier,
	simulateStudy,
} from "./synthetic-study.ts";

// The figures of Pearce & Song 2024, arXiv:2406.12907, as columns of data, following the authors' published script. Axes are
// logarithmic unless noted. Parameters and tokens are plain counts, compute is in FLOP, losses are in nats per token.

/** Columns of equal length. */
export type Series<Column extends string> = Record<Column, number[]>;

/** N_\E of the curve in figure 2. */
const FIGURE_2: LogRange = { from: 5, to: 11, count: 200 };
/** N_\E of the analytic curves. */
const ANALYTIC: LogRange = { from: 2, to: 11, count: 100 };
/** The script fits its line for large N to this many last points of the analytic curve. */
const LARGE_POINTS = 10;

/** Figure 2: non-embedding against total parameters, for models and for N_T = N_\E + ω·N_\E^δ; dashed: N_T = N_\E. */
export function figure2(
	embedding: Embedding,
	models: readonly ModelCounts[],
): { models: Series<Convention>; fit: Series<Convention> } {
	const nonEmbedding = logspace(FIGURE_2.from, FIGURE_2.to, FIGURE_2.count);
	return {
		models: {
			total: models.map(({ total }) => total),
			nonEmbedding: models.map((model) => model.nonEmbedding),
		},
		fit: { total: nonEmbedding.map((n) => totalParameters(embedding, n)), nonEmbedding },
	};
}

/** Figure 3: N*_\E against C_\E by equation 19, and its local exponent g (20) on a linear axis, with its limits. */
export function figure3(
	law: LossLaw,
	embedding: Embedding,
): { curve: Series<"flops" | "nonEmbedding" | "g">; limits: { small: number; large: number } } {
	const points = analyticCurve(law, embedding);
	const { gSmall, gLarge } = frontierLimits(law, embedding);
	return {
		curve: {
			flops: points.map(({ flops }) => flops),
			nonEmbedding: points.map(({ nonEmbedding }) => nonEmbedding),
			g: points.map(({ g }) => g),
		},
		limits: { small: gSmall, large: gLarge },
	};
}

/** One model's synthetic training curve. */
export interface SyntheticCurve extends Series<"flops" | "loss"> {
	/** In the figure's convention. */
	parameters: number;
}

/** Loss against compute of the synthetic study's models, and the compute-efficient frontier. */
export interface CurvesFigure {
	curves: SyntheticCurve[];
	frontier: Series<"flops" | "loss">;
}

/** N* against C of the synthetic study, with the line fitted to it. */
export interface AllocationFigure {
	frontier: Series<"flops" | "parameters">;
	/** ln N* = intercept + slope · ln C. */
	fit: LogLine;
}

/** Figure 4: synthetic training curves of models counted without embeddings, L against C_\E, and their frontier. */
export function figure4(law: LossLaw, embedding: Embedding): CurvesFigure {
	return curvesFigure(law, embedding, "nonEmbedding");
}

/**
 * Figure 5: N*_\E against C_\E: the frontier of figure 4, the line fitted to it (slope 0.78 with Epoch's constants, 0.74
 * with Chinchilla's), the analytic curve (19), and a line through that curve's largest models, near β/(α+β).
 */
export function figure5(
	law: LossLaw,
	embedding: Embedding,
): AllocationFigure & { analytic: Series<"flops" | "parameters">; largeModels: LogLine } {
	const points = analyticCurve(law, embedding);
	const analytic = {
		flops: points.map(({ flops }) => flops),
		parameters: points.map(({ nonEmbedding }) => nonEmbedding),
	};
	const { slope, intercept } = leastSquaresLine(
		analytic.flops.slice(-LARGE_POINTS).map(Math.log),
		analytic.parameters.slice(-LARGE_POINTS).map(Math.log),
	)!;
	return { ...allocationFigure(law, embedding, "nonEmbedding"), analytic, largeModels: { slope, intercept } };
}

/**
 * Figure 6: L* against C_\E in Kaplan's form, without an offset: the frontier of figure 4, the line fitted to it (−0.069
 * with Epoch's constants, −0.066 with Chinchilla's; Kaplan: −0.057), and the analytic curve with its local exponent k (30).
 */
export function figure6(
	law: LossLaw,
	embedding: Embedding,
): { frontier: Series<"flops" | "loss">; fit: LogLine; analytic: Series<"flops" | "loss" | "k"> } {
	const study = simulateStudy(law, embedding, "nonEmbedding");
	const points = analyticCurve(law, embedding);
	return {
		frontier: lossColumns(study),
		fit: study.loss,
		analytic: {
			flops: points.map(({ flops }) => flops),
			loss: points.map(({ loss }) => loss),
			k: points.map(({ k }) => k),
		},
	};
}

/**
 * Figure 7: the same study in total parameters: L against C_T with its frontier, and N*_T against C_T with the fitted line,
 * whose slope is near β/(α+β).
 */
export function figure7(law: LossLaw, embedding: Embedding): CurvesFigure & { allocation: AllocationFigure } {
	return { ...curvesFigure(law, embedding, "total"), allocation: allocationFigure(law, embedding, "total") };
}

/** All figures. `models` are the points of figure 2. */
export function figures(law: LossLaw, embedding: Embedding, models: readonly ModelCounts[]) {
	return {
		figure2: figure2(embedding, models),
		figure3: figure3(law, embedding),
		figure4: figure4(law, embedding),
		figure5: figure5(law, embedding),
		figure6: figure6(law, embedding),
		figure7: figure7(law, embedding),
	};
}

function analyticCurve(law: LossLaw, embedding: Embedding) {
	return logspace(ANALYTIC.from, ANALYTIC.to, ANALYTIC.count).map((n) => frontierPoint(law, embedding, n));
}

function lossColumns({ points }: SyntheticFrontier): Series<"flops" | "loss"> {
	return { flops: points.map(({ flops }) => flops), loss: points.map(({ loss }) => loss) };
}

function allocationFigure(law: LossLaw, embedding: Embedding, count: Convention): AllocationFigure {
	const { points, allocation } = simulateStudy(law, embedding, count);
	return {
		frontier: { flops: points.map(({ flops }) => flops), parameters: points.map(({ parameters }) => parameters) },
		fit: allocation,
	};
}

function curvesFigure(law: LossLaw, embedding: Embedding, count: Convention): CurvesFigure {
	const design = count === "total" ? PAPER_DESIGN_TOTAL : PAPER_DESIGN;
	const { from, to } = design.tokens;
	// Enough points to draw a line; the study itself samples 1,000.
	const tokens = logspace(from, to, 191);
	const curves = logspace(design.models.from, design.models.to, design.models.count).map((nonEmbedding) => {
		const total = totalParameters(embedding, nonEmbedding);
		const parameters = count === "total" ? total : nonEmbedding;
		return {
			parameters,
			flops: tokens.map((d) => flopsOf(parameters, d)),
			loss: tokens.map((d) => lossAt(law, total, d)),
		};
	});
	return { curves, frontier: lossColumns(simulateStudy(law, embedding, count)) };
}
