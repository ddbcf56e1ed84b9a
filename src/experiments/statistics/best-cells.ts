import { groupBy } from "../../maths/group-by.ts";
import type { RunSpec } from "../../run/run-spec.ts";
import type { Cell } from "./cells.ts";

/** What the runs of a cell have in common. */
export function specOf({ runs }: Cell): RunSpec {
	return runs[0]!.spec;
}

/** The learning rate of a cell. */
export function rateOf(cell: Cell): number {
	return specOf(cell).optimizer.learningRate;
}

/** The cell with the lowest mean of each group, such as the best learning rate of each size, in the order of the groups. */
export function bestCells(cells: readonly Cell[], groupOf: (spec: RunSpec) => string): Cell[] {
	return [...groupBy(cells, (cell) => groupOf(specOf(cell))).values()].map((group) =>
		group.reduce((best, cell) => (cell.mean < best.mean ? cell : best)),
	);
}

/** How much higher than its group's lowest mean a cell's may be to count as comparable, as a share. */
const COMPARABLE = 0.05;

/**
 * The cells whose mean is near the lowest of their group: those that a little noise could make the best, and that scatter
 * as the best does. Rates at which training is about to diverge scatter far more.
 */
export function comparableCells(cells: readonly Cell[], groupOf: (spec: RunSpec) => string): Cell[] {
	return [...groupBy(cells, (cell) => groupOf(specOf(cell))).values()].flatMap((group) => {
		const lowest = Math.min(...group.map(({ mean }) => mean));
		return group.filter(({ mean }) => mean <= (1 + COMPARABLE) * lowest);
	});
}

/**
 * A warning that names the groups whose best learning rate is the lowest or the highest one tried, so that a better one may lie
 * outside; nothing if there are none, or if a group tried only one rate.
 */
export function edgeWarnings(...found: Parameters<typeof edgeRates>): string[] {
	return edgeWarningOf(edgeRates(...found));
}

/** The groups whose best learning rate is the lowest or the highest of several tried, each with that rate: "32×1: 0.0015". */
export function edgeRates(
	cells: readonly Cell[],
	best: readonly Cell[],
	groupOf: (spec: RunSpec) => string,
	nameOf: (spec: RunSpec) => string,
): string[] {
	const edge = best.filter((cell) => {
		const group = cells.filter((other) => groupOf(specOf(other)) === groupOf(specOf(cell)));
		const rates = group.map(rateOf);
		return new Set(rates).size > 1 && [Math.min(...rates), Math.max(...rates)].includes(rateOf(cell));
	});
	return edge.map((cell) => `${nameOf(specOf(cell))}: ${rateOf(cell)}`);
}

/** The warning for what `edgeRates` found, each once. */
export function edgeWarningOf(edges: readonly string[]): string[] {
	if (edges.length === 0) return [];
	const list = [...new Set(edges)].join("; ");
	return [`The best learning rate is the lowest or highest one tried, so a better one may lie outside (${list}).`];
}
