import type { Fit } from "../../analysis/fitting/fit.ts";
import { type BatchMeasurement, fitCriticalBatch } from "../../analysis/training-laws/critical-batch.ts";
import { groupBy } from "../../maths/group-by.ts";
import { mean } from "../../maths/least-squares.ts";
import { canonicalJson } from "../../run/canonical-json.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { RunSpec } from "../../run/run-spec.ts";
import type { AnswerOptions } from "../answer.ts";
import { bestCells, edgeRates } from "./best-cells.ts";
import { type Cell, cellsOf, cellsTried, drawMeans, type Interval, intervalOf } from "./cells.ts";
import { meanCurve, tokensToLoss } from "./mean-curve.ts";
import { targetLosses } from "./target-losses.ts";

/** What each batch size needs to reach one loss. */
export interface LossTarget {
	/** Nats per token. */
	readonly loss: number;
	/** The batch sizes that reach it, each at its best learning rate, ascending. */
	readonly batches: readonly BatchNeed[];
	/** S = S_min·(1 + B_crit/B) through them; its interval is from their scatter about it. */
	readonly fit: Fit;
	/** The gradient noise scale in tokens when the loss is reached, where measured. */
	readonly noiseScale: Interval | null;
	/** Batch sizes whose best rate is the lowest or the highest tried: "64 tokens: 0.001". */
	readonly edges: readonly string[];
}

export interface BatchNeed {
	/** Tokens per step. */
	readonly batch: number;
	readonly rate: number;
	/** E. */
	readonly tokens: Interval;
	readonly runs: readonly string[];
}

const batchOf = ({ batchSequences, model }: RunSpec) => batchSequences * model.context;
const batchKey = (spec: RunSpec) => String(batchOf(spec));
const isFinished = ({ validationLoss }: RunResult) => validationLoss !== null;

/** The steps and tokens that each batch size needs to several losses; `runs` are of one model. */
export function lossTargets(runs: readonly RunResult[], options: AnswerOptions): LossTarget[] {
	const finished = runs.filter(isFinished);
	const recipes = groupBy(finished, ({ spec }) => canonicalJson({ ...spec, seed: null }));
	const curves = [...recipes.values()].map((seeds) => ({ batch: batchOf(seeds[0]!.spec), curve: meanCurve(seeds) }));
	const groups = [...groupBy(curves, ({ batch }) => batch).values()].map((group) => group.map(({ curve }) => curve));
	const tried = cellsTried(runs);
	const own = new Map(finished.map((run) => [run, meanCurve([run])]));
	return targetLosses(groups).map((loss): LossTarget => {
		const reach = cellsOf(finished, (run) => tokensToLoss(own.get(run)!, loss));
		// A recipe counts if all of its seeds reach the loss.
		const complete = reach.filter(({ runs: [first, ...more] }) => {
			const seeds = recipes.get(canonicalJson({ ...first!.spec, seed: null }))!;
			return seeds.length === more.length + 1;
		});
		const best = bestCells(complete, batchKey).sort((p, q) => batchOf(p.runs[0]!.spec) - batchOf(q.runs[0]!.spec));
		const draws = drawMeans(best, options);
		const batches = best.map(
			({ runs: [first, ...more] }, i): BatchNeed => ({
				...{ batch: batchOf(first!.spec), rate: first!.spec.optimizer.learningRate },
				tokens: intervalOf(best, draws, (means) => means[i]!, options.interval)!,
				runs: [first!, ...more].map(({ id }) => id),
			}),
		);
		const measured = batches.map(
			({ batch, tokens, runs }): BatchMeasurement => ({ run: runs[0]!, batch, steps: tokens.estimate / batch }),
		);
		return {
			...{ loss, batches, fit: fitCriticalBatch(measured, { interval: options.interval }) },
			noiseScale: noiseScaleOf(best, options),
			edges: edgeRates(tried, best, batchKey, (spec) => `${batchOf(spec)} tokens`),
		};
	});
}

/** Geometric mean of the noise scales of runs when they have seen the tokens that are the values of their cells. */
function noiseScaleOf(reached: readonly Cell[], options: AnswerOptions): Interval | null {
	const tokens = new Map(reached.flatMap(({ runs, values }) => runs.map((run, i) => [run, values[i]!] as const)));
	const cells = cellsOf([...tokens.keys()], (run) => noiseScaleAt(run, tokens.get(run)!));
	if (cells.length === 0) return null;
	const middle = (means: readonly number[]) => Math.exp(mean(means.map(Math.log)));
	return intervalOf(cells, drawMeans(cells, options), middle, options.interval);
}

/** The smoothed noise scale at the first point of a run's curve that has seen so many tokens; null if it was not measured. */
function noiseScaleAt({ curve, measurements: { noiseScale } }: RunResult, tokens: number): number | null {
	return noiseScale[curve.tokens.findIndex((at) => at >= tokens)] ?? null;
}
