import { groupBy } from "../maths/group-by.ts";
import { mean } from "../maths/least-squares.ts";
import { studentQuantile } from "../maths/student.ts";
import { canonicalJson } from "../run/canonical-json.ts";
import type { LossCurve, RunResult, Stop } from "../run/run-result.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { isConstant } from "../run/schedule.ts";
import { tokensPerStep } from "./cost.ts";
import { gapAt, hasMeasuredGap, type LossAt, lossAt } from "./loss-window.ts";
import type { Halving, Study } from "./study.ts";

/** What is known of a run whose learning rate competes with others. */
export interface Contender {
	id: string;
	spec: RunSpec;
	/** Steps trained. */
	step: number;
	divergedAt: number | null;
	/** Its loss curve so far. */
	curve: LossCurve;
	/** The stored result, if it has ended. */
	result?: RunResult;
}

/** Runs with the same key compete: they differ in nothing but seed and learning rate. */
export function contestKey(spec: RunSpec): string {
	return canonicalJson({ ...spec, seed: null, optimizer: { ...spec.optimizer, learningRate: null } });
}

/** The steps after which the rates of a run's contest are compared. */
function decisionSteps(steps: number, { at }: Halving): number[] {
	const all = at.map((share) => Math.ceil(share * steps)).filter((step) => step < steps);
	return [...new Set(all)];
}

/** Whether a stored result is all that this study asks of the run; one that another study stopped may not be. */
function isFinal({ status, stopped, spec }: RunResult, { halving }: Pick<Study, "halving">): boolean {
	if (status !== "stopped") return true;
	return halving !== undefined && decisionSteps(spec.steps, halving).includes(stopped!.step);
}

/** The stored results that are final in this study. */
export function finalResults(results: readonly RunResult[], study: Pick<Study, "halving">): RunResult[] {
	return results.filter((result) => isFinal(result, study));
}

/** What to do next in a contest. */
export interface Contest {
	/** By run id: the step to train to. Runs that have ended, or wait for others, are absent. */
	until: Map<string, number>;
	/** Runs that end now, before their last step: why they are stopped, or null for those that diverged. */
	ended: Map<string, Stop | null>;
}

/**
 * Goes through the decisions of a contest as far as the runs have come. It depends on nothing but the runs' curves up to each
 * decision, so a study that is interrupted at any time decides the same again.
 */
export function contestOf(contenders: readonly Contender[], halving: Halving): Contest {
	const contest: Contest = { until: new Map(), ended: new Map() };
	const { steps } = contenders[0]!.spec;
	let alive = contenders;
	for (const step of decisionSteps(steps, halving)) {
		const behind = alive.filter((each) => each.step < step && each.divergedAt === null);
		if (behind.length > 0) {
			for (const { id } of behind) contest.until.set(id, step);
			return contest;
		}
		const stops = decideHalving(contenders, alive, step, halving);
		const isDiverged = ({ divergedAt }: Contender) => divergedAt !== null && divergedAt <= step;
		// A run that has ended in another study stays in the contest with what it has.
		const isStopped = ({ id, result }: Contender) => (result ? result.stopped?.step === step : stops.has(id));
		for (const each of alive) {
			if (each.result) continue;
			if (isDiverged(each)) contest.ended.set(each.id, null);
			else if (isStopped(each)) contest.ended.set(each.id, stops.get(each.id)!);
		}
		alive = alive.filter((each) => !isDiverged(each) && !isStopped(each));
	}
	for (const { id, result } of alive) if (!result) contest.until.set(id, steps);
	return contest;
}

/** One-sided confidence with which a rate must be behind. */
const CONFIDENCE = 0.95;

interface Rate {
	learningRate: number;
	members: readonly Contender[];
	/** By seed; null if one of its runs has diverged. */
	losses: Map<number, LossAt> | null;
	loss: number;
}

