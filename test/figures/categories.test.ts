import { describe, expect, it } from "vitest";
import { categoryAxis, categoryLines } from "../../src/figures/categories.ts";
import type { Mark } from "../../src/figures/figure.ts";
import { plotLayout } from "../../src/figures/layout.ts";
import { plainText, rich } from "../../src/figures/rich-text.ts";
import { figureRanges } from "../../src/figures/scales.ts";
import { figureSvg } from "../../src/figures/svg.ts";
import { estimateWidth } from "../../src/figures/text-width.ts";
import { axisTicks } from "../../src/figures/ticks.ts";
import { initialView } from "../../src/figures/view.ts";
import { figureOf } from "./figure-fixture.ts";

const NAMES = ["Kaplan’s counting and long warmup", "head counted", "tuned"];
const x = categoryAxis(rich("change"), NAMES);
const marks: Mark[] = [{ kind: "dots", color: "ink", shape: "circle", points: [[1, 0.7]] }];

describe("an axis of categories", () => {
	it("shows all of them, with half a step beside the first and the last", () => {
		const figure = figureOf(marks, { x });
		expect(figureRanges(figure, { x: "linear", y: "linear" })!.x).toEqual({ min: -0.5, max: 2.5 });
		expect(figureRanges(figureOf([], { x }), { x: "linear", y: "linear" })).toBeNull();
	});

	it("has a tick at each one that is shown", () => {
		expect(axisTicks(x, { min: -0.5, max: 2.5 }, "linear", 3)).toEqual([0, 1, 2]);
		expect(axisTicks(x, { min: 0.4, max: 1.6 }, "linear", 8)).toEqual([1]);
		expect(x.tick(1)).toBe("head counted");
		expect(axisTicks({ ...x, categories: undefined }, { min: 0, max: 10 }, "linear", 5)).toEqual([0, 2, 4, 6, 8, 10]);
	});

	it("breaks names so that neighbors do not touch, and gives them room", () => {
		const lines = categoryLines(NAMES, 300, 12, estimateWidth);
		expect(lines[0]!.length).toBeGreaterThan(1);
		expect(lines[0]!.map(plainText).join(" ")).toBe(NAMES[0]);
		for (const line of lines.flat()) expect(estimateWidth({ text: line, size: 12 })).toBeLessThanOrEqual(100);
		const figure = figureOf(marks, { x });
		const [wide, narrow] = [2000, 300].map((width) => plotLayout(figure, initialView(figure), width, estimateWidth));
		expect(narrow!.bottom).toBeGreaterThan(wide!.bottom);
	});

	it("is written in files, without grid lines across", () => {
		const svg = figureSvg(figureOf(marks, { x }), { width: 600, height: 400 });
		expect(svg).toContain(">head counted</text>");
		const upright = [...svg.matchAll(/d="M([\d.]+) [\d.]+L([\d.]+) [\d.]+"/g)].filter(([, from, to]) => from === to);
		expect(upright).toEqual([]);
	});
});
