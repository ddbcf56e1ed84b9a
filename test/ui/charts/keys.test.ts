import { expect, it } from "vitest";
import { initialView, zoomBy } from "../../../src/figures/view.ts";
import { viewAfterKey } from "../../../src/ui/charts/keys.ts";
import { figureOf } from "../../figures/figure-fixture.ts";

const figure = figureOf([
	{
		...{ kind: "line", color: "ink", width: 1 },
		points: [
			[0, 0],
			[100, 10],
		],
	},
]);
const whole = initialView(figure);
const zoomed = zoomBy(figure, whole, 2);

it("plus and minus zoom, and 0 shows everything", () => {
	const closer = viewAfterKey(figure, whole, "+")!;
	expect(closer.window!.x.max - closer.window!.x.min).toBeCloseTo(100 / 1.5);
	expect(viewAfterKey(figure, whole, "=")).toEqual(closer);
	expect(viewAfterKey(figure, closer, "-")!.window).toBeNull();
	expect(viewAfterKey(figure, zoomed, "0")!.window).toBeNull();
});

it("arrows move a zoomed figure", () => {
	expect(viewAfterKey(figure, zoomed, "ArrowRight")!.window!.x.min).toBeGreaterThan(25);
	expect(viewAfterKey(figure, zoomed, "ArrowLeft")!.window!.x.min).toBeLessThan(25);
	expect(viewAfterKey(figure, zoomed, "ArrowUp")!.window!.y.min).toBeGreaterThan(2.5);
	expect(viewAfterKey(figure, zoomed, "ArrowDown")!.window!.y.min).toBeLessThan(2.5);
});

it("other keys, and arrows where nothing is zoomed, are left to the page", () => {
	for (const key of ["a", "Tab", "Enter", "constructor"]) expect(viewAfterKey(figure, zoomed, key)).toBeNull();
	expect(viewAfterKey(figure, whole, "ArrowDown")).toBeNull();
});
