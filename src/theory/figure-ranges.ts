import { type Convention, FLOPS_PER_PARAMETER } from "../architecture/flops.ts";
import { type Embedding, totalParameters } from "./embedding.ts";
import type { ModelCounts } from "./embedding-fit.ts";
import { type LogRange, PAPER_DESIGN, PAPER_DESIGN_TOTAL, type SyntheticDesign } from "./synthetic-study.ts";

/** From 10^from to 10^to. */
export type Powers = Omit<LogRange, "count">;

/** What the figures cover. */
export interface FigureRanges {
	/** N_\E of the simulated study's smallest and largest model. */
	readonly sizes: Powers;
	/** Its budgets, FLOP: C_\E and C_T, in the study counted the same way. */
	readonly flops: Readonly<Record<Convention, Powers>>;
	/** N_\E of the curve in figure 2; by default the paper's, or what the analytic curves cover with other sizes. */
	readonly embedding?: Powers;
}

/** The paper's. */
export const PAPER_RANGES: FigureRanges = {
	sizes: powersOf(PAPER_DESIGN.models),
	flops: { nonEmbedding: powersOf(PAPER_DESIGN.flops), total: powersOf(PAPER_DESIGN_TOTAL.flops) },
};

/** How far the ranges may reach, as powers of ten. */
export const RANGE_BOUNDS: Record<"sizes" | "flops", Powers> = {
	sizes: { from: 0, to: 20 },
	flops: { from: 0, to: 40 },
};

/** N_\E of the curve in the paper's figure 2. */
const PAPER_FIGURE_2: LogRange = { from: 5, to: 11, count: 200 };
/** N_\E of the paper's analytic curves, which begin below the smallest model and end beyond the largest one. */
const PAPER_ANALYTIC: LogRange = { from: 2, to: 11, count: 100 };
const BELOW = PAPER_DESIGN.models.from - PAPER_ANALYTIC.from;
const BEYOND = PAPER_ANALYTIC.to - PAPER_DESIGN.models.to;

/** @throws RangeError naming a range that is empty or reaches too far, in one line */
export function checkRanges({ sizes, flops }: FigureRanges): void {
	check("the sizes", sizes, RANGE_BOUNDS.sizes);
	check("the budgets in C_\\E", flops.nonEmbedding, RANGE_BOUNDS.flops);
	check("the budgets in C_T", flops.total, RANGE_BOUNDS.flops);
}

function check(name: string, { from, to }: Powers, bounds: Powers): void {
	const text = `${name} run from 10^${from} to 10^${to}`;
	if (!(from < to)) throw new RangeError(`${text}; the first power must be below the second`);
	if (from < bounds.from || to > bounds.to)
		throw new RangeError(`${text}; they must lie within 10^${bounds.from} and 10^${bounds.to}`);
}

/** The simulated study over these ranges: as many models and budgets as the paper's, with losses at every D = C/6N. */
export function designWithin(ranges: FigureRanges, embedding: Embedding, count: Convention): SyntheticDesign {
	const paper = count === "total" ? PAPER_DESIGN_TOTAL : PAPER_DESIGN;
	const { sizes } = ranges;
	const flops = ranges.flops[count];
	if (isSame(sizes, paper.models) && isSame(flops, paper.flops)) return paper;
	const counted = (power: number) => (count === "total" ? Math.log10(totalParameters(embedding, 10 ** power)) : power);
	const perParameter = (power: number) => power - Math.log10(FLOPS_PER_PARAMETER);
	const needed: Powers = {
		from: perParameter(flops.from) - counted(sizes.to),
		to: perParameter(flops.to) - counted(sizes.from),
	};
	// Nearer sizes differ by less, so their losses have to be read at tokens as much nearer to each other.
	const finer = Math.ceil(spanOf(PAPER_RANGES.sizes) / spanOf(sizes) - 1e-9);
	return {
		...paper,
		models: { ...paper.models, ...sizes },
		flops: { ...paper.flops, ...flops },
		tokens: latticeOver(paper.tokens, Math.min(finer, FINEST), needed),
	};
}

/** The token counts are at most so many times as near to each other as the paper's. */
const FINEST = 12;

/**
 * A range in steps of another, or of a fraction of them, that covers some powers: where the two overlap it has the other's
 * numbers, so that readings change no more than the ranges do.
 */
function latticeOver({ from, to, count }: LogRange, finer: number, { from: low, to: high }: Powers): LogRange {
	const step = (to - from) / (count - 1) / finer;
	const [first, last] = [Math.floor((low - from) / step), Math.ceil((high - from) / step)];
	return { from: from + first * step, to: from + last * step, count: last - first + 1 };
}

function spanOf({ from, to }: Powers): number {
	return to - from;
}

/** N_\E of the analytic curves. */
export function analyticRange({ sizes }: FigureRanges): LogRange {
	if (isSame(sizes, PAPER_RANGES.sizes)) return PAPER_ANALYTIC;
	return { ...PAPER_ANALYTIC, from: sizes.from - BELOW, to: sizes.to + BEYOND };
}

/** N_\E of the curve in figure 2. */
export function embeddingRange(ranges: FigureRanges): LogRange {
	const usual = isSame(ranges.sizes, PAPER_RANGES.sizes) ? PAPER_FIGURE_2 : analyticRange(ranges);
	return { ...usual, ...ranges.embedding };
}

/** The same ranges with figure 2 from the smallest to the largest of some models at least. */
export function coveringModels(ranges: FigureRanges, models: readonly ModelCounts[]): FigureRanges {
	if (models.length === 0) return ranges;
	const { from, to } = embeddingRange(ranges);
	const powers = models.map(({ nonEmbedding }) => Math.log10(nonEmbedding));
	return { ...ranges, embedding: { from: Math.min(from, ...powers), to: Math.max(to, ...powers) } };
}

function isSame(one: Powers, other: Powers): boolean {
	return one.from === other.from && one.to === other.to;
}

function powersOf({ from, to }: LogRange): Powers {
	return { from, to };
}
