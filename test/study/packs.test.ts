import { expect, test } from "vitest";
import { workingSet } from "../../src/architecture/working-set.ts";
import { MAX_BINDING_BYTES, MAX_PACK_RUNS, packKey, packRuns } from "../../src/study/packs.ts";
import { planStudy } from "../../src/study/planner.ts";
import { corpora, studyWith } from "./fixtures.ts";

test("runs that differ in seed, optimizer, schedule or corpus share a pack; shapes and budgets do not", async () => {
	const { runs } = await planStudy(
		studyWith({
			corpora: ["speeches", "novel"],
			seeds: [1, 2],
			schedules: [{ kind: "constant" }, { kind: "cosine" }],
			steps: [10, 20],
		}),
		corpora,
	);
	// 3 sizes × 2 budgets; 2 corpora × 2 rates × 2 seeds × 2 schedules in each
	expect(new Set(runs.map((run) => packKey(run.spec))).size).toBe(6);
	expect(packRuns(runs).map((pack) => pack.length)).toEqual([16, 16, 16, 16, 16, 16]);
});

test("packs hold at most 16 runs and are even", async () => {
	const study = studyWith({ sizes: [{ width: 8, layers: 1, heads: 1 }], learningRates: [0.01], seeds: range(17) });
	const { packs } = await planStudy(study, corpora);
	expect(packs.map((pack) => pack.length)).toEqual([9, 8]);
	expect(MAX_PACK_RUNS).toBe(16);
});

test("a pack's largest binding is one that every GPU allows; a run that does not fit is alone", async () => {
	const study = studyWith({
		sizes: [{ width: 80, layers: 7, heads: 5 }],
		vocabularies: [50257],
		learningRates: [0.01],
		seeds: range(16),
	});
	const { runs, packs } = await planStudy(study, corpora);
	const { model, microBatchSequences } = runs[0]!.spec;
	const { largestBinding } = workingSet(model, { microBatchSequences, moments: 2 });
	expect(16 * largestBinding).toBeGreaterThan(MAX_BINDING_BYTES);
	for (const pack of packs) expect(pack.length * largestBinding).toBeLessThanOrEqual(MAX_BINDING_BYTES);
	expect(Math.ceil(16 / packs.length) * largestBinding).toBeGreaterThan(MAX_BINDING_BYTES / 2);

	const huge = studyWith({ sizes: [{ width: 1024, layers: 4, heads: 8 }], seeds: [1, 2] });
	expect((await planStudy(huge, corpora)).packs.map((pack) => pack.length)).toEqual([1, 1, 1, 1]);
});

test("16-bit activations are another shape, and leave room for more runs", async () => {
	const study = { sizes: [{ width: 256, layers: 8, heads: 4 }], learningRates: [0.01], seeds: range(16), context: 256 };
	const [wide, half] = [
		await planStudy(studyWith(study), corpora),
		await planStudy(studyWith({ ...study, storage: "f16" }), corpora),
	];
	expect(packKey(half.runs[0]!.spec)).not.toBe(packKey(wide.runs[0]!.spec));
	expect(half.packs.length).toBeLessThan(wide.packs.length);
});

test("small sizes come first, then short runs, whatever their order in the study", async () => {
	const sizes = [...studyWith().sizes].reverse();
	const { runs } = await planStudy(studyWith({ sizes, steps: [20, 10], learningRates: [0.01] }), corpora);
	expect(runs.map(({ spec }) => [spec.model.width, spec.steps])).toEqual([
		[8, 10],
		[8, 20],
		[16, 10],
		[16, 20],
		[24, 10],
		[24, 20],
	]);
});

function range(length: number): number[] {
	return Array.from({ length }, (_, i) => i);
}
