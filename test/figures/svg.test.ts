import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frontierFigure } from "../../src/experiments/figures/frontier-figure.ts";
import { rich, sub } from "../../src/figures/rich-text.ts";
import { figureSvg } from "../../src/figures/svg.ts";
import { initialView } from "../../src/figures/view.ts";
import { lossFigure } from "../../src/ui/charts/loss-figure.ts";
import { analysis, runs } from "../ui/charts/five-sizes.ts";
import { figureOf } from "./figure-fixture.ts";

const SIZE = { width: 800, height: 500 };

/** Fails unless every element is closed in order and no character stands where XML does not allow it. */
function expectWellFormed(svg: string): void {
	const open: string[] = [];
	const rest = svg
		.replace(/^<\?xml [^>]*\?>\n/, "")
		.replace(/<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g, (_, end, name, _attributes, empty) => {
			if (end) expect(open.pop()).toBe(name);
			else if (!empty) open.push(name);
			return "";
		});
	expect(open).toEqual([]);
	expect(rest).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot);)/);
	// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
	expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
	expect(svg).not.toMatch(/NaN|Infinity|undefined/);
}

const texts = (svg: string) =>
	[...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, text]) => text!.replace(/<[^>]*>/g, ""));

describe("a figure as SVG", () => {
	it("holds title, axes, ticks, legend, notes, and words for those who cannot see it", () => {
		const svg = figureSvg(frontierFigure(analysis), SIZE);
		expectWellFormed(svg);
		expect(svg).toContain("<title>Best model size against compute</title>");
		expect(svg).toContain("<desc>Best model size against compute. All parameters: ");
		for (const text of ["Best model size N* (parameters)", "10⁴", "10¹²", "All parameters (NT)", "Kaplan 0.73"])
			expect(texts(svg)).toContain(text);
		expect(svg.match(/<circle/g)!.length).toBe(analysis.conventions.total.allocation.points.length + 1);
	});

	it("draws what the reader sees: hidden, zoomed, switched and smoothed", () => {
		const figure = lossFigure(runs, { analysis, axis: "total", envelope: analysis.conventions.total.envelope });
		const count = (svg: string) => svg.match(/<path/g)!.length;
		const whole = figureSvg(figure, SIZE);
		const view = initialView(figure);
		const hidden = figureSvg(figure, { ...SIZE, view: { ...view, hidden: new Set(["beaten", "envelope"]) } });
		expect(count(whole) - count(hidden)).toBe(4 + 1 + 1);
		expect(texts(hidden)).not.toContain("best loss at each compute");
		const smoothed = figureSvg(figure, { ...SIZE, view: { ...view, smoothing: 30 } });
		expect(count(smoothed)).toBe(count(whole) + 10);
		expect(texts(smoothed)).toContain("smoothed over about 30 points; faint: as measured");
		const linear = figureSvg(figure, { ...SIZE, view: { ...view, scales: { x: "linear", y: "linear" } } });
		expect(texts(linear)).toContain("10¹³");
		expect(texts(linear)).not.toContain("10¹⁰");
		for (const svg of [whole, hidden, smoothed, linear]) expectWellFormed(svg);
	});

	it("has the theme's background", () => {
		expect(figureSvg(frontierFigure(analysis), SIZE)).toContain('fill="#ffffff"');
		expect(figureSvg(frontierFigure(analysis), { ...SIZE, theme: "dark" })).toContain('fill="#14171d"');
	});

	it("says why it is empty", () => {
		const svg = figureSvg(frontierFigure(null, "Press Run & wait."), { ...SIZE, theme: "dark" });
		expectWellFormed(svg);
		expect(texts(svg)).toContain("Press Run &amp; wait.");
	});

	it("shifts subscripts down and the text after them up again", () => {
		const svg = figureSvg(figureOf([], { title: rich("N", sub("T"), " end") }), SIZE);
		expect(svg).toContain('N<tspan dy="4.25" font-size="12.24">T</tspan><tspan dy="-4.25"> end</tspan>');
	});

	it("is well-formed whatever its texts are", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				const marks = [{ kind: "note", color: "ink", at: [1, 1], text: rich(text) }] as const;
				const legend = [{ text: rich(text, sub(text)) }];
				expectWellFormed(figureSvg(figureOf(marks, { title: rich(text), summary: text, empty: text, legend }), SIZE));
			}),
		);
	});
});
