import { describe, expect, it } from "vitest";
import { rich, sub } from "../../src/figures/rich-text.ts";
import { estimateWidth } from "../../src/figures/text-width.ts";

const widthOf = (text: string, change = {}) => estimateWidth({ text: rich(text), size: 100, ...change });

/** Widths that Chromium measures at 100 px, in Inter and in DejaVu Sans, one of the widest substitutes. */
const MEASURED: [text: string, inter: number, dejaVu: number][] = [
	["Validation loss (nats per token)", 1456, 1554],
	["published: 0.50 (Hoffmann et al. 2022)", 1827, 1946],
	["10⁻¹² FLOP", 512, 541],
	["Kaplan’s counting, long warmup", 1509, 1611],
	["WWW MMM", 600, 587],
	["illicit filling", 493, 538],
];

describe("the width of a text that nothing can measure", () => {
	it.each(MEASURED)("holds “%s” in Inter and its substitutes, with little to spare", (text, inter, dejaVu) => {
		const width = widthOf(text);
		expect(width).toBeGreaterThanOrEqual(inter);
		expect(width).toBeGreaterThanOrEqual(0.95 * dejaVu);
		expect(width).toBeLessThanOrEqual(1.25 * inter);
	});

	it("grows in bold, and less by an index than by a letter", () => {
		expect(widthOf("slope", { bold: true })).toBeGreaterThan(widthOf("slope"));
		const [letter, index] = ["n", sub("n")].map((part) => estimateWidth({ text: rich("N", part), size: 100 }));
		expect(index! - widthOf("N")).toBeCloseTo(0.72 * (letter! - widthOf("N")), 6);
	});

	it("counts characters of other scripts as wide as they are high", () => {
		expect(widthOf("語")).toBeGreaterThan(1.5 * widthOf("e"));
	});
});
