import { type Convention, flopsOf } from "../architecture/flops.ts";
import { leastSquaresLine } from "../maths/least-squares.ts";
import { logspace } from "../maths/search.ts";
import { type Embedding, totalParameters } from "./embedding.ts";
import type { ModelCounts } from "./embedding-fit.ts";
import {
	analyticRange,
	checkRanges,
	designWithin,
	embeddingRange,
	type FigureRanges,
	PAPER_RANGES,
} from "./figure-ranges.ts";
import { type AnalyticFrontierPoint, frontierLimits, frontierPoint } from "./frontier.ts";
import type { LossLaw } from "./loss-law.ts";
import { type LogLine, type SyntheticDesign, type SyntheticFrontier, simulateStudy } from "./synthetic-study.ts";

// The figures of Pearce & Song 2024, arXiv:2406.12907, as columns of data, following the authors' published script. Axes are
// logarithmic unless noted. Parameters and tokens are plain counts, compute is in FLOP, losses are in nats per token.

/** Columns of equal length. */
export type Series<Column extends string> = Record<Column, number[]>;

/** The script fits its line for large N to this many last points of the analytic curve. */
const LARGE_POINTS = 10;
/** Points of each training curve. */
const CURVE_POINTS = 191;

/** What the figures are made of. */
interface Setting {
	law: LossLaw;
	embedding: Embedding;
	models: readonly ModelCounts[];
	ranges: FigureRanges;
	/** Points of the frontier (19), ascending in N_\E. */
	analytic: AnalyticFrontierPoint[];
	studies: Record<Convention, { design: SyntheticDesign; found: SyntheticFrontier }>;
}

/** Figure 2: non-embedding against total parameters, for models and for N_T = N_\E + ω·N_\E^δ; dashed: N_T = N_\E. */
export interface EmbeddingFigure {
	models: Series<Convention>;
	fit: Series<Convention>;
}

/** Figure 3: N*_\E against C_\E by equation 19, and its local exponent g (20) on a linear axis, with its limits. */
export interface FrontierFigure {
	curve: Series<"flops" | "nonEmbedding" | "g">;
	limits: { small: number; large: number };
}

/** One model's synthetic training curve. */
export interface SyntheticCurve extends Series<"flops" | "loss"> {
	/** In the figure's convention. */
	parameters: number;
}

/** Figure 4, and the first half of 7: loss against compute of the synthetic study's models, and the compute-efficient frontier. */
export interface CurvesFigure {
	curves: SyntheticCurve[];
	frontier: Series<"flops" | "loss">;
}

/** The second half of figure 7: N* against C of the synthetic study, with the line fitted to it. */
export interface AllocationFigure {
	frontier: Series<"flops" | "parameters">;
	/** ln N* = intercept + slope · ln C. */
	fit: LogLine;
}

/**
 * Figure 5: N*_\E against C_\E: the frontier of figure 4, the line fitted to it (slope 0.78 with Epoch's constants, 0.74
 * with Chinchilla's), the analytic curve (19), and a line through that curve's largest models, near β/(α+β).
 */
export interface AnalyticAllocationFigure extends AllocationFigure {
	analytic: Series<"flops" | "parameters">;
	largeModels: LogLine;
}

/**
 * Figure 6: L* against C_\E in Kaplan's form, without an offset: the frontier of figure 4, the line fitted to it (−0.069
 * with Epoch's constants, −0.066 with Chinchilla's; Kaplan: −0.057), and the analytic curve with its local exponent k (30).
 */
export interface LossFigure {
	frontier: Series<"flops" | "loss">;
	fit: LogLine;
	analytic: Series<"flops" | "loss" | "k">;
}

export interface TheoryFigures {
	figure2: EmbeddingFigure;
	figure3: FrontierFigure;
	/** In N_\E and C_\E. */
	figure4: CurvesFigure;
	figure5: AnalyticAllocationFigure;
	figure6: LossFigure;
	/** The same study in N_T and C_T; the slope of N*_T is near β/(α+β). */
	figure7: CurvesFigure & { allocation: AllocationFigure };
}

/**
 * All figures. `models` are the points of figure 2.
 *
 * @throws RangeError when a range is empty or reaches too far, or a curve is not finite with these constants
 */
