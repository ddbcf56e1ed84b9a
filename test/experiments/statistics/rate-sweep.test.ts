import { expect, test } from "vitest";
import {
	bestRate,
	comparableRates,
	type RateSweep,
	rateSweeps,
	withMeans,
} from "../../../src/experiments/statistics/rate-sweep.ts";
import { planOfPreset, resultsOf } from "../fixtures.ts";

const plan = await planOfPreset("mup");
const results = resultsOf(plan, ({ optimizer }) => 4 + 0.1 * Math.log(optimizer.learningRate / 0.003) ** 2);

test("a sweep has the runs of one model by rate, and the vertex of their parabola is the best rate", () => {
	const sweeps = rateSweeps(results);
	expect(sweeps.length).toBe(4 * 2);
	for (const sweep of sweeps) {
		expect(sweep.rates.map(({ rate }) => rate)).toEqual([0.0005, 0.001, 0.002, 0.004, 0.008, 0.016]);
		const { rate, loss, atEdge } = bestRate(sweep);
		expect([rate, loss, atEdge]).toEqual([expect.closeTo(0.003, 9), expect.closeTo(4, 9), false]);
	}
});

test("a rate at which a run diverged has the loss of a uniform guess, whatever the other seeds did", () => {
	const diverged = results.map((run) =>
		run.spec.optimizer.learningRate === 0.004 && run.spec.seed === 2 ? { ...run, validationLoss: null } : run,
	);
	const sweep = rateSweeps(diverged)[0]!;
	expect(sweep.rates[3]).toEqual({ rate: 0.004, loss: Math.log(512), cell: null });
	expect(bestRate(sweep).rate).toBeLessThan(0.002 * Math.SQRT2);
	expect(comparableRates(sweep).length).toBe(3);
});

test("at an edge the best rate is the one tried there; equal losses have no vertex", () => {
	const sweep = (...losses: number[]): RateSweep => ({
		spec: results[0]!.spec,
		rates: losses.map((loss, i) => ({ rate: 2 ** i, loss, cell: null })),
	});
	expect(bestRate(sweep(3, 4, 5))).toEqual({ rate: 1, loss: 3, atEdge: true });
	expect(bestRate(sweep(5, 4, 3))).toEqual({ rate: 4, loss: 3, atEdge: true });
	expect(bestRate(sweep(4))).toEqual({ rate: 1, loss: 4, atEdge: true });
	expect(bestRate(sweep(5, 4, 5))).toEqual({ rate: expect.closeTo(2, 9), loss: expect.closeTo(4, 9), atEdge: false });
});

test("other means move the best rate", () => {
	const sweep = rateSweeps(results)[0]!;
	const cell = sweep.rates[4]!.cell!;
	expect(bestRate(withMeans(sweep, new Map([[cell, 3.5]]))).rate).toBeCloseTo(0.008, 2);
	expect(bestRate(withMeans(sweep, new Map())).rate).toBeCloseTo(0.003, 9);
});
