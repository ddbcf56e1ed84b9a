import type { LeftOut } from "../fitting/fit.ts";

/** A point of a training curve or the end of a run, counted in one convention. */
export interface Point {
	run: string;
	/** N. */
	parameters: number;
	/** D: training tokens seen, repeated ones counted again. */
	tokens: number;
	/** C, FLOP. */
	flops: number;
	/** Nats per token. */
	loss: number;
	/** U: distinct training tokens. Default: D. */
	uniqueTokens?: number;
	/** How its run was trained: runs of one size and recipe are averaged, the best recipe of a size counts. */
	recipe?: string;
	/** The IsoFLOP budget that it names, FLOP. */
	budget?: number;
	/** Whether the learning rate had been lowered to its end. */
	annealed?: boolean;
	/** Training steps that the loss is the mean of, relative to the run's other points. Default: equal. */
	steps?: number;
}

/** The variables of a point that a law may use. */
export type Variable = "parameters" | "tokens" | "flops" | "uniqueTokens";

const WORDS: Record<Variable | "loss", string> = {
	parameters: "parameters",
	tokens: "tokens",
	flops: "FLOPs",
	uniqueTokens: "unique tokens",
	loss: "loss",
};

/**
 * Keeps the points whose loss and named variables are positive and finite. The rest are listed in `leftOut`, once per
 * run and reason.
 */
export function usablePoints(
	points: readonly Point[],
	variables: readonly Variable[],
): { used: Point[]; leftOut: LeftOut[] } {
	const used: Point[] = [];
	const faults = new Map<string, LeftOut & { count: number }>();
	for (const point of points) {
		const fault = ([...variables, "loss"] as const).find((name) => !isPositive(point[name]));
		if (fault === undefined) {
			used.push(point);
			continue;
		}
		const reason = `${WORDS[fault]} is ${point[fault] ?? "missing"}; it must be positive and finite`;
		const key = `${point.run}\n${reason}`;
		const seen = faults.get(key);
		if (seen) seen.count++;
		else faults.set(key, { run: point.run, reason, count: 1 });
	}
	const leftOut = [...faults.values()].map(({ run, reason, count }) => ({
		run,
		reason: count > 1 ? `${count} points: ${reason}` : reason,
	}));
	return { used, leftOut };
}

function isPositive(value: number | undefined): boolean {
	return value !== undefined && value > 0 && value < Number.POSITIVE_INFINITY;
}

/** Number of distinct values, counted up to `enough`; values within a relative 1e-9 count as equal. */
export function distinct(values: Iterable<number>, enough: number): number {
	const seen: number[] = [];
	for (const value of values) {
		if (seen.some((other) => Math.abs(value - other) <= 1e-9 * Math.abs(other))) continue;
		seen.push(value);
		if (seen.length >= enough) break;
	}
	return seen.length;
}
