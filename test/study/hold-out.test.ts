import { describe, expect, test } from "vitest";
import { heldOutRuns, keptPlan } from "../../src/study/hold-out.ts";
import { planStudy } from "../../src/study/planner.ts";
import { corpora, errorOf, studyWith } from "./fixtures.ts";

const sizes = [8, 12, 16, 24].map((width) => ({ width, layers: 1, heads: 2 }));
const plan = (fields: Parameters<typeof studyWith>[0]) => planStudy(studyWith({ sizes, ...fields }), corpora);

describe("the runs that are set aside", () => {
	test("are all runs of the largest size, at every rate, length and seed", async () => {
		const study = await plan({ steps: [40, 80], seeds: [1, 2] });
		const ids = heldOutRuns(study, "largest");
		expect(ids).toHaveLength(2 * 2 * 2);
		const aside = study.runs.filter(({ id }) => ids.includes(id));
		expect(aside.map(({ spec }) => spec.model.width)).toEqual(aside.map(() => 24));
		expect(ids).toEqual(aside.map(({ id }) => id));
	});

	test("are all runs of the largest budget, although whole steps make budgets unequal", async () => {
		const study = await plan({ flops: [1e8, 2e8, 4e8, 8e8], schedules: [{ kind: "cosine" }] });
		const ids = heldOutRuns(study, "budget");
		expect(ids).toHaveLength(4 * 2);
		const flops = ids.map((id) => study.perRun[id]!.flops.total);
		expect(Math.max(...flops)).toBeGreaterThan(Math.min(...flops));
		expect(Math.min(...flops)).toBeGreaterThan(0.9 * 8e8);
	});

	test("must leave three sizes and, without curves, three lengths and as many points as parameters", async () => {
		const few = await plan({ sizes: sizes.slice(0, 3) });
		expect(errorOf(() => heldOutRuns(few, "largest")).message).toBe(
			"study: without the largest size it has 2 sizes; a law of parameters and tokens needs 3",
		);
		const schedules = [{ kind: "cosine" }];
		const short = await plan({ schedules, steps: [40, 80] });
		expect(errorOf(() => heldOutRuns(short, "largest")).message).toBe(
			"study: without the largest size its runs have 2 lengths; a law of parameters and tokens needs 3, or a constant learning rate",
		);
		const own = sizes.map((size, i) => ({ ...size, steps: 40 * (i + 1) }));
		expect(errorOf(() => heldOutRuns(few, "budget")).message).toContain("without the largest budget it has 2 sizes");
		const line = await plan({ sizes: own, schedules });
		expect(errorOf(() => heldOutRuns(line, "largest")).message).toBe(
			"study: without the largest size it has 3 pairs of size and length; a law with 5 parameters needs as many",
		);
		expect(heldOutRuns(await plan({}), "largest")).toHaveLength(2);
	});

	test("must have losses that can be compared", async () => {
		const two = await plan({ vocabularies: [256, 512] });
		expect(errorOf(() => heldOutRuns(two, "largest")).message).toBe(
			"study: has 2 combinations of corpus, vocabulary and context; a forecast needs runs of one",
		);
	});
});

describe("the plan without them", () => {
	test("has every other run once, with its numbers, in packs that cover them", async () => {
		const study = await plan({ steps: [40, 80], seeds: [1, 2] });
		const heldOut = heldOutRuns(study, "largest");
		const kept = keptPlan(study, heldOut);
		expect([...kept.runs.map(({ id }) => id), ...heldOut].sort()).toEqual(study.runs.map(({ id }) => id).sort());
		expect(kept.packs.flat()).toEqual(kept.runs.map(({ id }) => id));
		expect(Object.keys(kept.perRun).sort()).toEqual(kept.runs.map(({ id }) => id).sort());
		expect(kept.totals.runs).toBe(24);
		expect(kept.totals.flops.total).toBeLessThan(study.totals.flops.total);
		expect(kept.study).toBe(study.study);
	});

	test("trains no part of a run that is set aside: cooldowns branch off the longest that is left", async () => {
		const wsd = { kind: "wsd" };
		const study = await plan({ steps: [40, 80, 160, 320], schedules: [wsd], learningRates: [0.01] });
		const longest = study.runs.filter(({ spec }) => spec.steps === 320).map(({ id }) => id);
		expect(study.runs.filter(({ branch }) => branch && longest.includes(branch.parent))).toHaveLength(12);
		const kept = keptPlan(study, longest);
		const parents = new Set(kept.runs.flatMap(({ branch }) => branch?.parent ?? []));
		expect([...parents].filter((id) => longest.includes(id))).toEqual([]);
		expect(parents.size).toBe(4);
	});
});
