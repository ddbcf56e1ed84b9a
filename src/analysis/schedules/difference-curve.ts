import type { LossCurve } from "../../run/run-result.ts";
import { DEFAULT_LEVEL, meanInterval } from "./paired-difference.ts";

/** The loss curve of one seed, as far as it has trained. */
export interface SeedCurve {
	readonly seed: number;
	readonly curve: LossCurve;
}

/** Training losses of a schedule minus those of the reference, in nats per token, with their scatter over seeds. */
export interface DifferenceCurve {
	readonly tokens: readonly number[];
	/** Mean over the seeds. */
	readonly mean: readonly number[];
	/** Ends of Student's interval at each point by itself; null with one seed. */
	readonly band: { readonly low: readonly number[]; readonly high: readonly number[] } | null;
	/** The number of pairs. */
	readonly seeds: number;
}

/**
 * The difference of two schedules' loss curves at the tokens that all their curves have, paired by seed. Runs of equal batches
 * have their points at equal tokens, but for the last point of a shorter run.
 */
export function differenceCurve(
	curves: readonly SeedCurve[],
	reference: readonly SeedCurve[],
	level = DEFAULT_LEVEL,
): DifferenceCurve {
	const pairs = curves.flatMap(({ seed, curve }) => {
		const base = reference.find((other) => other.seed === seed && other.curve.tokens.length > 0);
		if (!base || curve.tokens.length === 0) return [];
		const losses = new Map(base.curve.tokens.map((tokens, i) => [tokens, base.curve.loss[i]!]));
		const gaps = curve.tokens.flatMap((tokens, i) => {
			const loss = losses.get(tokens);
			return loss === undefined ? [] : [[tokens, curve.loss[i]! - loss] as const];
		});
		return [new Map(gaps)];
	});
	const [first] = pairs;
	const tokens = first ? [...first.keys()].filter((at) => pairs.every((pair) => pair.has(at))) : [];
	const points = tokens.map((at) =>
		meanInterval(
			pairs.map((pair) => pair.get(at)!),
			level,
		),
	);
	const hasBand = pairs.length > 1;
	return {
		tokens,
		mean: points.map(({ estimate }) => estimate!),
		band: hasBand ? { low: points.map(({ low }) => low!), high: points.map(({ high }) => high!) } : null,
		seeds: pairs.length,
	};
}
