import { expect, test } from "vitest";
import { armStudies } from "../../src/study/arms.ts";
import { planStudy } from "../../src/study/planner.ts";
import { studySize } from "../../src/study/study-axes.ts";
import { corporaNamed } from "../../src/study/study-data.ts";
import { corpora, errorOf, studyWith } from "./fixtures.ts";

test("an arm replaces settings of the study, and its budget replaces any other", () => {
	const study = studyWith({
		arms: [
			{ name: "as it is" },
			{ name: "longer", tokens: [40_000, 80_000], schedules: [{ kind: "cosine" }] },
			{ name: "SGD", optimizer: "sgd", learningRates: [0.1] },
		],
	});
	const [same, longer, sgd] = armStudies(study);
	expect(same).toMatchObject({ name: "as it is", steps: [40], optimizer: "adamw" });
	expect(longer).toMatchObject({
		tokens: [40_000, 80_000],
		schedules: [{ kind: "cosine", floor: 0.1, warmupSteps: 0 }],
	});
	expect(longer!.steps).toBeUndefined();
	expect(sgd).toMatchObject({ optimizer: "sgd", learningRates: [0.1], steps: [40] });
	expect(studySize(study)).toBe(3 * (2 + 2 * 2 + 1));
});

test("a study without arms is its own only arm", async () => {
	const study = studyWith();
	expect(armStudies(study)).toEqual([study]);
	const { arms, runs } = await planStudy(study, corpora);
	expect(arms).toEqual([{ name: "test", runIds: expect.arrayContaining(runs.map(({ id }) => id)) }]);
});

test("a run that two arms have in common trains once and belongs to both", async () => {
	const arms = [{ name: "one" }, { name: "two", learningRates: [0.01, 0.02] }];
	const { runs, arms: planned } = await planStudy(studyWith({ arms }), corpora);
	expect(runs.length).toBe(3 * 3);
	expect(planned.map(({ name, runIds }) => [name, runIds.length])).toEqual([
		["one", 6],
		["two", 6],
	]);
	const [one, two] = planned.map(({ runIds }) => new Set(runIds));
	const shared = runs.filter(({ id }) => one!.has(id) && two!.has(id));
	expect(shared.map(({ spec }) => spec.optimizer.learningRate)).toEqual([0.01, 0.01, 0.01]);
});

test("the corpora of all arms are named", () => {
	const arms = [{ name: "one" }, { name: "two", corpora: [{ mix: { novel: 1, poems: 2 } }] }];
	expect(corporaNamed(studyWith({ arms }))).toEqual(["speeches", "novel", "poems"]);
});

test.each([
	[[], "study: arms is a list of 0; it must be a list of 1 to 16 arms"],
	[[{}], "study: arms[0].name is missing; it must be 1 to 120 printable characters"],
	[[{ name: "a" }, { name: "a" }], 'study: arms[1].name is "a", the same as that of arms[0]; names must differ'],
	[[{ name: "a", beta2: 2 }], "study: arms[0].beta2 is 2; it must be a number from 0 to 0.999999"],
	[[{ name: "a", seed: 1 }], /^study: arms\[0\].seed is not a known key; the keys of arms\[0\] are name, corpora, /],
	[[{ name: "a" }, { name: "b", arms: [] }], /^study: arms\[1\].arms is not a known key/],
	[
		[{ name: "a", schedules: [{ kind: "constant", floor: 0.5 }] }],
		'study: arms[0].schedules[0].floor is 0.5; it must be 1 or absent for "constant"',
	],
	[
		[{ name: "a", steps: [5], tokens: [512] }],
		"study: arms[0].steps is given, and so is tokens; a study has one of steps, tokens, flops",
	],
	[
		[{ name: "a", parametrizations: ["mup"] }],
		'study: baseWidth is missing; parametrizations[0] is "mup", which needs it',
	],
])("arms %j are refused", (arms, message) => {
	expect(errorOf(() => studyWith({ arms })).message).toMatch(message);
});

test("an arm with a corpus that is not there", async () => {
	const plan = planStudy(studyWith({ arms: [{ name: "a", corpora: ["poems"] }] }), corpora);
	await expect(plan).rejects.toThrow('study: arms[0].corpora[0] is "poems"; it must be one of speeches, novel');
});
