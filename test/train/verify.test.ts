import "../gpu/compile-faster.ts";
import { expect, test } from "vitest";
import { verifyTrace } from "../../src/train/verify.ts";
import { testGpu } from "../gpu/open.ts";
import { TRACES, traceBytes } from "../reference/traces.ts";

test.each(TRACES)("%s: 20 steps as PyTorch takes them", async (name) => {
	const report = await verifyTrace(await testGpu(), traceBytes(name));
	expect(report.steps).toBe(20);
	expect(report.loss).toBeLessThan(2e-5);
	expect(report.gradientNorm).toBeLessThan(2e-4);
	expect(report.gradient).toBeLessThan(2e-4);
});
