import type { Outcome, ScheduleComparison } from "../../analysis/schedules/compare-schedules.ts";
import { shapeText } from "../../architecture/shape-text.ts";
import { differenceText } from "../../experiments/anneal/difference-text.ts";
import type { ScheduleBlock } from "../../experiments/anneal/schedule-blocks.ts";
import { short, table } from "./format.ts";

/** What a comparison is of, and its ranking as a table. */
export function rankingLines({ schedules, tokens }: ScheduleBlock, comparison: ScheduleComparison): string[] {
	const { reference, level, standings } = comparison;
	const { spec } = schedules[0]!;
	const hasAverage = standings.some(({ averaged }) => averaged !== null);
	const rows = standings.map(({ name, seeds, raw, averaged, problem }) => [
		name,
		...[String(seeds), ...cells(raw, problem)],
		...(hasAverage ? cells(averaged, problem) : []),
	]);
	const header = ["rank", "loss", `minus ${reference}`];
	return [
		`${shapeText(spec.model)}, ${short(tokens)} tokens of ${spec.corpus.id}; ${Math.round(100 * level)} % intervals, paired by seed:`,
		...table([
			["schedule", "seeds", ...header, ...(hasAverage ? ["averaged: rank", "loss", header[2]!] : [])],
			...rows,
		]),
	];
}

function cells(outcome: Outcome | null, problem: string | null): string[] {
	if (problem !== null || outcome === null) return ["–", outcome?.loss?.toFixed(4) ?? "–", problem ?? "–"];
	const { rank, loss, difference } = outcome;
	return [rank === null ? "–" : String(rank), loss?.toFixed(4) ?? "–", differenceText(difference)];
}
