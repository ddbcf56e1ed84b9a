import { shapeText } from "../../architecture/shape-text.ts";
import { groupBy } from "../../maths/group-by.ts";
import { mean } from "../../maths/least-squares.ts";
import type { LeftOut } from "../fitting/fit.ts";
import type { CurveRun } from "../points/curve-run.ts";
import { type LogCurve, logCurve } from "../points/log-curve.ts";
import type { ChosenRate } from "./study-analysis.ts";

/** A run with its curve cleaned and smoothed. */
export interface Candidate {
	run: CurveRun;
	curve: LogCurve;
}

/** The runs of one size at its chosen learning rate, for one recipe (schedule, batch and length). */
export interface Choice {
	/** Equal for the runs of one model shape. */
	sizeKey: string;
	chosen: ChosenRate;
	members: Candidate[];
}

/**
 * Picks the best learning rate of each model size, the one with the lowest final loss (Pearce & Song 2024, section 4),
 * before the envelope is taken. The choice is made separately for each schedule, batch and length, whose final losses are
 * not comparable; all of them enter the envelope, as in Hoffmann et al. (2022).
 *
 * Losses are compared at the last token count that all compared runs reached. Only finished runs are compared; while a
 * size has none, its training runs are, except those far behind the furthest.
 */
export function chooseRates(runs: readonly CurveRun[]): { choices: Choice[]; leftOut: LeftOut[] } {
	const leftOut: LeftOut[] = [];
	const candidates: Candidate[] = [];
	const seen = new Set<string>();
	for (const run of runs) {
		const curve = logCurve(run.curve, warmupTokens(run));
		const reason = seen.has(run.id) ? "it was given twice" : unusable(run, curve);
		seen.add(run.id);
		if (reason) leftOut.push({ run: run.id, reason });
		else candidates.push({ run, curve });
	}
	const choices = [...groupBy(candidates, ({ run }) => `${sizeKey(run)} ${recipeKey(run)}`).values()].map((group) => {
		const first = group[0]!.run;
		const tried = runs.filter((run) => sizeKey(run) === sizeKey(first) && recipeKey(run) === recipeKey(first));
		return choose(group, new Set(tried.map(rate)), leftOut);
	});
	choices.sort((p, q) => p.chosen.parameters.total - q.chosen.parameters.total);
	return { choices, leftOut };
}

function choose(group: readonly Candidate[], tried: ReadonlySet<number>, leftOut: LeftOut[]): Choice {
	const comparable = furthest(group, leftOut);
	const end = Math.min(...comparable.map(({ curve }) => curve.logTokens.at(-1)!));
	const rates = [...groupBy(comparable, ({ run }) => rate(run))].map(([learningRate, members]) => ({
		learningRate,
		loss: Math.exp(mean(members.map(({ curve }) => valueAt(curve, end)))),
		members,
	}));
	rates.sort((p, q) => p.learningRate - q.learningRate);
	const best = rates.reduce((p, q) => (q.loss < p.loss ? q : p));
	for (const other of rates) {
		if (other === best) continue;
		const reason =
			`learning rate ${best.learningRate} gave this size a lower loss, ` +
			`${best.loss.toPrecision(4)} against ${other.loss.toPrecision(4)}`;
		for (const { run } of other.members) leftOut.push({ run: run.id, reason });
	}
	const { run } = best.members[0]!;
	return {
		sizeKey: sizeKey(run),
		members: best.members,
		chosen: {
			size: sizeLabel(run),
			recipe: recipeLabel(run),
			parameters: run.parameters,
			learningRate: best.learningRate,
			runIds: best.members.map((member) => member.run.id),
			loss: best.loss,
			rates: rates.map(({ learningRate, loss }) => ({ learningRate, loss })),
			// Diverged rates count as tried: one beyond the best rate bounds it.
			atGridEdge: best.learningRate === Math.min(...tried) || best.learningRate === Math.max(...tried),
		},
	};
}

/** A training run is compared once it has this share of the furthest run's tokens. */
const BEHIND = 0.9;

function furthest(group: readonly Candidate[], leftOut: LeftOut[]): Candidate[] {
	const finished = group.filter(({ run }) => run.status === "finished");
	const last = ({ curve }: Candidate) => curve.logTokens.at(-1)!;
	const limit = Math.max(...group.map(last)) + Math.log(BEHIND);
	const kept = finished.length > 0 ? finished : group.filter((candidate) => last(candidate) >= limit);
	for (const candidate of group)
		if (!kept.includes(candidate))
			leftOut.push({ run: candidate.run.id, reason: "it is still training, behind the runs that it is compared with" });
	return kept;
}

function unusable(run: CurveRun, curve: LogCurve): string | null {
	const { total, nonEmbedding } = run.parameters;
	if (run.status === "diverged") return "it diverged: its loss was no longer a number";
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

/** ln L at x = ln D within a curve, by linear interpolation. */
function valueAt({ logTokens, logLoss }: LogCurve, x: number): number {
	const after = logTokens.findIndex((value) => value >= x);
	if (after <= 0) return after === 0 ? logLoss[0]! : logLoss.at(-1)!;
	const t = (x - logTokens[after - 1]!) / (logTokens[after]! - logTokens[after - 1]!);
	return logLoss[after - 1]! + t * (logLoss[after]! - logLoss[after - 1]!);
}

function rate(run: CurveRun): number {
	return run.spec.optimizer.learningRate;
}

function warmupTokens({ spec }: CurveRun): number {
	return spec.schedule.warmupSteps * spec.batchSequences * spec.model.context;
}

function sizeKey({ spec: { model } }: CurveRun): string {
	return JSON.stringify(Object.entries(model).sort());
}

function recipeKey({ spec }: CurveRun): string {
	const { learningRate: _, ...optimizer } = spec.optimizer;
	const sorted = (settings: object) => Object.entries(settings).sort();
	return JSON.stringify([
		...[spec.steps, spec.batchSequences, spec.sampling, spec.storage],
		...[sorted(spec.schedule), sorted(optimizer)],
	]);
}

function sizeLabel({ spec }: CurveRun): string {
	return shapeText(spec.model);
}

function recipeLabel({ spec }: CurveRun): string {
	return `${spec.schedule.kind} rate, ${spec.steps} steps of ${spec.batchSequences * spec.model.context} tokens`;
}
