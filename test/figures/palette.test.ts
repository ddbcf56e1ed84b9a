import { describe, expect, it } from "vitest";
import { cssColor, SURFACE, withOpacity } from "../../src/figures/palette.ts";

/** Contrast of two opaque colors (WCAG 2.2, 1.4.11 asks for 3:1 in graphics and 4.5:1 in text). */
function contrast(a: string, b: string): number {
	const luminance = (color: string) => {
		const [r, g, blue] = withOpacity(color, 1)
			.match(/\d+/g)!
			.slice(0, 3)
			.map((part) => Number(part) / 255)
			.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
		return 0.2126 * r! + 0.7152 * g! + 0.0722 * blue!;
	};
	const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (high! + 0.05) / (low! + 0.05);
}

describe.each(["light", "dark"] as const)("colors of the charts, %s", (theme) => {
	it("lines of every size stand out and differ", () => {
		for (const of of [1, 2, 5, 9]) {
			const colors = Array.from({ length: of }, (_, size) => cssColor({ size, of }, theme));
			for (const color of colors) expect(contrast(color, SURFACE[theme])).toBeGreaterThanOrEqual(3);
			expect(new Set(colors).size).toBe(of);
		}
	});

	it("groups stand out, can be read as labels of lines, and differ", () => {
		const colors = Array.from({ length: 6 }, (_, group) => cssColor({ group }, theme));
		for (const color of colors) expect(contrast(color, SURFACE[theme])).toBeGreaterThanOrEqual(3.9);
		expect(new Set(colors).size).toBe(6);
		expect(cssColor({ group: 6 }, theme)).toBe(colors[0]);
	});

	it("conventions and texts can be read", () => {
		for (const role of ["total", "nonEmbedding", "ink", "quiet"] as const)
			expect(contrast(cssColor(role, theme), SURFACE[theme])).toBeGreaterThanOrEqual(4.5);
	});

	it("a color given for each theme is used as it is", () => {
		expect(cssColor({ light: "#123456", dark: "#abcdef" }, theme)).toBe(theme === "light" ? "#123456" : "#abcdef");
	});
});
