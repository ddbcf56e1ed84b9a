import { expect, test } from "vitest";
import { probeSpeed } from "../../src/kernels/probe-speed.ts";
import { testGpu } from "../gpu/open.ts";

test("a probe finds speeds that an adapter may have, in little time, and works again", async () => {
	const gpu = await testGpu();
	await probeSpeed(gpu);
	const begin = performance.now();
	const { flopsPerSecond, secondsPerDispatch } = await probeSpeed(gpu);
	const milliseconds = performance.now() - begin;
	expect(milliseconds).toBeLessThan(5000);
	expect(flopsPerSecond).toBeGreaterThan(1e8);
	expect(flopsPerSecond).toBeLessThan(1e15);
	expect(secondsPerDispatch).toBeGreaterThan(1e-7);
	expect(secondsPerDispatch).toBeLessThan(1e-2);
});
