import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DotsMark, Figure, LineMark, RuleMark } from "../../../src/figures/figure.ts";
import { plainText } from "../../../src/figures/rich-text.ts";
import { figureSvg } from "../../../src/figures/svg.ts";
import { adviseFully } from "../../../src/theory/advice.ts";
import { allocationFigure } from "../../../src/theory/charts/plan-allocation-figure.ts";
import { batchFigure } from "../../../src/theory/charts/plan-batch-figure.ts";
import { lawStyle } from "../../../src/theory/charts/plan-law-style.ts";
import { lifetimeFigure } from "../../../src/theory/charts/plan-lifetime-figure.ts";
import { advise, PUBLISHED_LAWS, parametric } from "../../../src/theory/published-laws.ts";
import { EPOCH } from "../../../src/theory/specifications.ts";
import { relativeError } from "../../reference/expected.ts";

const C = 5.88e23;
const lines = (figure: Figure, id: string) =>
	figure.marks.filter((mark): mark is LineMark => mark.kind === "line" && mark.series?.[0] === id);
const labeled = (figure: Figure, id: string) => lines(figure, id).find(({ label }) => label)!;
const dots = (figure: Figure, id: string) =>
	figure.marks.filter((mark): mark is DotsMark => mark.kind === "dots" && mark.series?.[0] === id);
const rules = (figure: Figure) => figure.marks.filter((mark): mark is RuleMark => mark.kind === "rule");

describe("best sizes, tokens and losses by each law", () => {
	it("draws each law through what it says at the budget, which is marked", () => {
		for (const quantity of ["parameters", "tokens", "loss"] as const) {
			const figure = allocationFigure(PUBLISHED_LAWS, C, quantity);
			expect(rules(figure).map(({ axis, at }) => [axis, at])).toEqual([["x", C]]);
			for (const law of PUBLISHED_LAWS) {
				const value = advise(law, C)[quantity];
				expect(dots(figure, law.id).map(({ points }) => points)).toEqual(value === null ? [] : [[[C, value]]]);
				if (value === null) continue;
				const { points, dash } = labeled(figure, law.id);
				for (const [flops, y] of points) expect(relativeError(y, advise(law, flops)[quantity]!)).toBeLessThan(1e-12);
				expect(relativeError(points[0]![0], C / 1e4)).toBeLessThan(1e-9);
				expect(relativeError(points.at(-1)![0], C * 1e2)).toBeLessThan(1e-9);
				expect(dash === undefined).toBe(law.counting === "total");
			}
		}
	});

	it("shows broadly where a law was fitted, and only there", () => {
		const figure = allocationFigure(PUBLISHED_LAWS, C);
		const broad = (id: string) => lines(figure, id).find(({ label }) => !label);
		const [from, to] = [broad("epoch")!.points[0]![0], broad("epoch")!.points.at(-1)![0]];
		expect(relativeError(from, C / 1e4)).toBeLessThan(1e-9);
		expect(to).toBeLessThanOrEqual(1.3e22);
		expect(to).toBeGreaterThan(1e22);
		expect(broad("porian")).toBeUndefined();
		expect(lines(allocationFigure([parametric(EPOCH)], C), "epoch")).toHaveLength(1);
	});

	it("lists everything in its table, and says the marked values", () => {
		const { table, summary } = allocationFigure(PUBLISHED_LAWS, C);
		expect(table.rows.map((row) => row.slice(2, 7))).toEqual(
			PUBLISHED_LAWS.map((law) => {
				const { parameters, tokens, tokensPerParameter, loss, exponent } = advise(law, C);
				return [parameters, tokens, tokensPerParameter, loss, exponent];
			}),
		);
		expect(summary).toContain("At 5.88 × 10²³ FLOP: Kaplan, critical batch 816B");
		expect(summary).toContain("Epoch 73.0B");
	});

	it("leaves out of the losses what gives none", () => {
		const figure = allocationFigure(PUBLISHED_LAWS, C, "loss");
		const named = figure.legend.map(({ text }) => plainText(text));
		expect(named.filter((text) => text.startsWith("Hoffmann"))).toEqual(["Hoffmann, Approach 3 (N_T)"]);
		expect(allocationFigure([PUBLISHED_LAWS[2]!], C, "loss").marks.filter(({ kind }) => kind !== "rule")).toEqual([]);
	});

	it("tells any two laws apart by color and dash", () => {
		const looks = [...PUBLISHED_LAWS, { id: "a", label: "", counting: "total" } as const].map((law) =>
			JSON.stringify(lawStyle(law)),
		);
		expect(new Set(looks).size).toBe(looks.length);
	});
});

