import { expect, test, vi } from "vitest";
import { fitPoints } from "../../src/analysis/fit-points.ts";
import { analyzeStudy } from "../../src/analysis/method1/analyze-study.ts";
import type { CurveRun } from "../../src/analysis/points/curve-run.ts";
import type { Point } from "../../src/analysis/points/point.ts";
import { preparePoints } from "../../src/analysis/points/prepare-points.ts";
import { parameterCounts } from "../../src/architecture/size.ts";
import { planStudy } from "../../src/study/planner.ts";
import type { AnalysisApi } from "../../src/worker/protocol.ts";
import { corpora, studyWith } from "../study/fixtures.ts";

const exposed = vi.hoisted(() => ({ api: undefined as unknown }));
vi.mock("comlink", () => ({ expose: (api: unknown) => (exposed.api = api) }));
await import("../../src/worker/analysis-worker.ts");
const api = exposed.api as AnalysisApi;

const points = Array.from({ length: 40 }, (_, i): Point => {
	const [parameters, tokens] = [1e6 * 2 ** (i % 8), 1e8 * 3 ** Math.floor(i / 8)];
	const loss = 1.8 + 480 * parameters ** -0.35 + 2100 * tokens ** -0.37 + 0.002 * Math.sin(i);
	return { run: `${i}`, parameters, tokens, flops: 6 * parameters * tokens, loss };
});

test("the analysis worker fits points as the command line does, and its answer can be posted", async () => {
	const options = {
		...{ methods: ["1", "2", "3"] as const, loss: "huber" as const, delta: 1e-3, resamples: 50, seed: 42 },
		...{ interval: 0.9, noise: 0.002, vocabulary: 32000, at: [] },
	};
	const answer = await api.fitPoints(points, options);
	expect(answer).toEqual(fitPoints(preparePoints(points), options));
	expect(structuredClone(answer)).toEqual(answer);
	expect(answer.method3!.parameters.a!.low).toBeLessThan(answer.method3!.parameters.a!.high!);
});

test("the analysis worker keeps the runs that it was sent, in the order asked for", async () => {
	const size = { layers: 1, heads: 1 };
	const study = studyWith({ sizes: [8, 12, 16].map((width) => ({ ...size, width })), steps: [200] });
	const { runs: planned } = await planStudy(study, corpora);
	const runs = planned.map(({ id, spec }): CurveRun => {
		const parameters = parameterCounts(spec.model);
		const tokens = Array.from({ length: 200 }, (_, i) => (i + 1) * spec.batchSequences * spec.model.context);
		const loss = tokens.map((seen) => 1.8 + 150 / parameters.total ** 0.42 + 1100 / seen ** 0.5);
		return { id, spec, status: "finished", parameters, curve: { tokens, loss } };
	});
	const options = { resamples: 20 };
	const ids = runs.map(({ id }) => id);
	await api.setRuns(ids.slice(0, 2), runs.slice(0, 2));
	expect(await api.analyze(options)).toEqual(analyzeStudy(runs.slice(0, 2), options));
	await api.setRuns(ids, runs.slice(2));
	expect(await api.analyze(options)).toEqual(analyzeStudy(runs, options));
	const changed = { ...runs[0]!, status: "diverged" as const };
	await api.setRuns([...ids].reverse(), [changed]);
	expect(await api.analyze(options)).toEqual(analyzeStudy([...runs.slice(1).reverse(), changed], options));
	await api.setRuns(ids.slice(1), []);
	await expect(api.setRuns(ids, [])).rejects.toThrow(`run ${ids[0]} is to be analyzed, but its curve was not sent`);
});
