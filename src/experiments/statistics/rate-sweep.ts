import { groupBy } from "../../maths/group-by.ts";
import { fitParabola } from "../../maths/parabola.ts";
import { canonicalJson } from "../../run/canonical-json.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { RunSpec } from "../../run/run-spec.ts";
import { comparableCells } from "./best-cells.ts";
import { type Cell, cellsOf } from "./cells.ts";

/** Runs that differ in nothing but their learning rate and their seed. */
export interface RateSweep {
	readonly spec: RunSpec;
	/** Ascending. */
	readonly rates: readonly SweptRate[];
}

export interface SweptRate {
	readonly rate: number;
	/** Mean final validation loss in nats per token; that of a uniform guess, ln V, where a run has diverged. */
	readonly loss: number;
	/** The finished runs; null where a run has diverged. */
	readonly cell: Cell | null;
}

/** The sweeps of runs in the order of their first run. A learning rate at which any run has diverged is a bad one. */
export function rateSweeps(runs: readonly RunResult[]): RateSweep[] {
	const groups = groupBy(runs, ({ spec }) =>
		canonicalJson({ ...spec, seed: null, optimizer: { ...spec.optimizer, learningRate: null } }),
	);
	return [...groups.values()].map((group) => {
		const rates = groupBy(group, ({ spec }) => spec.optimizer.learningRate);
		return { spec: group[0]!.spec, rates: [...rates].map(sweptRate).sort((p, q) => p.rate - q.rate) };
	});
}

function sweptRate([rate, runs]: [number, RunResult[]]): SweptRate {
	const diverged = runs.some(({ validationLoss }) => validationLoss === null);
	const cell = diverged ? null : cellsOf(runs, ({ validationLoss }) => validationLoss)[0]!;
	return { rate, loss: cell?.mean ?? Math.log(runs[0]!.spec.model.vocabulary), cell };
}

/** The cells of a sweep that noise could make the best, or that scatter as the best does. */
export function comparableRates({ rates }: RateSweep): Cell[] {
	return comparableCells(
		rates.flatMap(({ cell }) => cell ?? []),
		() => "",
	);
}

/** A sweep with other losses in the place of some cells' means. */
export function withMeans(sweep: RateSweep, means: ReadonlyMap<Cell, number>): RateSweep {
	const rates = sweep.rates.map((rate) => ({ ...rate, loss: (rate.cell && means.get(rate.cell)) ?? rate.loss }));
	return { ...sweep, rates };
}

export interface BestRate {
	readonly rate: number;
	/** The loss of the parabola there. */
	readonly loss: number;
	/** The lowest or the highest rate is the best, so that a better one may lie outside. */
	readonly atEdge: boolean;
}

/** The minimum of a parabola in ln(rate) through the lowest loss and its two neighbors; at an edge, the rate there. */
export function bestRate({ rates }: RateSweep): BestRate {
	const lowest = rates.reduce((best, { loss }, i) => (loss < rates[best]!.loss ? i : best), 0);
	const atEdge = lowest === 0 || lowest === rates.length - 1;
	const near = atEdge ? [] : rates.slice(lowest - 1, lowest + 2);
	const parabola = fitParabola(
		near.map(({ rate }) => Math.log(rate)),
		near.map(({ loss }) => loss),
	);
	const { rate, loss } = rates[lowest]!;
	return parabola ? { rate: Math.exp(parabola.x), loss: parabola.y, atEdge } : { rate, loss, atEdge };
}
