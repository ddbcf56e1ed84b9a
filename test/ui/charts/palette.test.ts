import { describe, expect, it } from "vitest";
import { conventionColour, inkColours, sizeColour, withOpacity } from "../../../src/ui/charts/palette.ts";

/** Contrast of two opaque colours (WCAG 2.2, 1.4.11 asks for 3:1 in graphics and 4.5:1 in text). */
function contrast(a: string, b: string): number {
	const luminance = (colour: string) => {
		const [r, g, blue] = withOpacity(colour, 1)
			.match(/\d+/g)!
			.slice(0, 3)
			.map((part) => Number(part) / 255)
			.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
		return 0.2126 * r! + 0.7152 * g! + 0.0722 * blue!;
	};
	const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (high! + 0.05) / (low! + 0.05);
}

describe.each([false, true])("colours of the charts, dark: %s", (dark) => {
	const { surface, ink, quiet } = inkColours(dark);

	it("lines of every size stand out and differ", () => {
		for (const count of [1, 2, 5, 9]) {
			const colours = Array.from({ length: count }, (_, i) => sizeColour(i, count, dark));
			for (const colour of colours) expect(contrast(colour, surface)).toBeGreaterThanOrEqual(3);
			expect(new Set(colours).size).toBe(count);
		}
	});

	it("conventions and texts can be read", () => {
		for (const colour of [conventionColour("total", dark), conventionColour("nonEmbedding", dark), ink, quiet])
			expect(contrast(colour, surface)).toBeGreaterThanOrEqual(4.5);
	});
});
