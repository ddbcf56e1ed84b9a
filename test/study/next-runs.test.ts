import { beforeAll, describe, expect, test } from "vitest";
import type { RunResult } from "../../src/run/run-result.ts";
import { nextRunsOf, withSize } from "../../src/study/next-runs.ts";
import { planStudy } from "../../src/study/planner.ts";
import type { Study } from "../../src/study/study.ts";
import { lawRuns } from "../experiments/law-runs.ts";
import { corpora, studyWith } from "./fixtures.ts";

const sizes = [8, 12, 16, 24].map((width) => ({ width, layers: 2, heads: 2 }));

let study: Study;
let results: RunResult[];
beforeAll(async () => {
	study = studyWith({
		...{ sizes, steps: [250, 500, 1000, 2000], seeds: [1], learningRates: [0.01] },
		schedules: [{ kind: "cosine" }],
	});
	results = lawRuns(await planStudy(study, corpora), { noise: 0.003 });
});

describe("runs that would narrow an interval", () => {
	test("are new ones that the study can have, the most gain per FLOP first", async () => {
		const { reason, estimate, runs } = nextRunsOf({ study, results, parameter: "a" });
		expect(reason).toBeNull();
		expect(estimate).toBeGreaterThan(0.2);
		expect(estimate).toBeLessThan(0.8);
		expect(runs.length).toBeGreaterThan(2);
		expect(runs[0]!.gain).toBe(1);
		expect(runs.map(({ gain }) => gain)).toEqual(runs.map(({ gain }) => gain).sort((p, q) => q - p));
		const trained = new Set(results.map((run) => `${run.parameters.total} ${run.tokens}`));
		for (const { size, parameters, tokens, flops, narrowing } of runs) {
			expect(flops).toBe(6 * parameters * tokens);
			expect(narrowing).toBeGreaterThan(0);
			expect(narrowing).toBeLessThan(1);
			expect(size.tokens).toBe(tokens);
			const more = withSize(study, size)!;
			const added = (await planStudy(more, corpora)).runs.filter(({ id }) => !results.some((run) => run.id === id));
			expect(added).toHaveLength(1);
			expect(trained.has(`${parameters} ${added[0]!.spec.steps * 512}`)).toBe(false);
		}
	});

	test("depend on the parameter", () => {
		const listOf = (parameter: "a" | "β") =>
			nextRunsOf({ study, results, parameter }).runs.map(({ parameters, tokens }) => `${parameters} ${tokens}`);
		expect(listOf("a")).not.toEqual(listOf("β"));
	});

	test("are none, with the reason, where the law is not determined or the study has arms", () => {
		const few = nextRunsOf({ study, results: results.slice(0, 4), parameter: "a" });
		expect(few).toMatchObject({ estimate: null, runs: [] });
		expect(few.reason).toContain("needs 3");
		const arms = [
			{ name: "one", seeds: [1] },
			{ name: "two", seeds: [2] },
		];
		const split = nextRunsOf({ study: studyWith({ sizes, arms }), results, parameter: "a" });
		expect(split.reason).toContain("a study with arms");
	});

	test("leave out sizes that the study cannot have", () => {
		expect(withSize(study, { width: 9, layers: 1, heads: 2 })).toBeNull();
		expect(withSize(study, { width: 10, layers: 1, heads: 2, tokens: 1e5 })!.sizes).toHaveLength(5);
	});
});