export function figures(
	law: LossLaw,
	embedding: Embedding,
	models: readonly ModelCounts[],
	ranges: FigureRanges = PAPER_RANGES,
): TheoryFigures {
	checkRanges(ranges);
	const { from, to, count } = analyticRange(ranges);
	const analytic = logspace(from, to, count).map((n) => frontierPoint(law, embedding, n));
	if (!analytic.every(({ flops, loss, g }) => flops > 0 && [flops, loss, g].every(Number.isFinite)))
		throw new RangeError(
			`with these constants the best budget or loss of some size from 10^${from} to 10^${to} is no number from 1e-308 to 1e308; ` +
				"take constants nearer to the paper's",
		);
	const study = (convention: Convention) => {
		const design = designWithin(ranges, embedding, convention);
		return { design, found: simulateStudy(law, embedding, convention, design) };
	};
	const studies = { nonEmbedding: study("nonEmbedding"), total: study("total") };
	const setting: Setting = { law, embedding, models, ranges, analytic, studies };
	return {
		figure2: embeddingFigure(setting),
		figure3: frontierFigure(setting),
		figure4: curvesFigure(setting, "nonEmbedding"),
		figure5: analyticAllocationFigure(setting),
		figure6: lossFigure(setting),
		figure7: { ...curvesFigure(setting, "total"), allocation: allocationFigure(setting, "total") },
	};
}

function embeddingFigure({ embedding, models, ranges }: Setting): EmbeddingFigure {
	const { from, to, count } = embeddingRange(ranges);
	const nonEmbedding = logspace(from, to, count);
	return {
		models: { total: models.map(({ total }) => total), nonEmbedding: models.map((model) => model.nonEmbedding) },
		fit: { total: nonEmbedding.map((n) => totalParameters(embedding, n)), nonEmbedding },
	};
}

function frontierFigure({ law, embedding, analytic }: Setting): FrontierFigure {
	const { gSmall, gLarge } = frontierLimits(law, embedding);
	return {
		curve: {
			flops: analytic.map(({ flops }) => flops),
			nonEmbedding: analytic.map(({ nonEmbedding }) => nonEmbedding),
			g: analytic.map(({ g }) => g),
		},
		limits: { small: gSmall, large: gLarge },
	};
}

function analyticAllocationFigure(setting: Setting): AnalyticAllocationFigure {
	const { analytic } = setting;
	const flops = analytic.map((point) => point.flops);
	const parameters = analytic.map(({ nonEmbedding }) => nonEmbedding);
	const { slope, intercept } = leastSquaresLine(
		flops.slice(-LARGE_POINTS).map(Math.log),
		parameters.slice(-LARGE_POINTS).map(Math.log),
	)!;
	return {
		...allocationFigure(setting, "nonEmbedding"),
		analytic: { flops, parameters },
		largeModels: { slope, intercept },
	};
}

function lossFigure({ studies, analytic }: Setting): LossFigure {
	const { found } = studies.nonEmbedding;
	return {
		frontier: lossColumns(found),
		fit: found.loss,
		analytic: {
			flops: analytic.map(({ flops }) => flops),
			loss: analytic.map(({ loss }) => loss),
			k: analytic.map(({ k }) => k),
		},
	};
}

function lossColumns({ points }: SyntheticFrontier): Series<"flops" | "loss"> {
	return { flops: points.map(({ flops }) => flops), loss: points.map(({ loss }) => loss) };
}

function allocationFigure({ studies }: Setting, count: Convention): AllocationFigure {
	const { points, allocation } = studies[count].found;
	return {
		frontier: { flops: points.map(({ flops }) => flops), parameters: points.map(({ parameters }) => parameters) },
		fit: allocation,
	};
}

function curvesFigure({ law, embedding, studies }: Setting, count: Convention): CurvesFigure {
	const { design, found } = studies[count];
	const { from, to } = design.tokens;
	// Enough points to draw a line; the study itself samples 1,000.
	const tokens = logspace(from, to, CURVE_POINTS);
	const dataLoss = tokens.map((d) => law.B * d ** -law.beta);
	const curves = logspace(design.models.from, design.models.to, design.models.count).map((nonEmbedding) => {
		const total = totalParameters(embedding, nonEmbedding);
		const parameters = count === "total" ? total : nonEmbedding;
		const modelLoss = law.E + law.A * total ** -law.alpha;
		return {
			parameters,
			flops: tokens.map((d) => flopsOf(parameters, d)),
			loss: dataLoss.map((loss) => modelLoss + loss),
		};
	});
	return { curves, frontier: lossColumns(found) };
}
