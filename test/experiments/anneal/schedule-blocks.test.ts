import { describe, expect, test } from "vitest";
import { scheduleBlocks } from "../../../src/experiments/anneal/schedule-blocks.ts";
import { scheduleText } from "../../../src/run/schedule-text.ts";
import { resultOf, studyWith } from "../../study/fixtures.ts";
import { planOf, planOfPreset } from "../fixtures.ts";

const names = (blocks: ReturnType<typeof scheduleBlocks>) =>
	blocks.map(({ schedules }) => schedules.map(({ name }) => name));

describe("the schedules of a study", () => {
	test("are compared at equal model and budget, with what tells them apart as their name", async () => {
		const study = studyWith({
			corpora: ["sotu"],
			sizes: [{ width: 8, layers: 1, heads: 1 }],
			...{ learningRates: [0.01], seeds: [1, 2], steps: [100, 200] },
			schedules: [{ kind: "constant" }, { kind: "cosine", floor: 0 }, { kind: "wsd", cooldown: "linear", floor: 0.1 }],
		});
		const plan = await planOf(study);
		const results = plan.runs.filter(({ spec }) => spec.seed === 1).map((run) => resultOf(run));
		const blocks = scheduleBlocks(plan, results);
		expect(blocks.map(({ tokens }) => tokens)).toEqual([100 * 512, 200 * 512]);
		const expected = ["constant", "cosine to 0", "WSD, last 20 % linear to 10 %"];
		expect(names(blocks)).toEqual([expected, expected]);
		for (const { schedules } of blocks)
			for (const { ids, runs, spec } of schedules) {
				expect(ids).toHaveLength(2);
				expect(runs.map(({ spec: { seed, schedule } }) => [seed, schedule])).toEqual([[1, spec.schedule]]);
			}
	});

	test("have the names of their arms, and more where an arm has several", async () => {
		const blocks = scheduleBlocks(await planOfPreset("schemes"), []);
		// Four sizes at six budgets; at the longest all five schemes meet.
		expect(blocks).toHaveLength(24);
		expect(names(blocks.filter(({ schedules }) => schedules.length > 2))[0]).toEqual([
			"constant, one rate",
			"constant, best rate: constant, rate 0.003",
			"constant, best rate: constant, rate 0.006",
			...["one cosine", "a cosine for each budget", "branches of one trunk"],
		]);
	});
});

test("schedules in words", () => {
	const common = { warmupSteps: 5, floor: 0 };
	expect(scheduleText({ ...common, kind: "inverse-sqrt" }, 100)).toBe("inverse square root");
	expect(scheduleText({ ...common, kind: "inverse-sqrt", floor: 0.05 }, 100)).toBe("inverse square root, at least 5 %");
	expect(scheduleText({ ...common, kind: "linear", floor: 0.125 }, 100)).toBe("linear to 12.5 %");
	expect(scheduleText({ ...common, kind: "wsd", cooldown: "1-sqrt", cooldownSteps: 33 }, 100)).toBe(
		"WSD, last 33 % 1−√ to 0",
	);
	const points: [number, number][] = [
		[0, 1],
		[1, 0.5],
	];
	expect(scheduleText({ ...common, kind: "piecewise", points }, 100)).toBe("piecewise through 2 points");
	const tail = { after: 50, of: 100, cooldown: "1-sqrt", floor: 0 } as const;
	const cosine = { ...common, kind: "cosine", floor: 0.1 } as const;
	expect(scheduleText({ ...cosine, tail }, 100)).toBe("cosine to 10 %, forked at 50 %, 1−√ to 0");
	const wsd = { ...common, kind: "wsd", cooldown: "1-sqrt", cooldownSteps: 400 } as const;
	expect(
		scheduleText({ ...wsd, tail: { ...tail, of: 2000, after: 1800, cooldown: "linear", floor: 0.05 } }, 1900),
	).toBe("WSD, last 20 % 1−√ to 0, forked at 90 % of 2,000 steps, linear to 5 %");
});
