import { expect, test, vi } from "vitest";
import { fitPoints } from "../../src/analysis/fit-points.ts";
import type { Point } from "../../src/analysis/points/point.ts";
import { preparePoints } from "../../src/analysis/points/prepare-points.ts";
import type { AnalysisApi } from "../../src/worker/protocol.ts";

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
