import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initialView, panBy, shownRanges, switchScale, toggleSeries, zoomBy, zoomTo } from "../../src/figures/view.ts";
import { figureOf } from "./figure-fixture.ts";

const figure = figureOf([
	{
		kind: "line",
		color: "ink",
		width: 1,
		points: [
			[0, 0],
			[100, 10],
		],
	},
]);
const view = initialView(figure);
const logarithmic = figureOf([
	{
		kind: "line",
		color: "ink",
		width: 1,
		points: [
			[1, 1],
			[1e4, 1e8],
		],
	},
]);

describe("zooming", () => {
	it("shows the rectangle that was dragged", () => {
		const zoomed = zoomTo(figure, view, { x: [0.25, 0.5], y: [0, 0.5] });
		expect(zoomed.window).toEqual({ x: { min: 25, max: 50 }, y: { min: 0, max: 5 } });
		expect(shownRanges(figure, zoomed)).toEqual(zoomed.window);
		const again = zoomTo(figure, zoomed, { x: [0, 0.5], y: [0.5, 1] });
		expect(again.window).toEqual({ x: { min: 25, max: 37.5 }, y: { min: 2.5, max: 5 } });
	});

	it("divides a logarithmic axis in logs", () => {
		const both = switchScale(switchScale(initialView(logarithmic), "x"), "y");
		expect(both.scales).toEqual({ x: "log", y: "log" });
		const { max, min } = zoomTo(logarithmic, both, { x: [0.25, 0.75], y: [0, 1] }).window!.x;
		expect(max / min).toBeCloseTo((1e4 * 1.21) ** 0.5, 6);
	});

	it("never leaves the figure, and ends at the whole of it", () => {
		const share = fc.double({ min: 0, max: 1, noNaN: true });
		const step = fc.record({ factor: fc.double({ min: 0.3, max: 4, noNaN: true }), x: share, y: share });
		fc.assert(
			fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
				let now = view;
				for (const { factor, x, y } of steps) {
					now = zoomBy(figure, now, factor, { x, y });
					const shown = shownRanges(figure, now)!;
					expect(shown.x.min).toBeGreaterThanOrEqual(-1e-9);
					expect(shown.x.max).toBeLessThanOrEqual(100 + 1e-9);
					expect(shown.y.max - shown.y.min).toBeGreaterThan(0);
				}
				for (let i = 0; i < 60; i++) now = zoomBy(figure, now, 1 / 1.5);
				expect(now.window).toBeNull();
			}),
		);
	});

	it("stops before ticks look alike", () => {
		let now = view;
		for (let i = 0; i < 100; i++) now = zoomBy(figure, now, 1.5);
		const { min, max } = now.window!.x;
		expect(max - min).toBeGreaterThan(100 / 2000);
		expect(max - min).toBeLessThan(100 / 1000);
	});

	it("keeps the place it zooms around", () => {
		const { x } = zoomBy(figure, view, 2, { x: 0.8, y: 0.5 }).window!;
		expect(x).toEqual({ min: 40, max: 90 });
	});
});

describe("panning", () => {
	it("moves a window as far as the figure reaches", () => {
		const zoomed = zoomBy(figure, view, 2);
		expect(panBy(figure, zoomed, 0.2, 0).window!.x).toEqual({ min: 35, max: 85 });
		expect(panBy(figure, zoomed, 5, 0).window!.x).toEqual({ min: 50, max: 100 });
		expect(panBy(figure, zoomed, 5, 0).window!.y).toEqual(zoomed.window!.y);
	});

	it("does nothing while the whole figure is shown", () => {
		expect(panBy(figure, view, 0.2, 0.2)).toBe(view);
	});
});

it("another scale shows the whole figure", () => {
	const zoomed = zoomBy(figure, view, 2);
	expect(switchScale(zoomed, "y")).toMatchObject({ window: null, scales: { x: "linear", y: "log" } });
});

it("a series is hidden and shown again", () => {
	const hidden = toggleSeries(view, "a");
	expect([...hidden.hidden]).toEqual(["a"]);
	expect([...toggleSeries(hidden, "a").hidden]).toEqual([]);
	expect(view.hidden.size).toBe(0);
});
