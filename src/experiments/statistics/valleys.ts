import { fitMethod2, type Method2 } from "../../analysis/method2/method2.ts";
import { valleyNoise } from "../../analysis/method2/valley-noise.ts";
import { FEWEST_SIZES, findSlices, namedSlices, type Slice } from "../../analysis/points/iso-flop.ts";
import type { Point } from "../../analysis/points/point.ts";
import { type Convention, flopsOf, tokensOf } from "../../architecture/flops.ts";
import { groupBy } from "../../maths/group-by.ts";
import { mean } from "../../maths/least-squares.ts";
import { logspace } from "../../maths/search.ts";
import type { AnswerOptions } from "../answer.ts";
import { sizeKey } from "./annealed-ends.ts";
import { specOf } from "./best-cells.ts";
import { type Cell, seedScatter } from "./cells.ts";

/** The valleys of loss against parameters at equal compute, and the law through their minima. */
export interface Valleys {
	/** Ascending in compute. */
	readonly slices: readonly Slice[];
	/** With a valley for each slice. */
	readonly fit: Method2;
}

/**
 * Method 2 on the final losses of each size at each budget. The runs share budgets of total compute. At equal non-embedding
 * compute there is none of each size, so the loss of a size is interpolated between its lengths there, in ln L against ln D.
 *
 * Where the valleys do not show how losses scatter, seeds do.
 */
export function valleysOf(ends: readonly Cell[], convention: Convention, options: AnswerOptions): Valleys {
	const slices = convention === "total" ? findSlices(ends.map(pointOf)).slices : interpolatedSlices(ends, convention);
	const seeds = seedScatter(ends);
	const ofMeans = seeds.deviation / Math.sqrt(mean(ends.map(({ values }) => values.length)));
	const scatter = valleyNoise(slices) ?? (seeds.freedom > 0 ? { ...seeds, deviation: ofMeans } : null);
	const { resamples, seed, interval } = options;
	return { slices, fit: fitMethod2(slices, { resamples, seed, interval, scatter }) };
}

function pointOf(cell: Cell): Point {
	const { id, parameters, tokens, flops } = cell.runs[0]!;
	return { run: id, parameters: parameters.total, tokens, flops: flops.total, loss: cell.mean };
}

interface SizeEnds {
	parameters: number;
	/** Ascending. */
	logTokens: number[];
	logLoss: number[];
	runs: string[];
}

/** As many budgets as the sizes have lengths, from the first to the last compute that enough sizes have. */
function interpolatedSlices(ends: readonly Cell[], convention: Convention): Slice[] {
	const sizes = [...groupBy(ends, (cell) => sizeKey(specOf(cell))).values()].map((cells): SizeEnds => {
		const sorted = [...cells].sort((p, q) => p.runs[0]!.tokens - q.runs[0]!.tokens);
		return {
			parameters: sorted[0]!.runs[0]!.parameters[convention],
			logTokens: sorted.map(({ runs }) => Math.log(runs[0]!.tokens)),
			logLoss: sorted.map((cell) => Math.log(cell.mean)),
			runs: sorted.map(({ runs }) => runs[0]!.id),
		};
	});
	const ranges = sizes.map(({ parameters, logTokens }) => ({
		from: flopsOf(parameters, Math.exp(logTokens[0]!)),
		to: flopsOf(parameters, Math.exp(logTokens.at(-1)!)),
	}));
	const shared = ranges
		.flatMap(({ from, to }) => [from, to])
		.filter((flops) => ranges.filter(({ from, to }) => from <= flops && flops <= to).length >= FEWEST_SIZES);
	if (shared.length === 0) return [];
	const [from, to] = [Math.min(...shared), Math.max(...shared)];
	const count = Math.max(...sizes.map(({ logTokens }) => logTokens.length));
	const budgets = logspace(Math.log10(from), Math.log10(to), count);
	const points = budgets.flatMap((flops) =>
		sizes.flatMap((size): { flops: number; point: Point }[] => {
			const tokens = tokensOf(flops, size.parameters);
			const found = interpolate(size, Math.log(tokens));
			// Each point has an offset of its own in the resamples: neighboring budgets lie between other runs.
			const run = `${size.runs[0]} at ${flops}`;
			return found === null
				? []
				: [{ flops, point: { run, parameters: size.parameters, tokens, flops, loss: Math.exp(found) } }];
		}),
	);
	return namedSlices(
		points.map(({ point }) => point),
		points.map(({ flops }) => flops),
	).filter((slice) => slice.points.length >= FEWEST_SIZES);
}

/** Relative room at the ends of a curve for rounding. */
const ROUNDING = 1e-9;

/** ln L at ln D; null beyond the ends. */
function interpolate({ logTokens, logLoss }: SizeEnds, at: number): number | null {
	const last = logTokens.length - 1;
	if (at < logTokens[0]! - ROUNDING || at > logTokens[last]! + ROUNDING) return null;
	if (last === 0) return logLoss[0]!;
	const above = logTokens.findIndex((value) => value >= at);
	const after = above < 0 ? last : Math.max(1, above);
	const share = (at - logTokens[after - 1]!) / (logTokens[after]! - logTokens[after - 1]!);
	return logLoss[after - 1]! + share * (logLoss[after]! - logLoss[after - 1]!);
}
