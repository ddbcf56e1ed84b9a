import { leastSquaresLine } from "../maths/least-squares.ts";
import { logspace } from "../maths/search.ts";
import type { Embedding } from "./embedding.ts";
import { flopsAt, frontierInverse, frontierPoint } from "./frontier.ts";
import type { LossLaw } from "./loss-law.ts";
import type { LogLine, LogRange } from "./synthetic-study.ts";

/** Power laws fitted to the exact frontier (19) at `count` log-spaced budgets. */
export function analyticLines(
	law: LossLaw,
	embedding: Embedding,
	flops: LogRange,
): { allocation: LogLine; loss: LogLine; smallest: number; largest: number } {
	const budgets = logspace(flops.from, flops.to, flops.count);
	const best = frontierInverse(law, embedding);
	const points = budgets.map((budget) => frontierPoint(law, embedding, best(budget)));
	const x = budgets.map(Math.log);
	const line = (values: number[]): LogLine => {
		const fit = leastSquaresLine(x, values.map(Math.log));
		if (!fit) throw new RangeError(`the budgets from 10^${flops.from} to 10^${flops.to} are one; a line needs two`);
		return { slope: fit.slope, intercept: fit.intercept };
	};
	return {
		allocation: line(points.map(({ nonEmbedding }) => nonEmbedding)),
		loss: line(points.map(({ loss }) => loss)),
		smallest: points[0]!.nonEmbedding,
		largest: points.at(-1)!.nonEmbedding,
	};
}

/** The exponent a of N*_\E ∝ C_\E^a, fitted to the exact frontier between two sizes at log-spaced budgets. */
export function analyticExponent(
	law: LossLaw,
	embedding: Embedding,
	sizes: { smallest: number; largest: number },
	count = 400,
): number {
	const from = Math.log10(flopsAt(law, embedding, sizes.smallest));
	const to = Math.log10(flopsAt(law, embedding, sizes.largest));
	return analyticLines(law, embedding, { from, to, count }).allocation.slope;
}
