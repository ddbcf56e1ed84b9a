import { extremes } from "../../maths/extremes.ts";
import { quantileSorted } from "../../maths/quantile.ts";
import { genuineCrossings } from "../method1/envelope.ts";
import { type Frontier, runsAt } from "../method1/frontier.ts";
import { FEWEST_SIZES, findSlices, measurementsOf, namedSlices, type Slice } from "./iso-flop.ts";
import type { Point } from "./point.ts";

/** The IsoFLOP budgets of single measurements, and the points that belong to none. */
export interface Budgets {
	slices: Slice[];
	outside: Point[];
}

/** The budgets that the points name, if all do; else those found among them, or none where what is found is no design. */
export function budgetsOf(single: readonly Point[], tolerance?: number): Budgets {
	if (single.length === 0 || single.some(({ budget }) => budget === undefined)) {
		const found = findSlices(single, tolerance);
		return areBudgets(found.slices) ? found : { slices: [], outside: [...single] };
	}
	const named = namedSlices(
		single,
		single.map(({ budget }) => budget!),
	);
	const few = named.filter(({ points }) => points.length < FEWEST_SIZES);
	return {
		slices: named.filter(({ points }) => points.length >= FEWEST_SIZES),
		outside: few.flatMap((slice) => measurementsOf(slice).flat()),
	};
}

/**
 * Whether slices are budgets of a design, with gaps between them wider than themselves. Checkpoints of training runs lie at any
 * compute: what is found among them are windows side by side, and the size that happens to be at a window's end looks best.
 */
function areBudgets(slices: readonly Slice[]): boolean {
	if (slices.length < 2) return true;
	const windows = slices.map((slice) => {
		const logs = measurementsOf(slice)
			.flat()
			.map(({ flops }) => Math.log(flops));
		const { least, greatest } = extremes(logs);
		return { from: least, to: greatest };
	});
	const gaps = windows.slice(1).map(({ from }, i) => from - windows[i]!.to);
	const median = (values: readonly number[]) => quantileSorted(Float64Array.from(values).sort(), 0.5);
	return median(gaps) > median(windows.map(({ from, to }) => to - from));
}

/** Number of budgets that curves are cut at. */
const CUTS = 8;

/** Each size's loss at evenly spaced compute between the first and last crossing of the frontier. */
export function cutsThrough(frontier: Frontier): Slice[] {
	const { grid, sizes, logCost, envelope } = frontier;
	const crossings = genuineCrossings(envelope).map((crossing) => crossing.logFlops);
	const inside = (x: number) => crossings.length < 2 || (x >= crossings[0]! && x <= crossings.at(-1)!);
	const columns = [...grid.logFlops.keys()].filter(
		(g) =>
			inside(grid.logFlops[g]!) && grid.logLoss.filter((values) => Number.isFinite(values[g]!)).length >= FEWEST_SIZES,
	);
	const cuts = Math.min(CUTS, columns.length);
	return Array.from({ length: cuts }, (_, c) => {
		const g = columns[Math.round((c * (columns.length - 1)) / Math.max(1, cuts - 1))]!;
		const flops = Math.exp(grid.logFlops[g]!);
		const points = sizes.flatMap(({ parameters }, s) => {
			const loss = Math.exp(grid.logLoss[s]![g]!);
			if (!Number.isFinite(loss)) return [];
			// The first run's id stands for all seeds, which are averaged and move together.
			return [{ run: runsAt(frontier, s, g)[0]!, parameters, tokens: flops / Math.exp(logCost[s]!), flops, loss }];
		});
		return { flops, points };
	});
}
