import { expect, test } from "vitest";
import { modelsOf, studySize } from "../../src/study/study-axes.ts";
import { validateStudy } from "../../src/study/validate-study.ts";
import { studyDocument, studyWith } from "./fixtures.ts";

test("a study multiplies its axes; a size with its own budget adds one", () => {
	// (2 budgets + 1) × 2 vocabularies × 2 rates × 3 seeds × 2 schedules
	expect(studySize(validateStudy(studyDocument()))).toBe(3 * 2 * 2 * 3 * 2);
	expect(studySize(validateStudy({ ...studyDocument(), uniqueTokens: [1000, 2000], evaluations: ["novel"] }))).toBe(
		144,
	);
});

test("a study compares models along axes of choices, each a model of its own", () => {
	const study = studyWith({
		...{ norms: ["layer", "rms"], positions: ["learned", "rotary", "none"], activations: ["gelu", "swiglu"] },
		...{ parametrizations: ["standard", "mup"], baseWidth: 8, expansion: 2.7 },
	});
	const models = modelsOf(study, { width: 24, layers: 1, heads: 4, keyValueHeads: 2, headSize: 10 }, 256);
	expect(models.length).toBe(24);
	expect(new Set(models.map((model) => JSON.stringify(model))).size).toBe(24);
	for (const model of models)
		expect(model).toMatchObject({ width: 24, hidden: 65, keyValueHeads: 2, headSize: 10, qkNorm: false });
	expect(models.map((model) => "baseWidth" in model && model.baseWidth).slice(0, 2)).toEqual([null, 8]);
	expect(studySize(study)).toBe(3 * 2 * 24);
	expect(modelsOf(study, { width: 8, layers: 1, heads: 1, hidden: 9 }, 256)[0]).toMatchObject({ hidden: 9 });
});

test("an LSTM is one model, whatever a study's transformers differ in", () => {
	const study = studyWith({ architectures: ["transformer", "lstm"], norms: ["layer", "rms"], tied: false });
	const models = modelsOf(study, { width: 24, layers: 2, heads: 4 }, 256);
	expect(models.map((model) => model.architecture)).toEqual([undefined, undefined, "lstm"]);
	expect(models[2]).toEqual({
		...{ architecture: "lstm", vocabulary: 256, context: 16, width: 24, layers: 2, biases: true, tied: false },
	});
	expect(studySize(study)).toBe(3 * studySize(studyWith({})));
});
