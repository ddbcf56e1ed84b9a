import { describe, expect, test } from "vitest";
import { readPoints } from "../../../src/analysis/points/points-file.ts";
import {
	drawPoints,
	MOST_SYNTHETIC,
	type SyntheticDesign,
	type SyntheticStudy,
	syntheticCsv,
} from "../../../src/analysis/points/synthetic-points.ts";
import { bestAllocation, lossAt } from "../../../src/theory/loss-law.ts";
import { EPOCH } from "../../../src/theory/specifications.ts";

const { law } = EPOCH;
const isoflop: SyntheticDesign = { kind: "isoflop", budgets: { from: 1e18, to: 1e21, count: 4 }, sizes: 7, spread: 8 };
const [parameters, tokens] = [
	{ from: 1e7, to: 1e9, count: 5 },
	{ from: 1e9, to: 1e11, count: 6 },
];
const study = (design: SyntheticDesign, noise = 0, pointNoise = 0, seed = 1): SyntheticStudy => ({
	...{ law, design, noise, pointNoise, seed },
});
/** ln L less its true value. */
const errors = (drawn: SyntheticStudy) =>
	drawPoints(drawn).map((point) => Math.log(point.loss / lossAt(law, point.parameters, point.tokens)));
const deviation = (values: number[]) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

describe("designs", () => {
	test("budgets have their sizes evenly around the best one, at exactly their compute", () => {
		const points = drawPoints(study(isoflop));
		expect(points).toHaveLength(28);
		const first = points.slice(0, 7);
		const best = bestAllocation(law, 1e18).parameters;
		expect(first.map(({ budget, flops }) => [budget, flops])).toEqual(
			Array(7).fill([first[0]!.budget, first[0]!.budget]),
		);
		expect(first[0]!.budget).toBeCloseTo(1e18, -6);
		for (const [i, point] of first.entries()) {
			expect(point.parameters / best).toBeCloseTo(8 ** ((i - 3) / 3), 9);
			expect((6 * point.parameters * point.tokens) / 1e18).toBeCloseTo(1, 9);
		}
		expect(new Set(points.map(({ run }) => run)).size).toBe(28);
	});

	test("a grid has a run for each size and length, curves a run for each size, and the same losses without noise", () => {
		const grid = drawPoints(study({ kind: "grid", parameters, tokens }));
		const curves = drawPoints(study({ kind: "curves", parameters, tokens }));
		expect([new Set(grid.map(({ run }) => run)).size, new Set(curves.map(({ run }) => run)).size]).toEqual([30, 5]);
		expect(grid.map(({ run: _, ...point }) => point)).toEqual(curves.map(({ run: _, ...point }) => point));
		expect(grid.map(({ loss }) => loss)).toEqual(grid.map((point) => lossAt(law, point.parameters, point.tokens)));
	});

	test("more points than are drawn are an error", () => {
		const design: SyntheticDesign = {
			kind: "grid",
			parameters: { ...parameters, count: 201 },
			tokens: { ...tokens, count: 100 },
		};
		expect(() => drawPoints(study(design))).toThrow(
			`the study would have 20100 points; at most ${MOST_SYNTHETIC} are drawn`,
		);
	});
});

describe("noise", () => {
	const curves: SyntheticDesign = {
		kind: "curves",
		parameters: { ...parameters, count: 400 },
		tokens: { ...tokens, count: 20 },
	};

	test("between runs moves whole curves by σ in ln L", () => {
		const found = errors(study(curves, 0.01));
		expect(deviation(found)).toBeCloseTo(0.01, 3);
		for (let i = 0; i < found.length; i++) expect(found[i]).toBeCloseTo(found[20 * Math.floor(i / 20)]!, 12);
	});

	test("between points is independent, and only curves have it", () => {
		expect(deviation(errors(study(curves, 0, 0.01)))).toBeCloseTo(0.01, 3);
		expect(deviation(errors(study(isoflop, 0, 0.01)))).toBeLessThan(1e-12);
		expect(deviation(errors(study({ kind: "grid", parameters: curves.parameters, tokens }, 0.01)))).toBeCloseTo(
			0.01,
			3,
		);
	});

	test("follows the seed, which changes nothing else", () => {
		const [first, again, other] = [1, 1, 2].map((seed) => drawPoints(study(isoflop, 0.01, 0, seed)));
		expect(first).toEqual(again);
		expect(other).not.toEqual(first);
		expect(other!.map(({ loss: _, ...point }) => point)).toEqual(first!.map(({ loss: _, ...point }) => point));
	});
});

test.each([isoflop, { kind: "curves" as const, parameters, tokens }])(
	"a table of them has every digit: $kind",
	(design) => {
		const points = drawPoints(study(design, 0.01, 0.01));
		const { experiments, leftOut } = readPoints(syntheticCsv(points));
		expect(leftOut).toEqual([]);
		expect(
			experiments[0]!.rows.map(({ run, total, tokens, flops, loss, budget }) => ({
				run,
				parameters: total,
				tokens,
				flops,
				loss,
				budget,
			})),
		).toEqual(points);
	},
);
