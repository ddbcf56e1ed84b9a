import { describe, expect, test } from "vitest";
import { differenceFigure, lossFigure, rateFigure } from "../../../src/experiments/anneal/schedule-figures.ts";
import { meanCurve, type ScheduleView, scheduleColor } from "../../../src/experiments/anneal/schedule-view.ts";
import type { LineMark } from "../../../src/figures/figure.ts";
import { figureRanges } from "../../../src/figures/scales.ts";

const STEPS = 100;
const tokens = Array.from({ length: STEPS }, (_, i) => 10 * (i + 1));

/** A schedule whose losses fall from 6 to 4, lowered by `gain` in its second half, with these seeds. */
function view(name: string, gain: number, seeds: readonly number[], changes: Partial<ScheduleView> = {}): ScheduleView {
	return {
		...{ name, color: { group: 0 }, tokensPerStep: 10, runs: seeds.map((seed) => `${name} ${seed}`), expected: null },
		rates: Array.from({ length: STEPS }, (_, i) => 0.003 * (1 - i / STEPS)),
		curves: seeds.map((seed) => ({
			seed,
			curve: { tokens, loss: tokens.map((at) => 4 + 20 / at + 0.1 * seed - (at > 500 ? gain * (1 + 0.1 * seed) : 0)) },
		})),
		...changes,
	};
}
const lines = (figure: { marks: readonly { kind: string }[] }) =>
	figure.marks.filter((mark): mark is LineMark => mark.kind === "line");

test("rates are drawn over the tokens of the whole run", () => {
	const figure = rateFigure([view("a", 0, [1]), view("b", 0, [])]);
	const [line] = lines(figure);
	expect(line!.points[0]).toEqual([10, 0.003]);
	expect(line!.points.at(-1)![0]).toBe(1000);
	expect(line!.describe!([500, 0.0015])).toBe("a: 0.0015 at 500 tokens");
	expect(figure.x.link).toBe(lossFigure([], "").x.link);
});

test("all figures show the tokens of the longest run, however far the others are", () => {
	const half = { tokens: tokens.slice(0, 10), loss: tokens.slice(0, 10).map((at) => 4 + 20 / at) };
	const begun = (name: string) => view(name, 0, [], { curves: [{ seed: 1, curve: half }] });
	const views = [begun("a"), begun("b")];
	const shown = [rateFigure(views), lossFigure(views, ""), differenceFigure(views, "a", 0.9)].map(
		(figure) => figureRanges(figure, { x: "linear", y: "linear" })!.x,
	);
	expect(shown[0]).toEqual({ min: -10, max: 1010 });
	for (const range of shown) expect(range).toEqual(shown[0]);
});

describe("losses", () => {
	test("are drawn as the mean over seeds, each seed pale; the steep beginning does not stretch the axis", () => {
		const figure = lossFigure([view("a", 0.1, [1, 2])], "");
		const bold = lines(figure).filter(({ opacity }) => opacity === undefined);
		expect(bold.map(({ stretch = true }) => stretch)).toEqual([false, true]);
		expect(lines(figure).filter(({ opacity }) => opacity === 0.3)).toHaveLength(4);
		expect(bold[1]!.points.at(-1)![1]).toBeCloseTo(4 + 0.02 + 0.15 - 0.115, 12);
		expect(figureRanges(figure, { x: "linear", y: "log" })!.y.max).toBeLessThan(5.2);
		expect(figure.table.rows[0]!.slice(1, 3)).toEqual([2, 1000]);
	});

	test("that are expected are dashed, and stretch the axes only where nothing is measured", () => {
		const expected = { tokens: [100, 1000], loss: [9, 3.9] };
		const fresh = view("b", 0, [], { expected });
		const [dashed] = lines(lossFigure([fresh, view("a", 0, [1])], "")).filter(({ dash }) => dash);
		expect(dashed).toMatchObject({
			stretch: false,
			points: [
				[100, 9],
				[1000, 3.9],
			],
		});
		expect(lines(lossFigure([fresh], ""))[0]!.stretch).toBe(true);
	});

	test("of seeds that are not as far yet count where all have trained", () => {
		const [one, other] = view("a", 0, [1, 2]).curves;
		const behind = { seed: 2, curve: { tokens: tokens.slice(0, 30), loss: other!.curve.loss.slice(0, 30) } };
		expect(meanCurve([one!, behind]).tokens).toEqual(tokens.slice(0, 30));
		expect(meanCurve([one!, { seed: 2, curve: { tokens: [], loss: [] } }]).tokens).toEqual(tokens);
	});
});

describe("differences", () => {
	test("from the reference have a band over seeds, which the axes need not show in full", () => {
		const figure = differenceFigure([view("a", 0, [1, 2, 3]), view("b", 0.1, [1, 2, 3])], "a", 0.9);
		expect(figure.marks.map(({ kind }) => kind)).toEqual(["rule", "band", "line"]);
		const [line] = lines(figure);
		expect(line!.points.find(([at]) => at === 400)![1]).toBeCloseTo(0, 12);
		expect(line!.points.at(-1)![1]).toBeCloseTo(-0.12, 12);
		expect(figure.marks[1]!.stretch).toBe(false);
		expect(figure.table.rows).toHaveLength(1);
		expect(figure.summary).toBe("Training loss minus that of a: b ends at −0.1200.");
	});

	test("of one seed have none, and without losses there is nothing", () => {
		expect(differenceFigure([view("a", 0, [1]), view("b", 0.1, [1])], "a", 0.9).marks.map(({ kind }) => kind)).toEqual([
			"rule",
			"line",
		]);
		expect(differenceFigure([view("a", 0, []), view("b", 0.1, [1])], "a", 0.9).marks).toEqual([]);
	});
});

test("eight cards have colors of their own, which stay when others go", () => {
	const colors = Array.from({ length: 8 }, (_, i) => JSON.stringify(scheduleColor(i + 1)));
	expect(new Set(colors).size).toBe(8);
	expect(scheduleColor(9)).toEqual(scheduleColor(1));
});
