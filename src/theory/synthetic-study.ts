import { type Convention, tokensOf } from "../architecture/flops.ts";
import { leastSquaresLine } from "../maths/least-squares.ts";
import { logspace } from "../maths/search.ts";
import { type Embedding, totalParameters } from "./embedding.ts";
import type { LossLaw } from "./loss-law.ts";

/** `count` log-spaced values from 10^from to 10^to. */
export interface LogRange {
	from: number;
	to: number;
	count: number;
}

/** What a synthetic study trains, and how its losses are read. */
export interface SyntheticDesign {
	/** N_\E of the models. */
	models: LogRange;
	/** Tokens at which each model's loss is known. */
	tokens: LogRange;
	/** Budgets at which the best model is picked, FLOP. */
	flops: LogRange;
	/**
	 * How a model's loss at a budget is read: `nearest` takes the sampled token count whose compute is nearest (absolute
	 * difference, no interpolation, as in the authors' script); `exact` takes D = C/6N tokens.
	 */
	reading: "nearest" | "exact";
	/** Whether to leave out points on the smallest or largest model, where the range of sizes limits the choice. */
	trimEnds: boolean;
}

/**
 * Pearce & Song's simulation of Kaplan's study (their published script): 20 models of 790 to 1.58 billion
 * non-embedding parameters, with budgets over Kaplan's range.
 */
export const PAPER_DESIGN: SyntheticDesign = {
	models: { from: 2.9, to: 9.2, count: 20 },
	tokens: { from: 6, to: 25, count: 1000 },
	flops: { from: 12.95, to: 20.7, count: 100 },
	reading: "nearest",
	trimEnds: false,
};

/** The same study in total parameters and compute, from 10^14 FLOP: below, a model smaller than the smallest would be best. */
export const PAPER_DESIGN_TOTAL: SyntheticDesign = { ...PAPER_DESIGN, flops: { from: 14, to: 20.7, count: 100 } };

/** A straight line in log-log space: y = e^intercept · C^slope. */
export interface LogLine {
	slope: number;
	/** Natural logarithm of the value at C = 1 FLOP. */
	intercept: number;
}

export interface SyntheticFrontier {
	/** For each budget: the best model's parameters, in the study's convention, its tokens and its loss. */
	points: { flops: number; parameters: number; tokens: number; loss: number; model: number }[];
	/** ln N* on ln C; the slope is a of N* ∝ C^a. */
	allocation: LogLine;
	/** ln L* on ln C, Kaplan's form. */
	loss: LogLine;
	/** ln(L* − E) on ln C, Chinchilla's form. */
	excessLoss: LogLine;
	modelsUsed: number;
	/** The number of budgets, and at how many of them the smallest or the largest model is best: there the study saturates. */
	budgets: number;
	pointsAtSmallest: number;
	pointsAtLargest: number;
}

/**
 * Simulates a study whose losses follow a law of total parameters, picks the best model at each budget and fits power
 * laws (Pearce & Song 2024).
 *
 * @param count which parameters N counts, in N* and in C = 6·N·D
 * @throws RangeError when fewer than two points remain to fit a line to
 */
export function simulateStudy(
	law: LossLaw,
	embedding: Embedding,
	count: Convention,
	design: SyntheticDesign = count === "total" ? PAPER_DESIGN_TOTAL : PAPER_DESIGN,
): SyntheticFrontier {
	const { E, A, B, alpha, beta } = law;
	const models = logspaceOf(design.models).map((nonEmbedding) => {
		const total = totalParameters(embedding, nonEmbedding);
		return { counted: count === "total" ? total : nonEmbedding, loss: E + A * total ** -alpha };
	});
	const tokens = logspaceOf(design.tokens);
	const dataLoss = tokens.map((d) => B * d ** -beta);
	const all = logspaceOf(design.flops).map((flops) => {
		let best = { flops, parameters: 0, tokens: 0, loss: Number.POSITIVE_INFINITY, model: -1 };
		for (const [model, { counted, loss: modelLoss }] of models.entries()) {
			const wanted = tokensOf(flops, counted);
			const sample = design.reading === "exact" ? -1 : nearest(tokens, wanted);
			const loss = modelLoss + (sample < 0 ? B * wanted ** -beta : dataLoss[sample]!);
			if (loss < best.loss) best = { flops, parameters: counted, tokens: tokens[sample] ?? wanted, loss, model };
		}
		return best;
	});
	const last = models.length - 1;
	const points = design.trimEnds ? all.filter(({ model }) => model > 0 && model < last) : all;
	const logFlops = points.map(({ flops }) => Math.log(flops));
	const line = (values: number[]): LogLine => {
		const fit = leastSquaresLine(logFlops, values.map(Math.log));
		if (!fit) throw new RangeError(`the study has ${points.length} points; a line needs two budgets`);
		return { slope: fit.slope, intercept: fit.intercept };
	};
	return {
		points,
		allocation: line(points.map(({ parameters }) => parameters)),
		loss: line(points.map(({ loss }) => loss)),
		excessLoss: line(points.map(({ loss }) => loss - E)),
		modelsUsed: new Set(points.map(({ model }) => model)).size,
		budgets: all.length,
		pointsAtSmallest: all.filter(({ model }) => model === 0).length,
		pointsAtLargest: all.filter(({ model }) => model === last).length,
	};
}

function logspaceOf({ from, to, count }: LogRange): number[] {
	return logspace(from, to, count);
}

/** Index of the nearest value in an ascending list; the lower one in a tie. */
function nearest(values: readonly number[], wanted: number): number {
	let low = 0;
	let high = values.length - 1;
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if (values[middle]! <= wanted) low = middle;
		else high = middle;
	}
	return Math.abs(values[high]! - wanted) < Math.abs(values[low]! - wanted) ? high : low;
}
