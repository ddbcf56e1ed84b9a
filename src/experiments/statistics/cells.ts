import { groupBy } from "../../maths/group-by.ts";
import { mean } from "../../maths/least-squares.ts";
import { centralInterval } from "../../maths/quantile.ts";
import { normal, randomKey } from "../../maths/random.ts";
import { canonicalJson } from "../../run/canonical-json.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { AnswerOptions } from "../answer.ts";

/** Runs that differ in nothing but their seed, and one measured value of each, such as a final loss. */
export interface Cell {
	readonly runs: readonly RunResult[];
	/** In nats per token. */
	readonly values: readonly number[];
	readonly mean: number;
}

/** Groups runs by everything but the seed. Runs that were stopped, or have no value, such as diverged ones, are left out. */
export function cellsOf(runs: readonly RunResult[], measure: (run: RunResult) => number | null): Cell[] {
	const measured = runs.flatMap((run) => {
		const value = run.status === "stopped" ? null : measure(run);
		return value === null ? [] : [{ run, value }];
	});
	const groups = groupBy(measured, ({ run: { spec } }) => canonicalJson({ ...spec, seed: null }));
	return [...groups.values()].map((group) => {
		const values = group.map(({ value }) => value);
		return { runs: group.map(({ run }) => run), values, mean: mean(values) };
	});
}

/** All runs as cells, the diverged ones included, to know what was tried. Their values are the tokens they saw. */
export function cellsTried(runs: readonly RunResult[]): Cell[] {
	return cellsOf(runs, ({ tokens }) => tokens);
}

/** Standard deviation of ln(value) between seeds, pooled over the cells, and its degrees of freedom. */
export function seedScatter(cells: readonly Cell[]): { deviation: number; freedom: number } {
	let squares = 0;
	let freedom = 0;
	for (const { values } of cells) {
		const logs = values.map(Math.log);
		const middle = mean(logs);
		for (const value of logs) squares += (value - middle) ** 2;
		freedom += values.length - 1;
	}
	return { deviation: freedom > 0 ? Math.sqrt(squares / freedom) : 0, freedom };
}

/**
 * Draws of the cells' means: each mean times exp(σ·z/√n·√(ν/χ²_ν)), with n seeds in the cell, a standard normal z for each, and
 * one χ² for all, since σ is pooled over the cells and known with ν degrees of freedom. A statistic of the means, computed on
 * every draw, has the draws' quantiles as its interval. Without a repeated seed there are no draws: nothing is known of the scatter.
 *
 * @param alike cells that scatter as `cells` do, from which σ is taken; default: `cells` themselves
 */
export function drawMeans(
	cells: readonly Cell[],
	{ resamples, seed }: AnswerOptions,
	alike: readonly Cell[] = cells,
): number[][] {
	const { deviation, freedom } = seedScatter(alike);
	if (freedom === 0) return [];
	return Array.from({ length: resamples }, (_, r) => {
		const key = randomKey(seed, "cells", r);
		let chiSquared = 0;
		for (let i = 0; i < freedom; i++) chiSquared += normal(key, cells.length + i) ** 2;
		const scale = deviation * Math.sqrt(freedom / chiSquared);
		return cells.map(({ mean, values }, c) => mean * Math.exp((scale * normal(key, c)) / Math.sqrt(values.length)));
	});
}

/** An estimate with its interval; the ends are null where the scatter is unknown. */
export interface Interval {
	readonly estimate: number;
	readonly low: number | null;
	readonly high: number | null;
}

/**
 * A statistic of the cells' means with its interval; null where the means do not determine it. If some draws do not determine
 * it either, the interval has no ends.
 */
export function intervalOf(
	cells: readonly Cell[],
	draws: readonly number[][],
	statistic: (means: readonly number[]) => number | null,
	level: number,
): Interval | null {
	const estimate = statistic(cells.map(({ mean }) => mean));
	if (estimate === null) return null;
	const drawn = draws.map(statistic).filter((value) => value !== null);
	const ends = drawn.length === draws.length ? centralInterval(drawn, level) : null;
	return { estimate, low: ends?.low ?? null, high: ends?.high ?? null };
}
