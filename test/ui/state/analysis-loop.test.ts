import { describe, expect, it, vi } from "vitest";
import { analyzeStudy } from "../../../src/analysis/method1/analyze-study.ts";
import type { StudyAnalysis } from "../../../src/analysis/method1/study-analysis.ts";
import type { CurveRun } from "../../../src/analysis/points/curve-run.ts";
import { presets } from "../../../src/experiments/experiments.ts";
import { AnalysisLoop } from "../../../src/ui/state/analysis-loop.ts";
import { fakeLab } from "../fake-lab.ts";

async function studyRuns(): Promise<CurveRun[]> {
	const { training } = fakeLab({ stored: 1000 });
	const plan = await training.plan(presets[0]!.study);
	return training.stored(plan.runs.map(({ id }) => id));
}

function open() {
	const fake = fakeLab();
	const delivered: StudyAnalysis[] = [];
	const loop = new AnalysisLoop(fake.analysis, (analysis) => delivered.push(analysis));
	const next = async (count = delivered.length + 1) => {
		await vi.waitFor(() => expect(delivered).toHaveLength(count), 10_000);
		return delivered.at(-1)!;
	};
	return { fake, loop, delivered, next };
}

describe("the analysis loop", () => {
	it("sends each curve once, and gets the fits of all of them in the order asked for", async () => {
		const runs = await studyRuns();
		const { fake, loop, next } = open();
		for (const asked of [runs.slice(0, 3), runs, [...runs].reverse(), runs.slice(1)]) {
			const answer = next();
			loop.request(asked, "final");
			expect(await answer).toEqual(analyzeStudy(asked, { resamples: 1000 }));
		}
		expect(fake.sent).toEqual([3, runs.length - 3, 0, 0]);
	});

	it("sends a changed curve again", async () => {
		const [first, ...others] = await studyRuns();
		const { fake, loop, next } = open();
		loop.request([first!, ...others], "final");
		await next();
		const { tokens, loss } = first!.curve;
		const changed = { ...first!, curve: { tokens: tokens.slice(0, 50), loss: loss.slice(0, 50) } };
		loop.request([changed, ...others], "final");
		expect(await next()).toEqual(analyzeStudy([changed, ...others], { resamples: 1000 }));
		expect(fake.sent.at(-1)).toBe(1);
	});

	it("sends everything again after a failure", async () => {
		const runs = await studyRuns();
		const { fake, loop, next } = open();
		const failing = vi.spyOn(fake.analysis, "setRuns").mockRejectedValueOnce(new Error("gone"));
		const logged = vi.spyOn(console, "error").mockImplementation(() => {});
		loop.request(runs.slice(0, 2), "final");
		await vi.waitFor(() => expect(logged).toHaveBeenCalled(), 5000);
		loop.request(runs.slice(0, 2), "final");
		await next();
		expect(fake.sent).toEqual([2]);
		failing.mockRestore();
		logged.mockRestore();
	});

	it("delivers nothing that was asked for before a reset, and nothing without runs", async () => {
		const runs = await studyRuns();
		const { loop, delivered, next } = open();
		loop.request([], "final");
		loop.request(runs.slice(0, 2), "final");
		loop.reset();
		loop.request(runs, "final");
		expect((await next(1)).chosen.flatMap(({ runIds }) => runIds).length).toBeGreaterThan(2);
		expect(delivered).toHaveLength(1);
	});
});
