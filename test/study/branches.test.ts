import { expect, test } from "vitest";
import { momentsOf } from "../../src/study/moments.ts";
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

const half = { afterShare: 0.5, cooldown: "linear" };
const forked = (schedules: unknown[], more = {}) =>
	planStudy(studyWith({ sizes: size, schedules, steps: [100], learningRates: [0.01], ...more }), corpora);

test("a run with a tail branches off the run that goes on without it", async () => {
	const cosine = { kind: "cosine", floor: 0.1 };
	const { runs, packs, totals } = await forked([{ ...cosine, tail: half }, cosine, { ...cosine, floor: 0 }]);
	const trunk = runs.find(({ spec }) => spec.schedule.floor === 0.1 && !spec.schedule.tail)!;
	const fork = runs.find(({ spec }) => spec.schedule.tail)!;
	expect(fork.branch).toEqual({ parent: trunk.id, step: 50 });
	expect(runs.filter(({ branch }) => branch)).toEqual([fork]);
	expect(packs.at(-1)).toEqual([fork.id]);
	const whole = await forked([cosine, { ...cosine, floor: 0 }]);
	expect(totals.cost.flops / whole.totals.cost.flops).toBeCloseTo(250 / 200, 12);
	// Without its trunk it trains from the start.
	for (const run of (
		await forked([
			{ ...cosine, tail: half },
			{ ...cosine, floor: 0 },
		])
	).runs)
		expect(run.branch).toBeUndefined();
});

test("a trunk may be longer or shorter than its fork", async () => {
	const linear = { kind: "linear" };
	const tail = { ...half, trunkTokens: 100 * 512 };
	const { runs } = await forked([linear, { ...linear, tail }], { steps: [60, 100, 150] });
	const trunk = runs.find(({ spec }) => spec.steps === 100 && !spec.schedule.tail)!;
	const forks = runs.filter(({ spec }) => spec.schedule.tail);
	expect(forks.map(({ spec, branch }) => [spec.steps, branch])).toEqual(
		[60, 100, 150].map((steps) => [steps, { parent: trunk.id, step: 50 }]),
	);
});

test("of a trunk that branches off another, a fork begins in the run that trains the step, after it", async () => {
	const constant = { kind: "constant" };
	const schedules = [{ ...wsd, tail: half }, { ...wsd, tail: { ...half, afterShare: 0.9 } }, wsd, constant];
	const { runs, packs } = await forked(schedules);
	const [trunk, decay] = [constant, wsd].map(
		({ kind }) => runs.find(({ spec: { schedule } }) => schedule.kind === kind && !schedule.tail)!,
	);
	expect(decay!.branch).toEqual({ parent: trunk!.id, step: 80 });
	const fork = (after: number) => runs.find(({ spec }) => spec.schedule.tail?.after === after)!;
	expect(fork(50).branch).toEqual({ parent: trunk!.id, step: 50 });
	expect(fork(90).branch).toEqual({ parent: decay!.id, step: 90 });
	const place = new Map(packs.flat().map((id, i) => [id, i]));
	for (const { id, branch } of runs) if (branch) expect(place.get(branch.parent)).toBeLessThan(place.get(id)!);
	// A fork is no trunk, though its rate is constant longer than that of others.
	const alone = await forked([{ ...constant, tail: { ...half, afterShare: 0.9 } }, wsd]);
	expect(alone.runs.map(({ spec, branch }) => [spec.schedule.kind, branch?.step])).toEqual([
		["wsd", undefined],
		["constant", 80],
	]);
});

test("moments at shares of the runs are those of the runs that train them, each once", async () => {
	const { runs } = await forked([{ kind: "constant" }, wsd, { kind: "cosine" }, { kind: "cosine", tail: half }]);
	const id = (kind: string) => runs.find(({ spec }) => spec.schedule.kind === kind && !spec.schedule.tail)!.id;
	const steps = (kind: string) =>
		momentsOf(runs, [0.1, 0.5, 0.8, 0.9]).flatMap(({ parent, step }) => (parent === id(kind) ? [step] : []));
	expect([steps("constant"), steps("wsd"), steps("cosine")]).toEqual([[10, 50, 80, 90], [90], [10, 50, 80, 90]]);
	expect(momentsOf(runs, [0.1, 0.5, 0.8, 0.9])).toHaveLength(9);
});
