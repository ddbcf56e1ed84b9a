import { expect, test } from "vitest";
import { compareSchedules } from "../../../src/analysis/schedules/compare-schedules.ts";
import { differenceText, formatDifference } from "../../../src/experiments/anneal/difference-text.ts";
import { rankingFigure } from "../../../src/experiments/anneal/ranking-figure.ts";
import { scheduleBlocks } from "../../../src/experiments/anneal/schedule-blocks.ts";
import { resultOf, studyWith } from "../../study/fixtures.ts";
import { planOf } from "../fixtures.ts";

const plan = await planOf(
	studyWith({
		corpora: ["sotu"],
		sizes: [{ width: 8, layers: 1, heads: 1 }],
		...{ learningRates: [0.01], seeds: [1, 2], ema: 0.99 },
		schedules: [{ kind: "constant" }, { kind: "cosine", floor: 0 }],
	}),
);
const results = plan.runs.map((run) => ({
	...resultOf(run),
	validationLoss: run.spec.schedule.kind === "cosine" ? 2.98 + 0.01 * run.spec.seed : 3.03,
	validationLossEma: run.spec.schedule.kind === "cosine" ? 2.99 : 2.97,
}));
const comparison = (runs: typeof results) => compareSchedules(scheduleBlocks(plan, runs)[0]!.schedules, "constant");

test("differences are drawn for both kinds of weights, best first, with the numbers in the table and in words", () => {
	const figure = rankingFigure(comparison(results), "Schedules");
	expect(figure.x.categories).toEqual(["cosine to 0", "constant"]);
	const dots = figure.marks.filter((mark) => mark.kind === "dots");
	expect(dots).toHaveLength(2);
	const [raw, averaged] = dots;
	expect(raw!.points[0]![1]).toBeCloseTo(-0.035, 12);
	expect(raw!.intervals!.y![0]![0]).toBeLessThan(-0.035);
	expect(averaged!.points[0]![1]).toBeCloseTo(0.02, 12);
	expect(raw!.points[0]![0]).toBeLessThan(averaged!.points[0]![0]);
	expect(figure.table.rows[0]!.slice(1, 4)).toEqual([2, 1, 2.995]);
	expect(figure.table.rows[0]![7]).toBe(2);
	expect(figure.summary).toMatch(
		/^Final losses minus that of constant, with 90 % intervals: cosine to 0 −0\.0350 \(−0\.0666 to −0\.0034\); constant 0 \(0 to 0\)\.$/,
	);
});

test("nothing is drawn before something has ended", () => {
	const figure = rankingFigure(comparison([]), "Schedules");
	expect(figure.marks).toEqual([]);
	expect(figure.summary).toBe("No schedule has ended yet.");
	expect(figure.table.rows.map((row) => row.slice(1, 5))).toEqual([
		[0, null, null, null],
		[0, null, null, null],
	]);
});

test("differences in words", () => {
	expect([0.01234, -0.5, 1e-7, -1e-9].map(formatDifference)).toEqual(["+0.0123", "−0.5000", "0", "0"]);
	expect(differenceText({ estimate: null, low: null, high: null, seeds: 0, reason: "no seed in common" })).toBe(
		"unknown: no seed in common",
	);
	expect(differenceText({ estimate: 0.1, low: null, high: null, seeds: 1, reason: "one seed" })).toBe(
		"+0.1000 (no interval: one seed)",
	);
});