/**
 * The runs to stop after `step`, with the reason. All seeds of a learning rate stop together, and a rate is stopped only if it
 *
 * - is behind the best one by more than the margin: gaps are paired by seed, since equal seeds read equal batches, and with two
 *   seeds or more the lower end of their one-sided 95 % interval (Student's t over seeds) counts;
 * - would still be at the end, if the gap goes on closing with the logarithm of the tokens as it did since half as many: low
 *   rates are slow at first and may win later. A run whose gap cannot be measured after its warmup stays;
 * - is not next to the best rate on either side, among all that were tried, so that the best one has neighbors to the end;
 * - is lower than the best one, unless the schedule is constant: where the rate falls later, high rates gain by it;
 * - is one of the worse half.
 *
 * A rate that has diverged with one seed is behind.
 */
function decideHalving(
	contenders: readonly Contender[],
	alive: readonly Contender[],
	step: number,
	{ margin }: Halving,
): Map<string, Stop> {
	const none = new Map<string, Stop>();
	const { spec } = contenders[0]!;
	if (!hasMeasuredGap(spec, step)) return none;
	const rates = ratesOf(alive, step);
	const sound = rates.filter(({ losses }) => losses !== null);
	if (sound.length === 0) return none;
	const best = sound.reduce((low, rate) => (rate.loss < low.loss ? rate : low));
	const tried = [...new Set(contenders.map(({ spec }) => spec.optimizer.learningRate))].sort((a, b) => a - b);
	const place = tried.indexOf(best.learningRate);
	const gains = !isConstant(spec.schedule);
	const losing = rates
		.filter(({ learningRate }) => Math.abs(tried.indexOf(learningRate) - place) > 1)
		.filter(({ learningRate }) => !(gains && learningRate > best.learningRate))
		.map((rate) => ({ ...rate, gap: gapBehind(rate, best, step / spec.steps) }))
		.filter(({ gap }) => gap === null || gap.atLeast > margin)
		.sort((a, b) => (b.gap?.mean ?? Number.POSITIVE_INFINITY) - (a.gap?.mean ?? Number.POSITIVE_INFINITY))
		.slice(0, Math.floor(rates.length / 2));
	return new Map(
		losing.flatMap(({ members, gap }) =>
			members.map(
				({ id }) => [id, { step, bestRate: best.learningRate, behind: gap === null ? null : gap.mean }] as const,
			),
		),
	);
}

function ratesOf(alive: readonly Contender[], step: number): Rate[] {
	return [...groupBy(alive, ({ spec }) => spec.optimizer.learningRate)].map(([learningRate, members]) => {
		const isDiverged = members.some(({ divergedAt }) => divergedAt !== null && divergedAt <= step);
		const at = members.map(({ spec, curve }) => [spec.seed, lossAt(curve, step, tokensPerStep(spec))] as const);
		const losses = isDiverged ? null : new Map(at);
		return { learningRate, members, losses, loss: mean(at.map(([, { late }]) => late)) };
	});
}

/** How far a rate is behind another, in nats per token: the mean, and how much it is at least, now and at the end. */
function gapBehind(rate: Rate, best: Rate, share: number): { mean: number; atLeast: number } | null {
	if (!rate.losses || !best.losses) return null;
	const gaps = [...rate.losses].flatMap(([seed, losses]) => {
		const ofBest = best.losses!.get(seed);
		return ofBest ? [gapAt(losses, ofBest, share)] : [];
	});
	const lower = (values: number[]) => mean(values) - halfWidth(values);
	if (gaps.length === 0) return { mean: 0, atLeast: Number.NEGATIVE_INFINITY };
	const [now, end] = [gaps.map((gap) => gap.now), gaps.map((gap) => gap.atEnd)];
	return { mean: mean(now), atLeast: Math.min(lower(now), lower(end)) };
}

/** Half the width of the one-sided interval of a mean; 0 for a single value, where the margin alone must do. */
function halfWidth(values: readonly number[]): number {
	const freedom = values.length - 1;
	if (freedom < 1) return 0;
	const middle = mean(values);
	const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / freedom;
	return studentQuantile(CONFIDENCE, freedom) * Math.sqrt(variance / values.length);
}
