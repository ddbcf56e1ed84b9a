import { expect, it } from "vitest";
import { waterfallMarks } from "../../src/figures/waterfall.ts";

const step = (value: number | null) => ({
	...{ value, interval: value === null ? null : ([value - 0.1, value + 0.1] as const) },
	...{ text: String(value), description: `exponent ${value}`, runs: [`run ${value}`] },
});

it("a waterfall steps from each estimate to the next, over steps without one", () => {
	const [bars, dots, ...notes] = waterfallMarks([step(0.9), step(null), step(0.7), step(0.5)], "total");
	expect(bars).toMatchObject({
		joined: true,
		bars: [
			{ at: 0, from: 0.9, to: 0.9 },
			{ at: 2, from: 0.9, to: 0.7 },
			{ at: 3, from: 0.7, to: 0.5 },
		],
	});
	expect(dots).toMatchObject({
		points: [
			[0, 0.9],
			[2, 0.7],
			[3, 0.5],
		],
		pointRuns: [["run 0.9"], ["run 0.7"], ["run 0.5"]],
	});
	if (dots!.kind !== "dots") throw new Error("The second mark holds the dots.");
	expect(dots!.intervals!.y!.map((interval) => interval![1] > interval![0])).toEqual([true, true, true]);
	expect(dots!.describe!(1)).toBe("exponent 0.7");
	expect(notes.map((note) => note.kind === "note" && note.text[0]!.text)).toEqual(["0.9", "0.7", "0.5"]);
});
