import { expect, test } from "vitest";
import { modelConfig } from "../../src/architecture/config.ts";
import { planStudy } from "../../src/study/planner.ts";
import { corpora, studyWith } from "./fixtures.ts";

const sizes = [{ width: 8, layers: 1, heads: 1 }];
const study = studyWith({ sizes, initialWeights: "gpt2" });
const model = modelConfig({ vocabulary: 256, context: 16, width: 8, layers: 1, heads: 1 });
const hash = "c".repeat(64);

test("every run names the weights that it begins with", async () => {
	const { runs } = await planStudy(study, corpora, { model, hash });
	expect(runs.map(({ spec }) => spec.initialWeights)).toEqual([hash, hash]);
	const plain = await planStudy(studyWith({ sizes }), corpora);
	expect(plain.runs[0]!.spec).not.toHaveProperty("initialWeights");
	expect(plain.runs[0]!.id).not.toBe(runs[0]!.id);
});

test("they must be there, and fit", async () => {
	await expect(planStudy(study, corpora)).rejects.toThrow(
		'study: initialWeights is "gpt2"; only the command line can load initial weights',
	);
	await expect(planStudy(study, corpora, { model: { ...model, width: 12 }, hash })).rejects.toThrow(
		"study: initialWeights has width 12, but a run has 8; they must agree",
	);
	await expect(planStudy(study, corpora, { model: { ...model, context: 32 }, hash })).rejects.toThrow(
		"study: initialWeights has context 32, but a run has 16; they must agree",
	);
});

test("without learned positions the context is free, and μP says nothing of what weights are", async () => {
	const rotary = { ...model, positions: "rotary", context: 32, baseWidth: 4 } as const;
	const free = studyWith({ sizes, initialWeights: "gpt2", positions: ["rotary"] });
	expect((await planStudy(free, corpora, { model: rotary, hash })).runs).toHaveLength(2);
});
