import { canonicalJson } from "../../run/canonical-json.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { RunSpec } from "../../run/run-spec.ts";
import type { Plan } from "../../study/plan.ts";
import type { AnswerOptions } from "../answer.ts";
import { runsOfArms } from "./arms.ts";
import { bestCells, comparableCells, edgeRates, edgeWarningOf, rateOf } from "./best-cells.ts";
import { type Cell, cellsOf, cellsTried, drawMeans, type Interval, intervalOf } from "./cells.ts";

/** A model size of an arm at its best learning rate. */
export interface ArmBest {
	readonly arm: string;
	/** What it has in common with its runs, its learning rate included. */
	readonly cell: Cell;
	readonly rate: number;
	/** Final validation loss. */
	readonly loss: Interval;
	/** Every learning rate with its mean loss, ascending; those with a diverged run are left out. */
	readonly sweep: readonly Cell[];
	/** Ids of the runs behind `cell`. */
	readonly runs: readonly string[];
}

export interface BestOfArms {
	/** In the order of the arms, then of size. */
	readonly best: readonly ArmBest[];
	/** A function of the losses of `best`, in that order, with its interval. */
	interval(statistic: (losses: readonly number[]) => number | null): Interval | null;
	readonly warnings: readonly string[];
}

/** Everything of a run but its learning rate and its seed. */
const sweepKey = ({ optimizer, ...spec }: RunSpec) =>
	canonicalJson({ ...spec, seed: null, optimizer: { ...optimizer, learningRate: null } });

/** The best learning rate of each arm and size, by the mean final validation loss. */
export function bestOfArms(plan: Plan, runs: readonly RunResult[], options: AnswerOptions): BestOfArms {
	const arms = runsOfArms(plan, runs).map(({ name, runs }) => {
		const diverged = new Set(runs.filter(isDiverged).map(cellKey));
		const cells = cellsOf(runs, (run) => (diverged.has(cellKey(run)) ? null : run.validationLoss));
		const best = bestCells(cells, sweepKey).sort((p, q) => totalOf(p) - totalOf(q));
		const edges = edgeRates(cellsTried(runs), best, sweepKey, ({ model }) => `${name}, width ${model.width}`);
		return { name, runs, cells, best, edges };
	});
	const best = arms.flatMap((arm) => arm.best);
	const alike = arms.flatMap(({ cells }) => comparableCells(cells, sweepKey));
	const draws = drawMeans(best, options, alike);
	const interval: BestOfArms["interval"] = (statistic) => intervalOf(best, draws, statistic, options.interval);
	return {
		best: arms
			.flatMap((arm) => arm.best.map((cell) => ({ arm, cell })))
			.map(({ arm, cell }, i) => ({
				...{ arm: arm.name, cell, rate: rateOf(cell), runs: cell.runs.map(({ id }) => id) },
				loss: interval((losses) => losses[i]!)!,
				sweep: arm.cells
					.filter((other) => sweepKey(other.runs[0]!.spec) === sweepKey(cell.runs[0]!.spec))
					.sort((p, q) => rateOf(p) - rateOf(q)),
			})),
		interval,
		warnings: [...edgeWarningOf(arms.flatMap(({ edges }) => edges)), ...divergedWarning(arms)],
	};
}

const isDiverged = ({ validationLoss }: RunResult) => validationLoss === null;
const cellKey = ({ spec }: RunResult) => canonicalJson({ ...spec, seed: null });
const totalOf = ({ runs }: Cell) => runs[0]!.parameters.total;

function divergedWarning(arms: readonly { name: string; runs: readonly RunResult[] }[]): string[] {
	const counts = arms
		.map(({ name, runs }) => ({ name, count: runs.filter(isDiverged).length }))
		.filter(({ count }) => count > 0);
	if (counts.length === 0) return [];
	const list = counts.map(({ name, count }) => `${name}: ${count}`).join("; ");
	return [`Runs diverged (${list}); a learning rate at which one did is not taken as the best.`];
}
