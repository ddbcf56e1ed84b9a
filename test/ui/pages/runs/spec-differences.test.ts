import { describe, expect, it } from "vitest";
import { changeText, specDifferences } from "../../../../src/ui/pages/runs/spec-differences.ts";
import { rows } from "./rows.ts";

const spec = rows[0]!.spec;

describe("differences of configurations", () => {
	it("are only the settings that are not the same for all, with a value for each", () => {
		const other = { ...spec, seed: 7, optimizer: { ...spec.optimizer, learningRate: 0.00012 } };
		expect(specDifferences([spec, other, spec])).toEqual([
			{ label: "seed", values: ["1", "7", "1"] },
			{ label: "rate", values: ["0.003", "0.00012", "0.003"] },
		]);
		expect(specDifferences([spec, { ...spec }])).toEqual([]);
		expect(specDifferences([])).toEqual([]);
	});

	it("show settings that one does not have, lists, and texts by their names", () => {
		const points: [number, number][] = [
			[0, 1],
			[1, 0],
		];
		const other = {
			...{ ...spec, ema: 0.99, corpus: { id: "moby-dick", hash: "ff" } },
			schedule: { kind: "piecewise" as const, warmupSteps: 0, floor: 0, points },
		};
		expect(specDifferences([spec, other])).toEqual(
			expect.arrayContaining([
				{ label: "ema", values: ["–", "0.99"] },
				{ label: "text", values: ["sotu", "moby-dick"] },
				{ label: "schedule", values: ["constant", "piecewise"] },
				{ label: "schedule points", values: ["–", "[[0,1],[1,0]]"] },
			]),
		);
		expect(specDifferences([spec, other]).map(({ label }) => label)).not.toContain("corpus hash");
	});

	it("of two versions of a text are in its hash", () => {
		const other = { ...spec, corpus: { ...spec.corpus, hash: "ff" } };
		expect(specDifferences([spec, other])).toEqual([{ label: "corpus hash", values: [spec.corpus.hash, "ff"] }]);
	});

	it("are said in one line for a row and the one before it", () => {
		expect(changeText(spec, { ...spec, seed: 2, batchSequences: 4096 })).toBe("seed 2, batch 4,096");
		expect(changeText(spec, spec)).toBe("");
	});
});