describe("compute of training and use", () => {
	const options = { flops: C, inferenceTokens: 1e13, parameters: 30e9 };
	const figure = lifetimeFigure(PUBLISHED_LAWS, options);

	it("has the least that the planner gives as the lowest point of each curve", () => {
		for (const id of ["hoffmann-3", "epoch"]) {
			const law = PUBLISHED_LAWS.find((each) => each.id === id)!;
			const { inference, overTraining } = adviseFully(law, options);
			const { points } = labeled(figure, id);
			const { lifetimeOptimal, trainingOptimal } = inference!;
			expect(Math.min(...points.map(([, y]) => y)) / lifetimeOptimal.flops).toBeCloseTo(1, 3);
			for (const [, y] of points) expect(y).toBeGreaterThanOrEqual(lifetimeOptimal.flops * (1 - 1e-12));
			const [circle, diamond, own] = dots(figure, id).map((mark) => mark.points[0]!);
			expect(circle).toEqual([trainingOptimal.parameters, trainingOptimal.flops]);
			expect(diamond).toEqual([lifetimeOptimal.parameters, lifetimeOptimal.flops]);
			expect(own![0]).toBe(30e9);
			expect(relativeError(own![1], overTraining!.flops + 2 * 30e9 * 1e13)).toBeLessThan(1e-12);
		}
		expect(rules(figure).every(({ at }) => at === 30e9)).toBe(true);
	});

	it("has only laws of other sizes' losses", () => {
		expect(new Set(figure.table.rows.map(([law]) => plainText(law as never)))).toEqual(
			new Set(["Hoffmann, Approach 3 (N_T)", "Epoch (N_T)"]),
		);
		const none = lifetimeFigure([PUBLISHED_LAWS[0]!], options);
		expect([none.marks, none.empty]).toEqual([[], "None of these laws gives the loss of other sizes."]);
	});

	it("does not mark a size that never reaches the loss", () => {
		expect(dots(lifetimeFigure(PUBLISHED_LAWS, { ...options, parameters: 1e6 }), "epoch")).toHaveLength(2);
	});
});

describe("steps and tokens at a batch", () => {
	const advice = PUBLISHED_LAWS.map((law) => adviseFully(law, { flops: C, batch: 4e6 }));
	const figure = batchFigure(advice);

	it("draws hyperbolas of one product, with the batch and the critical batch on them", () => {
		for (const { law, batch } of advice) {
			if (!batch) continue;
			const { steps, tokens, leastSteps, leastTokens } = batch;
			const { points } = labeled(figure, law.id);
			for (const [s, e] of points) expect((s / leastSteps - 1) * (e / leastTokens - 1)).toBeCloseTo(1, 6);
			const [critical, chosen] = dots(figure, law.id).map((mark) => mark.points[0]!);
			expect(relativeError(critical![0], 2 * leastSteps)).toBeLessThan(1e-12);
			expect(chosen).toEqual([steps, tokens]);
			const batches = points.map(([s, e]) => e / s);
			expect(Math.min(...batches)).toBeLessThan(4e6);
			expect(Math.max(...batches)).toBeGreaterThan(4e6);
		}
	});

	it("has a law for each that knows its loss, and all of them with a critical batch", () => {
		expect(figure.table.rows).toHaveLength(4);
		const given = PUBLISHED_LAWS.map((law) => adviseFully(law, { flops: C, batch: 4e6, criticalBatch: 1e6 }));
		expect(batchFigure(given).table.rows).toHaveLength(7);
		expect(batchFigure([]).marks).toEqual([]);
	});
});

it("any numbers within the bounds give drawings of finite numbers", () => {
	const decade = (max: number) => fc.double({ min: 0, max, noNaN: true }).map((exponent) => 10 ** exponent);
	fc.assert(
		fc.property(decade(40), decade(20), decade(30), decade(15), (flops, parameters, inferenceTokens, batch) => {
			const advice = PUBLISHED_LAWS.map((law) => adviseFully(law, { flops, batch }));
			const figures = [
				...(["parameters", "tokens", "loss"] as const).map((quantity) =>
					allocationFigure(PUBLISHED_LAWS, flops, quantity),
				),
				lifetimeFigure(PUBLISHED_LAWS, { flops, parameters, inferenceTokens }),
				batchFigure(advice),
			];
			for (const figure of figures) expect(figureSvg(figure)).not.toMatch(/NaN|undefined|Infinity/);
		}),
		{ numRuns: 60 },
	);
});
