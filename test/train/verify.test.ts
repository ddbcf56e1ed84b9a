import "../gpu/compile-faster.ts";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { verifyTrace } from "../../src/train/verify.ts";
import { testGpu } from "../gpu/open.ts";

const golden = (name: string) =>
	readFileSync(new URL(`../../../shared/reference/goldens/${name}.safetensors`, import.meta.url));

for (const name of ["gpt2-tied", "gpt2-untied", "llama-gqa", "llama-untied"]) {
	test(`${name}: 20 steps as PyTorch takes them`, async () => {
		const report = await verifyTrace(await testGpu(), golden(name));
		expect(report.steps).toBe(20);
		expect(report.loss).toBeLessThan(2e-5);
		expect(report.gradientNorm).toBeLessThan(2e-4);
		expect(report.gradient).toBeLessThan(2e-4);
	});
}
