import { describe, expect, test } from "vitest";
import { compareSchedules, type ScheduleRuns } from "../../../src/analysis/schedules/compare-schedules.ts";
import type { RunResult } from "../../../src/run/run-result.ts";
import { planStudy } from "../../../src/study/planner.ts";
import { corpora, resultOf, studyWith } from "../../study/fixtures.ts";

/** Runs of a constant, a cosine and a WSD schedule with three seeds and these final losses by schedule and seed. */
async function schedules(
	losses: Record<string, readonly (number | null)[]>,
	fields: Record<string, unknown> = {},
): Promise<ScheduleRuns[]> {
	const study = studyWith({
		sizes: [{ width: 8, layers: 1, heads: 1 }],
		learningRates: [0.01],
		...{ seeds: [1, 2, 3], schedules: [{ kind: "constant" }, { kind: "cosine" }, { kind: "wsd" }], ...fields },
	});
	const { runs } = await planStudy(study, corpora);
	return Object.entries(losses).map(([kind, own]) => ({
		name: kind,
		runs: runs
			.filter(({ spec }) => spec.schedule.kind === kind && own[spec.seed - 1] !== undefined)
			.map((run): RunResult => {
				const loss = own[run.spec.seed - 1]!;
				return { ...resultOf(run, loss === null ? "diverged" : "finished"), validationLoss: loss };
			}),
	}));
}

describe("schedules", () => {
	test("are ranked by their difference from the reference, paired by seed", async () => {
		const runs = await schedules({ constant: [3, 3.2, 3.1], cosine: [2.9, 3.1, 3.0], wsd: [2.95, 3.15, 3.06] });
		const { standings, reference, level } = compareSchedules(runs, "constant");
		expect([reference, level]).toEqual(["constant", 0.9]);
		expect(standings.map(({ name, raw, seeds }) => [name, raw.rank, seeds])).toEqual([
			["cosine", 1, 3],
			["wsd", 2, 3],
			["constant", 3, 3],
		]);
		const [cosine, wsd, constant] = standings;
		expect(cosine!.raw.loss).toBeCloseTo(3, 12);
		expect(cosine!.raw.difference.estimate).toBeCloseTo(-0.1, 12);
		// Seeds lie 0.1 apart; the pairs' differences agree.
		expect(cosine!.raw.difference.high! - cosine!.raw.difference.low!).toBeLessThan(1e-9);
		expect(wsd!.raw.difference.high! - wsd!.raw.difference.low!).toBeGreaterThan(0.01);
		expect(constant!.raw.difference).toMatchObject({ estimate: 0, low: 0, high: 0 });
		expect(standings.map(({ averaged }) => averaged)).toEqual([null, null, null]);
	});

	test("are ranked by the seeds that both have, so that what is trained first does not look better", async () => {
		// The first seed is an easy one; "wsd" has trained no other yet, and is behind on it.
		const runs = await schedules({ constant: [2.5, 3.2, 3.1], wsd: [2.6] });
		const { standings } = compareSchedules(runs, "constant");
		expect(standings.map(({ name }) => name)).toEqual(["constant", "wsd"]);
		expect(standings[1]!.raw.loss).toBeLessThan(standings[0]!.raw.loss!);
		expect(standings[1]!.raw.difference.reason).toContain("one seed");
	});

	test("with averaged weights have a rank of their own", async () => {
		const runs = await schedules({ constant: [3, 3.2], cosine: [2.9, 3.1] }, { ema: 0.99 });
		const averaged = { constant: 2.8, cosine: 2.85, wsd: 0 };
		const kept = runs.map(({ name, runs }) => ({
			name,
			runs: runs.map((run) => ({ ...run, validationLossEma: averaged[name as keyof typeof averaged] })),
		}));
		const { standings } = compareSchedules(kept, "cosine");
		expect(standings.map(({ name, raw, averaged }) => [name, raw.rank, averaged!.rank])).toEqual([
			["cosine", 1, 2],
			["constant", 2, 1],
		]);
		expect(standings[1]!.averaged!.difference.estimate).toBeCloseTo(-0.05, 12);
	});

	test("that diverged, were stopped or have not trained are not ranked, and say why", async () => {
		const runs = await schedules({ constant: [3, 3.2, 3.1], cosine: [2, null, 2], wsd: [] });
		const { standings } = compareSchedules(runs, "constant");
		expect(standings.map(({ name, raw, problem }) => [name, raw.rank, problem])).toEqual([
			["constant", 1, null],
			["cosine", null, "1 of 3 runs diverged"],
			["wsd", null, "not trained yet"],
		]);
	});

	test("are compared only where all else is equal, with a reference that is there", async () => {
		const [short] = await schedules({ constant: [3] });
		const [, long] = await schedules({ constant: [3], cosine: [2] }, { steps: [80] });
		expect(() => compareSchedules([short!, long!], "constant")).toThrow(
			'a run of "cosine" differs from one of "constant" in more than schedule, learning rate and seed',
		);
		expect(() => compareSchedules([short!], "linear")).toThrow(
			'the reference is "linear"; it must be one of "constant"',
		);
	});
});
