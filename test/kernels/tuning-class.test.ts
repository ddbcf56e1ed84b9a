import { describe, expect, test } from "vitest";
import { presetNamed } from "../../src/experiments/experiments.ts";
import { classKey, isTuningOf, type TuningStore, tuningFile } from "../../src/gpu/kept-tuning.ts";
import { type Tuning, tune } from "../../src/gpu/tuning.ts";
import { classVariants } from "../../src/kernels/class-variants.ts";
import { tuningClass } from "../../src/kernels/tuning-class.ts";
import { TUNING_PROBLEMS, tuningProblems } from "../../src/kernels/tuning-problems.ts";
import type { RunSpec } from "../../src/run/run-spec.ts";
import { planStudy } from "../../src/study/planner.ts";
import { testGpu } from "../gpu/open.ts";
import { corpora } from "../study/fixtures.ts";

const specsOf = async (id: string) => {
	const study = { ...presetNamed(id)!.study, corpora: ["speeches"] };
	return (await planStudy(study, corpora)).runs.map(({ spec }) => spec);
};
const classesOf = (specs: readonly RunSpec[]) => [...new Set(specs.map((spec) => tuningClass(spec).name))];

describe("the class of a run's shapes", () => {
	test("is one of a handful for the runs of a study, by what its kernels see", async () => {
		const minute = await specsOf("minute");
		expect(classesOf(minute)).toEqual([
			"width 8, heads of 8, context 16, 64 tokens, vocabulary 256",
			"width 16, heads of 16, context 16, 64 tokens, vocabulary 256",
			"width 32, heads of 16, context 16, 64 tokens, vocabulary 256",
		]);
		for (const id of ["smoke", "reconcile", "class", "isoflop", "architectures"]) {
			const count = classesOf(await specsOf(id)).length;
			expect(count).toBeGreaterThan(1);
			expect(count).toBeLessThan(7);
		}
	});

	test("stands for its run: neither seed, rate nor length count", async () => {
		const [spec] = await specsOf("reconcile");
		const other = { ...spec!, seed: 7, steps: 3, optimizer: { ...spec!.optimizer, learningRate: 1 } };
		expect(tuningClass(other)).toEqual(tuningClass(spec!));
	});

	test("fits into the bindings of any adapter, with heads that divide its width", async () => {
		const [spec] = (await specsOf("minute")) as [RunSpec];
		for (const width of [1, 8, 48, 200, 1024, 4096])
			for (const vocabulary of [256, 3000, 50257])
				for (const [context, sequences] of [
					[16, 8],
					[1024, 1],
					[128, 512],
				] as const) {
					const model = { ...spec.model, width, vocabulary, context, headSize: 64 };
					const { shape } = tuningClass({ model, microBatchSequences: sequences } as RunSpec);
					const tokens = shape.sequences * shape.context;
					// The parts of the head's dx are the largest activations, its weights the largest matrix.
					expect(shape.runs * 8 * shape.width * tokens * 4).toBeLessThanOrEqual(2 ** 27);
					expect(shape.runs * shape.width * shape.vocabulary * 4).toBeLessThanOrEqual(2 ** 27);
					expect(shape.width % shape.heads).toBe(0);
					expect(Number.isInteger(shape.sequences) && shape.sequences >= 1).toBe(true);
				}
	});
});

test("variants agree on the shapes of a class, with several runs", { timeout: 120_000 }, async () => {
	const gpu = await testGpu();
	const [spec] = (await specsOf("smoke")) as [RunSpec];
	const { shape } = tuningClass(spec);
	expect(shape.runs).toBeGreaterThan(1);
	const { variants, trials } = await tune(gpu, tuningProblems(shape));
	expect(Object.keys(variants)).toEqual(TUNING_PROBLEMS.map(({ operation }) => operation.name));
	expect(trials.filter(({ rejected }) => rejected !== undefined)).toEqual([]);
});

describe("the variants for a run", () => {
	function memoryStore() {
		const kept = new Map<string, Tuning>();
		const store: TuningStore = {
			load: async (key) => kept.get(key),
			save: async (tuning) => void kept.set(tuning.adapter, tuning),
			remove: async (key) => void kept.delete(key),
		};
		return { kept, store };
	}

	test("are the adapter's where kernels take seconds to compile", async () => {
		const gpu = { ...(await testGpu()), variants: { "linear.forward": "8x4, 8 lanes" } };
		const { kept, store } = memoryStore();
		const [spec] = (await specsOf("smoke")) as [RunSpec];
		expect(await classVariants(store, gpu, spec)).toBe(gpu.variants);
		expect(kept.size).toBe(0);
	});

	test("are the adapter's where the class cannot be measured, unless the device is lost", async () => {
		const gpu = { ...(await testGpu()), software: false, variants: { attention: "kept from before" } };
		const broken = { ...memoryStore().store, load: () => Promise.reject(new RangeError("memory: no room")) };
		const [spec] = (await specsOf("smoke")) as [RunSpec];
		expect(await classVariants(broken, gpu, spec)).toBe(gpu.variants);
		const lost = { ...gpu, lost: Promise.resolve("unplugged") };
		await expect(classVariants(broken, lost, spec)).rejects.toThrow("no room");
	});

	test("are measured once for a class on a GPU, beside the adapter's for what there was no time", {
		timeout: 120_000,
	}, async () => {
		const gpu = { ...(await testGpu()), software: false, variants: { attention: "kept from before" } };
		const { kept, store } = memoryStore();
		const [spec] = (await specsOf("smoke")) as [RunSpec];
		const variants = await classVariants(store, gpu, spec);
		const key = classKey(gpu.name, tuningClass(spec).name);
		const measured = kept.get(key)!.variants;
		expect(Object.keys(measured).length).toBeGreaterThan(0);
		expect(variants).toEqual({ attention: "kept from before", ...measured });
	});
});

test("a class's file is its adapter's, and no other adapter's", () => {
	const file = tuningFile(classKey("NVIDIA RTX 40", "width 8"));
	expect(isTuningOf(file, "NVIDIA RTX 40")).toBe(true);
	expect(isTuningOf(file, "NVIDIA RTX 4")).toBe(false);
	expect(isTuningOf(tuningFile("NVIDIA RTX 4090"), "NVIDIA RTX 40")).toBe(false);
	expect(isTuningOf(tuningFile("NVIDIA RTX 40"), "NVIDIA RTX 40")).toBe(true);
});
