import { expect, test } from "vitest";
import { forecastFigure } from "../../../src/experiments/figures/forecast-figure.ts";
import { figureCsv } from "../../../src/figures/csv.ts";
import type { DotsMark } from "../../../src/figures/figure.ts";
import { figureSvg } from "../../../src/figures/svg.ts";
import type { Forecast } from "../../../src/study/forecast.ts";
import type { Judgement } from "../../../src/study/judge-forecast.ts";

const forecast: Forecast = {
	...{ study: { name: "test", hash: "h" }, by: "largest", sealedAt: "2026-11-30T17:20:00.000Z" },
	...{ interval: 0.9, resamples: 100, seed: 1, used: ["a", "b"], usedHash: "u", heldOut: ["c", "d", "e"] },
	targets: [
		{ parameters: 1e5, tokens: 1e6, flops: 6e11, runs: ["c", "d"], seeds: 2 },
		{ parameters: 1e5, tokens: 4e6, flops: 2.4e12, runs: ["e"], seeds: 1 },
	],
	laws: [
		{
			...{ law: "method3", title: "Method 3", formula: "L", reason: null, parameters: {}, best: null },
			targets: [
				{ loss: 3.2, low: 3.1, high: 3.3 },
				{ loss: 3, low: null, high: null },
			],
		},
		{
			...{ law: "kaplan", title: "Kaplan", formula: "L", reason: null, parameters: {}, best: null },
			targets: [null, { loss: 2.9, low: 2.8, high: 2.95 }],
		},
		{
			...{ law: "method1", title: "Method 1", formula: "L", reason: "no frontier", parameters: {}, best: null },
			targets: [null, null],
		},
	],
};

const judgement: Judgement = {
	kept: [{ run: "a", parameters: 1e4, flops: 6e10, loss: 4 }],
	runs: [
		{ run: "c", target: 0, came: 3.25, reason: null, waits: false },
		{ run: "d", target: 0, came: 3.4, reason: "another rate is better", waits: false },
		{ run: "e", target: 1, came: null, reason: "it has not finished", waits: true },
	],
	...{ best: "c", waiting: 1, laws: [] },
};

const dots = (marks: readonly unknown[]) => marks as DotsMark[];

test("draws the kept runs, what each law predicts with its interval, and the judged results", () => {
	const figure = forecastFigure(forecast, judgement);
	const [kept, method3, kaplan, came] = dots(figure.marks);
	expect(figure.marks).toHaveLength(4);
	expect(kept!.points).toEqual([[6e10, 4]]);
	expect(method3!.points.map(([, loss]) => loss)).toEqual([3.2, 3]);
	expect(method3!.intervals!.y).toEqual([[3.1, 3.3], null]);
	expect(method3!.pointRuns).toEqual([["c", "d"], ["e"]]);
	expect(kaplan!.points.map(([, loss]) => loss)).toEqual([2.9]);
	expect(came!.points).toEqual([[6e11, 3.25]]);
	expect(figure.legend.map(({ series }) => series)).toEqual(["kept", "method3", "kaplan", "came"]);
	expect(method3!.describe!(0)).toBe("Method 3: 3.200 (3.100 to 3.300) for 100k parameters, 1.00M tokens");
	expect(figure.summary).toBe("Predictions of 2 laws at 2 pairs of size and length; 1 run came out.");
});

test("puts the laws side by side around each compute", () => {
	const [, method3, kaplan] = dots(forecastFigure(forecast, judgement).marks);
	const [left, right] = [method3!.points[1]![0], kaplan!.points[0]![0]];
	expect(left).toBeLessThan(2.4e12);
	expect(right).toBeGreaterThan(2.4e12);
	expect(Math.sqrt(left * right) / 2.4e12).toBeCloseTo(1, 12);
});

test("lists every prediction with what came, for people and as CSV; as SVG it is a picture", () => {
	const figure = forecastFigure(forecast, judgement);
	const lines = figureCsv(figure).trim().split("\r\n");
	expect(lines[0]).toBe("law,params,tokens,flops,loss,low,high,came");
	expect(lines).toHaveLength(1 + 6);
	expect(lines[1]).toBe("Method 3,100000,1000000,600000000000,3.2,3.1,3.3,3.25");
	expect(lines[2]).toBe("Method 3,100000,4000000,2400000000000,3,,,");
	expect(figureSvg(figure, { width: 800, height: 500, theme: "light" })).toContain("Forecast of the runs set aside");
});

test("before anything has come out says so", () => {
	const none = {
		...judgement,
		runs: judgement.runs.map((run) => ({ ...run, came: null, reason: "it has not finished" })),
	};
	const figure = forecastFigure(forecast, none);
	expect(figure.legend.map(({ series }) => series)).toEqual(["kept", "method3", "kaplan"]);
	expect(figure.summary).toContain("none has come out yet");
});
