import { describe, expect, test } from "vitest";
import { presetNamed } from "../../../src/experiments/experiments.ts";
import { FIRST_PRESETS, firstPreset } from "../../../src/ui/state/first-preset.ts";

describe("the preset of the first screen", () => {
	test("is the largest that takes about a minute", () => {
		expect(firstPreset({ smoke: 0.5, minute: 20, reconcile: 80, class: 600 })).toBe("reconcile");
		expect(firstPreset({ smoke: 3, minute: 90, reconcile: 200 })).toBe("minute");
		expect(firstPreset({ smoke: 0.1, minute: 2, reconcile: 9, class: 60 })).toBe("class");
	});

	test("is the smallest where all take longer, or nothing is known", () => {
		expect(firstPreset({ smoke: 300 })).toBe("smoke");
		expect(firstPreset({})).toBe("smoke");
	});

	test("exists", () => {
		for (const id of FIRST_PRESETS) expect(presetNamed(id), id).toBeDefined();
	});
});
