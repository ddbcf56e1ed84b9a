import { shapeText } from "../../architecture/shape-text.ts";
import { groupBy } from "../../maths/group-by.ts";
import { GRADIENT_LIMIT, lossLimit } from "../../run/divergence.ts";
import type { LeftOut } from "../fitting/fit.ts";
import { averagedSteps } from "../points/averaged-steps.ts";
import type { CurveRun } from "../points/curve-run.ts";
import { type LogCurve, logCurve } from "../points/log-curve.ts";

/** A run with its curve cleaned and smoothed. */
export interface Candidate {
	run: CurveRun;
	curve: LogCurve;
}

/** The runs of one model shape that differ only in their seed. */
export interface Recipe {
	/** Equal for the runs of one model shape. */
	size: string;
	/** Equal for recipes of one size that differ only in the learning rate. */
	family: string;
	learningRate: number;
	/** One per seed. */
	members: Candidate[];
}

/** A training run is averaged or compared with others once it has this share of the furthest run's tokens. */
const BEHIND = 0.9;

/**
 * Groups the usable runs into recipes, in the order given. What cannot be used is added to `leftOut`: diverged runs, runs
 * without a curve, and seeds still training far behind the others of their recipe. Those would cut the mean short.
 */
export function recipesOf(runs: readonly CurveRun[]): { recipes: Recipe[]; leftOut: LeftOut[] } {
	const leftOut: LeftOut[] = [];
	const candidates: Candidate[] = [];
	const seen = new Set<string>();
	for (const run of runs) {
		const tokensPerStep = run.spec.batchSequences * run.spec.model.context;
		const warmup = run.spec.schedule.warmupSteps * tokensPerStep;
		const curve = logCurve(run.curve, warmup, averagedSteps(run.curve.tokens, tokensPerStep));
		const reason = seen.has(run.id) ? "it was given twice" : unusable(run, curve);
		seen.add(run.id);
		if (reason) leftOut.push({ run: run.id, reason });
		else candidates.push({ run, curve });
	}
	const groups = groupBy(candidates, ({ run }) => `${sizeKey(run)} ${recipeKey(run)}`);
	const recipes = [...groups.values()].map((all) => {
		const { run } = all[0]!;
		const members = withoutStragglers(all, leftOut, "the other seeds that it is averaged with");
		// Seeds of different recipes correspond: they start from the same weights and read the same batches.
		members.sort((p, q) => p.run.spec.seed - q.run.spec.seed);
		return { size: sizeKey(run), family: familyKey(run), learningRate: rateOf(run), members };
	});
	return { recipes, leftOut };
}

/** Drops training runs that are far behind the furthest run, finished or not. */
export function withoutStragglers(
	group: readonly Candidate[],
	leftOut: LeftOut[],
	others: string,
	among: readonly Candidate[] = group,
): Candidate[] {
	const limit = Math.max(...among.map(lastTokens)) + Math.log(BEHIND);
	const waits = (candidate: Candidate) => candidate.run.status === "training" && lastTokens(candidate) < limit;
	for (const candidate of group)
		if (waits(candidate)) leftOut.push({ run: candidate.run.id, reason: `it is still training, behind ${others}` });
	return group.filter((candidate) => !waits(candidate));
}

/** ln D at the end of a curve. */
export function lastTokens({ curve }: Candidate): number {
	return curve.logTokens.at(-1)!;
}

/** The learning rates that a size was given in a recipe's family. Diverged ones count: they bound the best. */
export function ratesTried(runs: readonly CurveRun[], { size, family }: Recipe): number[] {
	return [...new Set(runs.filter((run) => sizeKey(run) === size && familyKey(run) === family).map(rateOf))].sort(
		(p, q) => p - q,
	);
}

function unusable(run: CurveRun, curve: LogCurve): string | null {
	const { total, nonEmbedding } = run.parameters;
	if (run.status === "diverged")
		return (
			`it diverged: its loss reached 10·ln V = ${lossLimit(run.spec.model.vocabulary).toFixed(1)} nats, its gradient norm ` +
			`reached ${GRADIENT_LIMIT.toExponential(0).replace("+", "")}, or one of them was no longer a number`
		);
	if (!(isCount(total) && isCount(nonEmbedding)))
		return `its parameter counts must be 1 or more; they are ${total} in total and ${nonEmbedding} non-embedding`;
	if (curve.logTokens.length < 2)
		return `its curve has ${curve.logTokens.length} usable points after the warmup; it needs 2`;
	return null;
}

/** Far above any real count, yet small enough that 6·N·D does not overflow. */
const LARGEST_COUNT = 1e100;

function isCount(value: number): boolean {
	return value >= 1 && value <= LARGEST_COUNT;
}

function rateOf(run: CurveRun): number {
	return run.spec.optimizer.learningRate;
}

function sizeKey({ spec: { model } }: CurveRun): string {
	return JSON.stringify(Object.entries(model).sort());
}

/** Equal for runs that differ only in model shape and seed. */
export function recipeKey(run: CurveRun): string {
	return `${familyKey(run)} ${rateOf(run)}`;
}

function familyKey({ spec }: CurveRun): string {
	const { learningRate: _, ...optimizer } = spec.optimizer;
	const sorted = (settings: object) => Object.entries(settings).sort();
	return JSON.stringify([
		...[spec.steps, spec.batchSequences, spec.sampling, spec.storage],
		...[sorted(spec.schedule), sorted(optimizer)],
	]);
}

/** A model shape for display, such as "width 64, 3 layers, 4 heads". */
export function sizeLabel({ spec }: CurveRun): string {
	return shapeText(spec.model);
}

/** A family for display, such as "constant rate, 600 steps of 2048 tokens". */
export function familyLabel({ spec }: CurveRun): string {
	const { kind, tail } = spec.schedule;
	return `${kind} rate${tail ? ", forked" : ""}, ${spec.steps} steps of ${spec.batchSequences * spec.model.context} tokens`;
}
