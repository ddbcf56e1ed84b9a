import "../gpu/compile-faster.ts";
import { describe, expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/device.ts";
import type { PlannedRun } from "../../src/run/events.ts";
import { Pack } from "../../src/train/pack.ts";
import { train } from "../../src/train/train.ts";
import { testGpu } from "../gpu/open.ts";
import { corpus, madeRun, only, trained } from "./made.ts";

const inHalf = (id: string, seed = 1): PlannedRun =>
	madeRun(id, { storage: "f16", seed, ema: 0.9, validationEvery: 20 });

/** What training says where there are no 16-bit floats. */
const REFUSAL =
	/^storage is "f16", but .* has no 16-bit floats \(WebGPU's shader-f16\); it must be "f32" there: change the/;

/** Runs `test` where the adapter has 16-bit floats; elsewhere what it trains must be refused. */
async function whereHalf(test: () => Promise<void>): Promise<void> {
	if ((await testGpu()).device.features.has("shader-f16")) await test();
	else await expect(test()).rejects.toThrow(REFUSAL);
}

describe("16-bit activations", () => {
	test("learn what 32-bit ones do, in training and in evaluation", () =>
		whereHalf(async () => {
			const [half] = await trained([inHalf("a")]);
			const { storage: _, ...spec } = inHalf("a").spec;
			const [wide] = await trained([{ id: "a", spec }]);
			expect(half!.spec.storage).toBe("f16");
			expect(half!.curve.loss).not.toEqual(wide!.curve.loss);
			for (const [i, loss] of wide!.curve.loss.entries()) expect(half!.curve.loss[i]! / loss - 1).toBeCloseTo(0, 1.5);
			expect(half!.validationLoss! / wide!.validationLoss! - 1).toBeCloseTo(0, 1.5);
			expect(half!.validationLossEma! / wide!.validationLossEma! - 1).toBeCloseTo(0, 1.5);
		}));

	test("give the same bits alone, again, and in a pack of three", () =>
		whereHalf(async () => {
			const runs = [inHalf("a", 1), inHalf("b", 2), inHalf("c", 3)];
			const together = await trained(runs);
			expect(await trained(runs)).toEqual(together);
			for (const [i, run] of runs.entries()) expect(await trained([run])).toEqual([together[i]]);
		}));
});

describe("an adapter without 16-bit floats", () => {
	const without = async (): Promise<Gpu> => {
		const gpu = await testGpu();
		const device = new Proxy(gpu.device, {
			get: (target, key) => (key === "features" ? new Set() : Reflect.get(target, key, target)),
		});
		return { ...gpu, device };
	};

	test("is named before anything is allocated, with what to do", async () => {
		const gpu = await without();
		const events = train(gpu, [inHalf("a")], [only(corpus)]);
		await expect(events.next()).rejects.toThrow(REFUSAL);
		await expect(train(gpu, [inHalf("a")], [only(corpus)]).next()).rejects.toThrow(gpu.name);
		const shape = { runs: 1, microBatchSequences: 3, microSteps: 1, sharedTokens: true, evaluationSteps: 1, slots: 1 };
		const { model } = inHalf("a").spec;
		await expect(Pack.create(gpu, { ...shape, model, storage: "f16" })).rejects.toThrow(REFUSAL);
	});
});
