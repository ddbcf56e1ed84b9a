import type { Outcome, ScheduleComparison, Standing } from "../../analysis/schedules/compare-schedules.ts";
import { categoryAxis } from "../../figures/categories.ts";
import type { Color, DotsMark, Figure, Interval, Mark } from "../../figures/figure.ts";
import { formatLoss } from "../../figures/format.ts";
import { rich } from "../../figures/rich-text.ts";
import { linearAxis } from "../drawing.ts";
import { differenceText, formatDifference } from "./difference-text.ts";

/** How far the dots of raw and of averaged weights lie from the middle of their schedule, of the distance between schedules. */
const APART = 0.09;

const KINDS = [
	{ id: "raw", name: "weights as trained", of: ({ raw }: Standing) => raw, color: "total", shape: "circle" },
	{
		id: "averaged",
		name: "averaged weights",
		of: (s: Standing) => s.averaged,
		color: "nonEmbedding",
		shape: "diamond",
	},
] as const satisfies readonly {
	id: string;
	name: string;
	of: (standing: Standing) => Outcome | null;
	color: Color;
	shape: "circle" | "diamond";
}[];

/** Final losses of schedules minus that of the reference, with their intervals, from the lowest to the highest. */
export function rankingFigure({ standings, reference, level }: ScheduleComparison, title: string): Figure {
	const names = standings.map(({ name }) => name);
	const shown = KINDS.filter(({ of }) => standings.some((standing) => of(standing)?.difference.estimate != null));
	const marks = shown.flatMap(({ of, color, shape, id, name: kind }, k): Mark[] => {
		const at = standings.flatMap((standing, i) => {
			const difference = of(standing)?.difference;
			return difference?.estimate == null
				? []
				: [{ standing, difference, x: i + (shown.length > 1 ? k * 2 - 1 : 0) * APART }];
		});
		const dots: DotsMark = {
			...{ kind: "dots", color, shape, series: [id] },
			points: at.map(({ x, difference }) => [x, difference.estimate!]),
			intervals: {
				y: at.map(({ difference: { low, high } }): Interval | null =>
					low === null || high === null ? null : [low, high],
				),
			},
			describe: (i) => `${at[i]!.standing.name}, ${kind}: ${differenceText(at[i]!.difference)}`,
		};
		return [dots];
	});
	return {
		name: "schedules",
		title: rich(title),
		x: categoryAxis(rich("Schedule, from the lowest loss to the highest"), names),
		y: { ...linearAxis(`Validation loss minus that of ${reference} (nats per token)`), switchable: false },
		marks:
			marks.length > 0 ? [{ kind: "rule", axis: "y", at: 0, width: 1, color: "quiet", dash: [4, 4] }, ...marks] : [],
		legend: shown.map(({ name, id, color, shape }) => ({ text: rich(name), series: id, dot: { color, shape } })),
		table: {
			caption: "schedules by their final loss",
			columns: [
				{ id: "schedule", name: rich("Schedule") },
				{ id: "seeds", name: rich("Seeds"), format: String },
				...KINDS.flatMap(({ id, name }) => [
					{ id: `${id}_rank`, name: rich(`Rank, ${name}`), format: String },
					{ id: `${id}_loss`, name: rich("Loss"), format: formatLoss },
					{ id: `${id}_difference`, name: rich("Difference"), format: formatDifference },
					{ id: `${id}_low`, name: rich("from"), format: formatDifference },
					{ id: `${id}_high`, name: rich("to"), format: formatDifference },
				]),
			],
			rows: standings.map((standing) => [
				...[rich(standing.name), standing.seeds],
				...KINDS.flatMap(({ of }) => {
					const outcome = of(standing);
					const { estimate = null, low = null, high = null } = outcome?.difference ?? {};
					return [outcome?.rank ?? null, outcome?.loss ?? null, estimate, low, high];
				}),
			]),
		},
		summary: summaryOf(standings, reference, level),
		empty: "No schedule has ended yet.",
	};
}

function summaryOf(standings: readonly Standing[], reference: string, level: number): string {
	const parts = standings
		.filter(({ raw }) => raw.rank !== null)
		.map(({ name, raw }) => `${name} ${differenceText(raw.difference)}`);
	if (parts.length === 0) return "No schedule has ended yet.";
	return `Final losses minus that of ${reference}, with ${Math.round(100 * level)} % intervals: ${parts.join("; ")}.`;
}
