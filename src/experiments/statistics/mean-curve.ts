import { averagedSteps } from "../../analysis/points/averaged-steps.ts";
import { type LogCurve, logCurve } from "../../analysis/points/log-curve.ts";
import type { RunResult } from "../../run/run-result.ts";

/** The smoothed mean of ln L over runs that differ only in their seed, from the end of their warmup. */
export function meanCurve(runs: readonly RunResult[]): LogCurve {
	const { spec } = runs[0]!;
	const tokensPerStep = spec.batchSequences * spec.model.context;
	const tokens = runs.flatMap(({ curve }) => curve.tokens);
	const loss = runs.flatMap(({ curve }) => curve.loss);
	const steps = runs.map(({ curve }) => averagedSteps(curve.tokens, tokensPerStep));
	const known = steps.filter((counts) => counts !== null);
	const all = known.length === steps.length ? known.flat() : null;
	return logCurve({ tokens, loss }, spec.schedule.warmupSteps * tokensPerStep, all);
}

/**
 * Training tokens at which a curve first falls to a loss, interpolated in the logs of both; null if it never does, or if it
 * begins below it.
 *
 * @param loss nats per token
 */
export function tokensToLoss({ logTokens, logLoss }: LogCurve, loss: number): number | null {
	const target = Math.log(loss);
	const after = logLoss.findIndex((value) => value <= target);
	if (after < 1) return null;
	const [x0, x1, y0, y1] = [logTokens[after - 1]!, logTokens[after]!, logLoss[after - 1]!, logLoss[after]!];
	return Math.exp(x0 + ((y0 - target) / (y0 - y1)) * (x1 - x0));
}

/** The lowest loss of a curve within its first `tokens`, in nats per token; infinite if it has no point there. */
export function lowestLoss({ logTokens, logLoss }: LogCurve, tokens = Number.POSITIVE_INFINITY): number {
	return Math.exp(Math.min(Number.POSITIVE_INFINITY, ...logLoss.filter((_, i) => logTokens[i]! <= Math.log(tokens))));
}
