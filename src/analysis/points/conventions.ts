import type { Count, Counting } from "../../architecture/counting.ts";
import { flopsOf } from "../../architecture/flops.ts";
import type { Point } from "./point.ts";
import type { PointRow } from "./points-file.ts";

/**
 * How parameters and compute are counted. This choice alone changes the same runs' N* ∝ C^0.73 to C^0.50 (Pearce & Song
 * 2024; Porian et al. 2024), so all methods take their points from here.
 */
export interface Conventions {
	count: Count;
	/** How C is counted. */
	flops: FlopsRule;
}

/**
 * - `6nd`: 6 · N · D with N in the chosen count (Kaplan et al. 2020, section 2.1)
 * - `exact`: the multiply–adds of layers, attention and logits; its variants leave out attention, the logits or both
 * - `column`: the value in the file
 */
export const FLOPS_RULES = [
	"6nd",
	"exact",
	"exact-no-attention",
	"exact-no-head",
	"exact-no-attention-no-head",
	"column",
] as const;
export type FlopsRule = (typeof FLOPS_RULES)[number];

/** The conventions of a way of counting. */
export function conventionsOf(counting: Counting): Conventions {
	return counting === "exact" ? { count: "total", flops: "exact" } : { count: counting, flops: "6nd" };
}

/** Conventions that fit a file: its total count if every row has one, and the file's own compute with it. */
export function defaultConventions(rows: readonly PointRow[], chosen: Partial<Conventions> = {}): Conventions {
	const own = rows.every((row) => row.total !== null) ? "total" : "nonembedding";
	const count = chosen.count ?? own;
	const hasFlops = rows.every((row) => row.flops !== null);
	return { count, flops: chosen.flops ?? (hasFlops && count === own ? "column" : "6nd") };
}

/** The ways of counting that every row has the values for. */
export function possibleConventions(rows: readonly PointRow[]): { counts: Count[]; flops: FlopsRule[] } {
	const all = (has: (row: PointRow) => boolean) => rows.every(has);
	const counts: Count[] = [];
	if (all(({ total }) => total !== null)) counts.push("total");
	if (all(({ nonEmbedding }) => nonEmbedding !== null)) counts.push("nonembedding");
	if (all(({ nonEmbedding, head }) => nonEmbedding !== null && head !== null)) counts.push("nonembedding+head");
	const flops = FLOPS_RULES.filter((rule) => {
		if (rule === "6nd") return true;
		return rule === "column" ? all((row) => row.flops !== null) : all(({ cost }) => cost !== null);
	});
	return { counts, flops };
}

/** Thrown when a row lacks a value that the convention needs. */
export class ConventionError extends Error {
	override name = "ConventionError";
}

/**
 * Converts rows to points in one convention.
 *
 * @throws ConventionError naming the line and the missing value
 */
export function countPoints(rows: readonly PointRow[], { count, flops }: Conventions): Point[] {
	return rows.map((row) => {
		const parameters = parametersOf(row, count);
		const tokens = row.tokens!;
		const point: Point = { run: row.run, parameters, tokens, flops: computeOf(row, parameters, flops), loss: row.loss };
		if (row.uniqueTokens !== null) point.uniqueTokens = row.uniqueTokens;
		if (row.recipe !== null) point.recipe = row.recipe;
		if (row.budget !== null) point.budget = row.budget;
		if (row.annealed !== null) point.annealed = row.annealed;
		if (row.steps !== null) point.steps = row.steps;
		return point;
	});
}

function parametersOf(row: PointRow, count: Count): number {
	if (count === "total") return have(row, row.total, "--count total", "parameters in total (params)");
	const nonEmbedding = have(row, row.nonEmbedding, `--count ${count}`, "params_nonembedding");
	if (count === "nonembedding") return nonEmbedding;
	return nonEmbedding + have(row, row.head, `--count ${count}`, "params_head, or width and vocabulary");
}

function computeOf(row: PointRow, parameters: number, rule: FlopsRule): number {
	if (rule === "6nd") return flopsOf(parameters, row.tokens!);
	if (rule === "column") return have(row, row.flops, "--flops column", "flops");
	const cost = have(row, row.cost, `--flops ${rule}`, "width, layers, vocabulary and context");
	const attention = rule.includes("no-attention") ? 0 : cost.attention;
	const head = rule.includes("no-head") ? 0 : cost.head;
	return (cost.layers + attention + head) * row.tokens!;
}

function have<T>(row: PointRow, value: T | null, asked: string, what: string): T {
	if (value === null) throw new ConventionError(`${asked} needs ${what}, which line ${row.line} does not have`);
	return value;
}
