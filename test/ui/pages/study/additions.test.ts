import { describe, expect, it } from "vitest";
import { presetNamed, presets } from "../../../../src/experiments/experiments.ts";
import { studySize } from "../../../../src/study/study-axes.ts";
import { validateStudy } from "../../../../src/study/validate-study.ts";
import { useful } from "../../../../src/ui/pages/study/additions.ts";
import type { Draft } from "../../../../src/ui/pages/study/draft.ts";
import { studyFields } from "../../../../src/ui/pages/study/study-fields.ts";

const additions = (id: string, draft: Draft) => studyFields.find((field) => field.id === id)!.add!(draft);
const labels = (id: string, draft: Draft) => additions(id, draft).map(({ label }) => label);
const preset = (id: string) => presetNamed(id)!.study as unknown as Draft;

describe("what a click adds", () => {
	it("goes on with the numbers at either end", () => {
		const draft = { ...preset("smoke"), learningRates: [0.003, 0.0015, 0.006], steps: [300, 900] };
		expect(labels("learningRates", draft)).toEqual(["0.00075", "0.012"]);
		expect(additions("learningRates", draft)[0]!.draft.learningRates).toEqual([0.00075, 0.0015, 0.003, 0.006]);
		expect(labels("budget", draft)).toEqual(["100 steps", "2700 steps"]);
		expect(labels("learningRates", { ...draft, learningRates: [0.01] })).toEqual(["0.005", "0.02"]);
		expect(labels("seeds", { ...draft, seeds: [4, 9] })).toEqual(["10"]);
		expect(labels("budget", { ...draft, steps: undefined, flops: [1e11, 3e11] })).toEqual([
			"33300000000 FLOP",
			"900000000000 FLOP",
		]);
	});

	it("goes on with the widths, with heads as wide, and the budget of the size that has the most", () => {
		const draft = preset("minute");
		expect(draft.sizes).toHaveLength(4);
		const [smaller, larger] = additions("sizes", draft);
		expect([smaller!.label, larger!.label]).toEqual(["4×1×1 @ 2000000", "48×6×3 @ 2000000"]);
		expect((larger!.draft.sizes as object[]).at(-1)).toEqual({ width: 48, layers: 6, heads: 3, tokens: 2_000_000 });
		const even = { ...draft, sizes: [16, 32, 64].map((width) => ({ width, layers: 2, heads: 2 })) };
		expect(labels("sizes", even)).toEqual(["8×2×1", "128×2×4"]);
	});

	it("trains each size for twice as long as well, where sizes have budgets of their own", () => {
		const draft = preset("minute");
		const [longer] = additions("budget", draft);
		const before = validateStudy(draft);
		const after = validateStudy(longer!.draft);
		expect(studySize(after)).toBe(2 * studySize(before));
		expect(after.sizes.slice(4).map(({ tokens }) => tokens)).toEqual(before.sizes.map(({ tokens }) => 2 * tokens!));
		const again = validateStudy(additions("budget", longer!.draft)[0]!.draft);
		expect(again.sizes.slice(8).map(({ tokens }) => tokens)).toEqual(before.sizes.map(({ tokens }) => 4 * tokens!));
	});

	it.each(presets)("to $id makes it larger", ({ study }) => {
		const draft = study as unknown as Draft;
		for (const { add, fits } of studyFields) {
			if (!add || !fits(draft)) continue;
			for (const { draft: added } of useful(draft, add(draft)))
				expect(studySize(validateStudy(added))).toBeGreaterThan(studySize(study));
		}
	});

	it("is not offered where it changes nothing, or cannot be trained", () => {
		const draft = { ...preset("minute"), arms: [{ name: "slow", learningRates: [0.001] }] };
		expect(useful(draft, additions("learningRates", draft))).toEqual([]);
		expect(useful(draft, additions("seeds", draft))).toHaveLength(1);
		const largest = { ...preset("minute"), sizes: [{ width: 4096, layers: 1, heads: 1, tokens: 1000 }] };
		expect(useful(largest, additions("sizes", largest)).map(({ label }) => label)).toEqual(["2048×1×1 @ 1000"]);
	});

	it("is nothing while the document is not understood", () => {
		const draft = { ...preset("smoke"), sizes: ["64 by 2"], learningRates: ["fast"], seeds: [{}], steps: [null] };
		for (const { add } of studyFields) expect(add?.(draft) ?? []).toEqual([]);
	});
});
