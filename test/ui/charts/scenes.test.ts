import { describe, expect, it } from "vitest";
import { analyzeStudy } from "../../../src/analysis/method1/analyze-study.ts";
import { initialProgress, reduceProgress } from "../../../src/study/progress.ts";
import { validateStudy } from "../../../src/study/validate-study.ts";
import { describeFrontier, frontierScene } from "../../../src/ui/charts/frontier-scene.ts";
import { lossScene, thinCurve } from "../../../src/ui/charts/loss-scene.ts";
import { analyzable, finalTrainingLoss, viewRuns } from "../../../src/ui/state/run-view.ts";
import { fakeLab } from "../fake-lab.ts";

/** Far enough trained that every size overtakes the one before in both conventions, under the script's loss law. */
const study = validateStudy({
	name: "five sizes",
	corpora: ["sotu"],
	vocabularies: [2048],
	context: 16,
	sizes: [
		{ width: 8, layers: 1, heads: 1 },
		{ width: 12, layers: 2, heads: 1 },
		{ width: 24, layers: 2, heads: 2 },
		{ width: 32, layers: 3, heads: 2 },
		{ width: 48, layers: 4, heads: 3 },
	],
	learningRates: [0.003, 0.01],
	tokens: [12_000_000],
	batchSequences: [128],
});
const { training } = fakeLab({ stored: 10 });
const plan = await training.plan(study);
const stored = await training.stored(plan.runs.map(({ id }) => id));
const runs = viewRuns(reduceProgress(initialProgress, { type: "planned", runs: plan.runs, stored, adapter: "A" }).runs);
const analysis = analyzeStudy(analyzable(runs), { resamples: 50 });

describe("the chart of losses", () => {
	it("has a line per run inside its axes, and the envelope on top", () => {
		const scene = lossScene(runs, analysis, "nonEmbedding", false)!;
		expect(scene.lines).toHaveLength(10 + 1);
		for (const [x, y] of scene.lines.flatMap((line) => line.points)) {
			expect(x).toBeGreaterThan(scene.x.min);
			expect(x).toBeLessThan(scene.x.max);
			expect(y).toBeGreaterThan(scene.y.min);
			expect(y).toBeLessThan(scene.y.max);
		}
		const { flops } = analysis.conventions.nonEmbedding.envelope;
		expect(scene.lines.at(-1)!.points[0]![0]).toBe(flops[0]);
	});

	it("draws compute in the convention asked for", () => {
		const last = (axis: "tokens" | "total") => {
			const { lines } = lossScene(runs.slice(0, 1), null, axis, true)!;
			return lines[0]!.points.at(-1)![0];
		};
		expect(last("total") / last("tokens")).toBeCloseTo(6 * runs[0]!.parameters.total);
	});

	it("is empty before the first point", () => {
		expect(lossScene([], null, "tokens", false)).toBeNull();
	});
});

describe("thinCurve", () => {
	it("keeps the ends and the mean, in at most the points asked for", () => {
		const tokens = Array.from({ length: 5000 }, (_, i) => 512 * (i + 1));
		const loss = tokens.map((seen, i) => 3 + 1000 / seen + (i % 2 === 0 ? 0.1 : -0.1));
		const points = thinCurve({ tokens, loss }, 100);
		expect(points.length).toBeLessThanOrEqual(100);
		expect(points[0]![0]).toBe(512);
		expect(points.at(-1)![1]).toBeCloseTo(3, 1);
		for (let i = 1; i < points.length; i++) expect(points[i]![0]).toBeGreaterThan(points[i - 1]![0]);
	});

	it("leaves out what a log axis cannot show", () => {
		expect(thinCurve({ tokens: [0, 512], loss: [5, 4] }, 10)).toEqual([[512, 4]]);
		expect(thinCurve({ tokens: [], loss: [] }, 10)).toEqual([]);
	});
});

describe("the chart of best sizes", () => {
	it("draws each fit through its points with its reference, and says so", () => {
		const scene = frontierScene(analysis, false)!;
		for (const convention of ["total", "nonEmbedding"] as const) {
			const { allocation } = analysis.conventions[convention];
			expect(allocation.estimate).not.toBeNull();
			expect(scene.notes.map((note) => note.text)).toContain(`slope ${allocation.estimate!.toFixed(2)}`);
			for (const { x, y } of allocation.points) expect(scene.dots.map((dot) => dot.point)).toContainEqual([x, y]);
		}
		expect(scene.areas).toHaveLength(2);
		const slopes = scene.lines
			.filter((line) => line.points.length === 2)
			.map(({ points: [a, b] }) => Math.log(b![1] / a![1]) / Math.log(b![0] / a![0]));
		const expected = [0.5, 0.73, ...Object.values(analysis.conventions).map((fits) => fits.allocation.estimate!)];
		for (const slope of expected) expect(slopes.some((found) => Math.abs(found - slope) < 1e-9)).toBe(true);
		expect(describeFrontier(analysis)).toMatch(/All parameters: \d points on a line of slope .* reference 0\.50/);
	});

	it("is empty before the first point, and says that", () => {
		expect(frontierScene(null, true)).toBeNull();
		expect(frontierScene(analyzeStudy([]), true)).toBeNull();
		expect(describeFrontier(null)).toMatch(/no points yet/);
	});
});

describe("finalTrainingLoss", () => {
	it("averages the end of a curve", () => {
		expect(finalTrainingLoss({ tokens: [1], loss: [4] })).toBe(4);
		expect(finalTrainingLoss({ tokens: [], loss: [] })).toBeNull();
		const loss = Array.from({ length: 100 }, (_, i) => 100 - i);
		expect(finalTrainingLoss({ tokens: loss, loss })).toBe(3);
	});
});
