import { expect, test } from "vitest";
import { logCurve } from "../../../src/analysis/points/log-curve.ts";
import { normal } from "../../../src/maths/random.ts";

const tokens = Array.from({ length: 100 }, (_, i) => 1000 * (i + 0.5));

test("a power law is a straight line in logs and passes the smoother unchanged", () => {
	const { logTokens, logLoss, noise } = logCurve({ tokens, loss: tokens.map((D) => 40 * D ** -0.25) });
	expect(logTokens).toHaveLength(100);
	logTokens.forEach((x, i) => {
		expect(logLoss[i]).toBeCloseTo(Math.log(40) - 0.25 * x, 10);
	});
	expect(Math.max(...noise)).toBeLessThan(1e-9);
});

test("noise shrinks, and what is left of it is told", () => {
	const sd = 0.02;
	const truth = (D: number) => Math.log(40) - 0.25 * Math.log(D);
	let squares = 0;
	let told = 0;
	for (let key = 0; key < 40; key++) {
		const curve = logCurve({ tokens, loss: tokens.map((D, i) => Math.exp(truth(D) + sd * normal(key, i))) });
		squares += curve.logLoss.reduce((sum, y, i) => sum + (y - truth(tokens[i]!)) ** 2, 0) / 100 / 40;
		told += curve.noise.reduce((sum, noise) => sum + noise ** 2, 0) / 100 / 40;
	}
	expect(Math.sqrt(squares)).toBeLessThan(sd / 2);
	expect(Math.sqrt(told) / Math.sqrt(squares)).toBeGreaterThan(0.8);
	expect(Math.sqrt(told) / Math.sqrt(squares)).toBeLessThan(1.25);
});

test("a point counts by the steps that it averages", () => {
	const steps = tokens.map((_, i) => (i === 99 ? 1 : 100));
	const loss = tokens.map((D, i) => 40 * D ** -0.25 * (i === 99 ? 1.1 : 1));
	const last = (curve: { logLoss: number[] }) => curve.logLoss.at(-1)! - Math.log(40 * tokens[99]! ** -0.25);
	// As one of equals it would pull the end of the smoothed curve along.
	expect(last(logCurve({ tokens, loss }))).toBeGreaterThan(0.01);
	expect(Math.abs(last(logCurve({ tokens, loss }, 0, steps)))).toBeLessThan(0.001);
});

test("a point of a hundred steps has a tenth of the noise of a single step", () => {
	const steps = tokens.map((_, i) => (i < 50 ? 1 : 100));
	let early = 0;
	let late = 0;
	for (let key = 0; key < 40; key++) {
		const noise = (i: number) => Math.exp((0.02 / Math.sqrt(steps[i]!)) * normal(key, i));
		const curve = logCurve({ tokens, loss: tokens.map((D, i) => 40 * D ** -0.25 * noise(i)) }, 0, steps);
		early += curve.noise[25]! / 40;
		late += curve.noise[75]! / 40;
	}
	expect(early / late).toBeGreaterThan(5);
});

test("unusable points are dropped, the rest sorted, equal tokens averaged", () => {
	const { logTokens, logLoss } = logCurve({
		tokens: [4e9, 1e3, 1e6, 1e6, -5, 0, Number.NaN, 1e8, 1e8, Number.POSITIVE_INFINITY],
		loss: [2, 9, 4, 4.41, 3, 3, 3, Number.NaN, 0, 3],
	});
	expect(logTokens).toEqual([1e3, 1e6, 4e9].map(Math.log));
	expect(logLoss[1]).toBeCloseTo(Math.log(4.2), 12);
});

test("points in the warmup are dropped", () => {
	expect(logCurve({ tokens: [100, 200, 300], loss: [3, 2, 1] }, 200).logTokens).toEqual([Math.log(300)]);
});

test("columns of unequal length are read as far as both go", () => {
	expect(logCurve({ tokens: [1, 100, 10000], loss: [3, 2] }).logTokens).toHaveLength(2);
});
