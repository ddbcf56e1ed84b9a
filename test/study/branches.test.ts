import { expect, test } from "vitest";
import { planStudy } from "../../src/study/planner.ts";
import { corpora, studyWith } from "./fixtures.ts";

const wsd = { kind: "wsd", cooldownShare: 0.2, cooldown: "linear" };
const size = [{ width: 8, layers: 1, heads: 1 }];

test("budgets of a schedule with a cooldown share a trunk: the longest run, from which the others branch off", async () => {
	const study = studyWith({ sizes: size, schedules: [wsd], steps: [50, 100, 200], seeds: [1, 2] });
	const { runs, packs, totals } = await planStudy(study, corpora);
	const trunks = runs.filter((run) => !run.branch);
	// Two rates, two seeds.
	expect(trunks.map((run) => run.spec.steps)).toEqual([200, 200, 200, 200]);
	for (const { spec, branch } of runs) {
		if (!branch) continue;
		const { spec: trunk } = trunks.find(({ id }) => id === branch.parent)!;
		expect(trunk.optimizer).toEqual(spec.optimizer);
		expect(trunk.seed).toBe(spec.seed);
		expect(branch.step).toBe(spec.steps * 0.8);
	}
	// What a run branches off from has trained before it.
	const place = new Map(packs.flat().map((id, i) => [id, i]));
	for (const { id, branch } of runs) if (branch) expect(place.get(branch.parent)).toBeLessThan(place.get(id)!);
	const alone = await planStudy(studyWith({ sizes: size, schedules: [wsd], steps: [200], seeds: [1, 2] }), corpora);
	// Cooldowns of 10 and 20 steps on top of the 200.
	expect(totals.cost.flops / alone.totals.cost.flops).toBeCloseTo(230 / 200, 12);
	expect(totals.cost.dispatches / alone.totals.cost.dispatches).toBeCloseTo(230 / 200, 12);
});

test("a constant rate is a trunk too; what differs otherwise, or changes the rate from the start, is none", async () => {
	const schedules = [{ kind: "constant" }, wsd, { ...wsd, cooldown: "1-sqrt" }, { ...wsd, warmupSteps: 5 }];
	const { runs } = await planStudy(
		studyWith({ sizes: size, schedules: [...schedules, { kind: "cosine" }], steps: [100], learningRates: [0.01] }),
		corpora,
	);
	const of = (i: number) => runs.find(({ spec }) => JSON.stringify(spec.schedule).includes(i === 0 ? "constant" : ""))!;
	const branches = runs.map(({ spec, branch }) => [spec.schedule.kind, spec.schedule.warmupSteps, branch]);
	expect(branches.filter(([, , branch]) => branch)).toEqual([
		["wsd", 0, { parent: of(0).id, step: 80 }],
		["wsd", 0, { parent: of(0).id, step: 80 }],
	]);
});

test("a cooldown that takes the whole run leaves nothing to share", async () => {
	const study = studyWith({ schedules: [{ ...wsd, cooldownShare: 1 }], steps: [50, 100] });
	for (const run of (await planStudy(study, corpora)).runs) expect(run.branch).toBeUndefined();
});
