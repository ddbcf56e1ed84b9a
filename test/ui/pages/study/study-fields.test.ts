import { describe, expect, it } from "vitest";
import { presets } from "../../../../src/experiments/experiments.ts";
import type { StudyError } from "../../../../src/study/study-error.ts";
import { validateStudy } from "../../../../src/study/validate-study.ts";
import type { Draft } from "../../../../src/ui/pages/study/draft.ts";
import { fieldOfPath, studyFields } from "../../../../src/ui/pages/study/study-fields.ts";

const field = (id: string) => studyFields.find((candidate) => candidate.id === id)!;
const errorOf = (draft: Draft) => {
	try {
		validateStudy(draft);
	} catch (error) {
		return error as StudyError;
	}
	return null;
};

describe.each(presets)("the form of preset $id", ({ study }) => {
	it("writes back what it reads", () => {
		for (const { fits, read, write } of studyFields) {
			const draft = study as unknown as Draft;
			if (fits(draft)) expect(validateStudy(write(draft, read(draft)))).toEqual(study);
		}
	});
});

describe("a changed field", () => {
	const sizes = [{ width: 8, layers: 1, heads: 1 }];
	const draft: Draft = { ...presets[0]!.study, sizes, steps: [600] };

	it("becomes the part of the document that it stands for", () => {
		expect(field("learningRates").write(draft, " 0.001; 5e-3 ").learningRates).toEqual([0.001, 0.005]);
		expect(field("sizes").write(draft, "8x1x2, 16 × 2 × 4").sizes).toEqual([
			{ width: 8, layers: 1, heads: 2 },
			{ width: 16, layers: 2, heads: 4 },
		]);
		expect(field("sizes").write(draft, "16×2×4/2").sizes).toEqual([
			{ width: 16, layers: 2, heads: 4, keyValueHeads: 2 },
		]);
		const inTokens = field("budget").write(draft, "1_000_000");
		expect([inTokens.tokens, inTokens.steps]).toEqual([[1_000_000], undefined]);
		const inSteps = field("budget").write(inTokens, "600 steps, 900 steps");
		expect([inSteps.tokens, inSteps.steps]).toEqual([undefined, [600, 900]]);
	});

	it("keeps a size's own budget while others change", () => {
		const paper = presets.find(({ id }) => id === "paper")!.study as unknown as Draft;
		const sizes = field("sizes").write(paper, `${field("sizes").read(paper)}, 96×8×6`).sizes as object[];
		expect(sizes.slice(0, -1)).toEqual(paper.sizes);
		const grouped = {
			...paper,
			sizes: [1, 2, 4].map((keyValueHeads) => ({ width: 8, layers: 1, heads: 4, keyValueHeads })),
		};
		expect(field("sizes").read(grouped)).toBe("8×1×4/1, 8×1×4/2, 8×1×4/4");
		expect(field("sizes").write(grouped, field("sizes").read(grouped))).toEqual(grouped);
	});

	it.each([
		["learningRates", "fast"],
		["learningRates", ""],
		["sizes", "64 by 2"],
		["sizes", "64×2×5"],
		["budget", "-5"],
		["context", "2000"],
		["vocabularies", "12"],
		["name", " "],
	])("%s = “%s” gets its error beside it", (id, text) => {
		const error = errorOf(field(id).write(draft, text));
		expect(error).not.toBeNull();
		expect(fieldOfPath(error!.path)).toBe(id);
	});
});
