import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { regression } from "../../src/analysis/fitting/regression.ts";
import { lossSequence } from "../../src/analysis/fitting/robust-loss.ts";
import { dataConstrainedLaw } from "../../src/analysis/parametric-laws/data-constrained-law.ts";
import { KAPLAN } from "../../src/analysis/parametric-laws/kaplan-law.ts";
import { METHOD_3 } from "../../src/analysis/parametric-laws/method3.ts";
import { rosenfeldLaw } from "../../src/analysis/parametric-laws/rosenfeld-law.ts";
import { singleVariableLaw } from "../../src/analysis/parametric-laws/single-variable-laws.ts";
import { type Derivatives, derivatives, minimize } from "../../src/maths/minimize.ts";
import { nonNegativeLeastSquares } from "../../src/maths/non-negative-least-squares.ts";
import { normal, randomKey } from "../../src/maths/random.ts";
import { conditionNumber, solvePositive, symmetricEigenvalues } from "../../src/maths/small-matrix.ts";
import { MUENNIGHOFF_C4 } from "../../src/theory/specifications.ts";
import { lawPoints } from "../analysis/law-points.ts";

describe("gradients and Hessians of every law and loss are those of central differences", () => {
	const points = lawPoints(40, 0.03).map((point, i) => ({ ...point, uniqueTokens: point.tokens / (1 + (i % 7)) }));
	const logLoss = Float64Array.from(points, ({ loss }) => Math.log(loss));
	const weights = Float64Array.from(points, (_, i) => i % 3);
	const laws = [
		METHOD_3,
		KAPLAN,
		rosenfeldLaw(),
		singleVariableLaw("N", false),
		singleVariableLaw("C", true),
		dataConstrainedLaw(MUENNIGHOFF_C4),
	];
	test.each(laws.map((law) => [law.name, law] as const))("%s", (_, law) => {
		const prepared = law.prepare(points);
		if (typeof prepared === "string") throw new Error(prepared);
		const n = prepared.size;
		for (const name of ["log-mse", "mse", "huber"] as const) {
			// A knee between the residuals, so that no difference straddles it.
			const f = regression(prepared, logLoss, weights, lossSequence(name, 0.0313)[0]!);
			const theta = prepared.starts()[1]!.map((value) => value + 0.05);
			const at = (moved: Float64Array): Derivatives & { value: number } => {
				const into = derivatives(n);
				return { value: f.evaluate(moved, into), ...into };
			};
			const here = at(theta);
			for (let j = 0; j < n; j++) {
				const step = 1e-6;
				const [above, below] = [step, -step].map((s) => at(theta.map((value, k) => value + (k === j ? s : 0))));
				const scale = 1e-6 * Math.max(1, ...here.gradient.map(Math.abs), ...here.hessian.map(Math.abs));
				expect(Math.abs((above!.value - below!.value) / (2 * step) - here.gradient[j]!)).toBeLessThan(scale);
				for (let k = 0; k < n; k++)
					expect(
						Math.abs((above!.gradient[k]! - below!.gradient[k]!) / (2 * step) - here.hessian[j * n + k]!),
					).toBeLessThan(10 * scale);
			}
			expect(symmetricEigenvalues(here.metric, n).every((value) => value > -1e-9)).toBe(true);
		}
	});

	test.each(laws.map((law) => [law.name, law] as const))("%s: parameters and θ are each other's inverse", (_, law) => {
		const prepared = law.prepare(points);
		if (typeof prepared === "string") throw new Error(prepared);
		const theta = prepared.starts()[0]!;
		const again = prepared.theta(prepared.parameters(theta));
		again.forEach((value, j) => {
			expect(value).toBeCloseTo(theta[j]!, 8);
		});
		const [gradient, hessian] = [new Float64Array(prepared.size), new Float64Array(prepared.size ** 2)];
		for (const [i, point] of points.entries())
			expect(Math.exp(prepared.predict(theta, i, gradient, hessian))).toBeCloseTo(
				law.loss(prepared.parameters(theta), point),
				8,
			);
	});
});

/** Rosenbrock's valley (x, y) → (1 − x)² + 100·(y − x²)². */
const valley = {
	size: 2,
	evaluate([x, y]: Float64Array, { gradient, hessian, metric }: Derivatives) {
		const bend = y! - x! * x!;
		gradient.set([-2 * (1 - x!) - 400 * x! * bend, 200 * bend]);
		hessian.set([2 - 400 * bend + 800 * x! * x!, -400 * x!, -400 * x!, 200]);
		metric.set([2 + 800 * x! * x!, -400 * x!, -400 * x!, 200]);
		return (1 - x!) ** 2 + 100 * bend * bend;
	},
};

describe("minimize", () => {
	const wide = { lower: Float64Array.of(-10, -10), upper: Float64Array.of(10, 10) };

	test("follows Rosenbrock's valley to its end", () => {
		const { theta, converged, gradientNorm, evaluations } = minimize(valley, Float64Array.of(-1.2, 1), wide);
		expect(theta[0]).toBeCloseTo(1, 9);
		expect(theta[1]).toBeCloseTo(1, 9);
		expect(converged).toBe(true);
		expect(gradientNorm).toBeLessThan(1e-8);
		expect(evaluations).toBeLessThan(80);
	});

	test("stops at a bound that it would cross, and names it", () => {
		const bounds = { lower: Float64Array.of(-10, -10), upper: Float64Array.of(0.5, 10) };
		const { theta, atBound, converged } = minimize(valley, Float64Array.of(-1.2, 1), bounds);
		expect(theta[0]).toBe(0.5);
		expect(theta[1]).toBeCloseTo(0.25, 9);
		expect(atBound).toEqual([0]);
		expect(converged).toBe(true);
	});

	test("holds what has equal bounds, and does not count it as at a bound", () => {
		const bounds = { lower: Float64Array.of(2, -10), upper: Float64Array.of(2, 10) };
		const { theta, atBound } = minimize(valley, Float64Array.of(0, 0), bounds);
		expect(theta[0]).toBe(2);
		expect(theta[1]).toBeCloseTo(4, 9);
		expect(atBound).toEqual([]);
	});

	test("where the function is not defined it ends at once, and steps there are not taken", () => {
		const undefinedBelow = {
			size: 1,
			evaluate([x]: Float64Array, { gradient, hessian, metric }: Derivatives) {
				gradient[0] = 1 - 1 / x!;
				hessian[0] = 1 / x! ** 2;
				metric[0] = hessian[0]!;
				return x! > 0 ? x! - Math.log(x!) : Number.NaN;
			},
		};
		const bounds = { lower: Float64Array.of(-100), upper: Float64Array.of(100) };
		expect(minimize(undefinedBelow, Float64Array.of(5), bounds).theta[0]).toBeCloseTo(1, 9);
		expect(minimize(undefinedBelow, Float64Array.of(-5), bounds).value).toBeNaN();
	});
});

describe("small matrices", () => {
	test("solvePositive solves in the free rows and says when a matrix is not positive definite", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 6 }), fc.integer(), (n, seed) => {
				const key = randomKey(seed, "matrix");
				const root = Array.from({ length: n * n }, (_, i) => normal(key, i));
				const a = new Float64Array(n * n);
				for (let i = 0; i < n; i++)
					for (let j = 0; j < n; j++) {
						a[i * n + j] = i === j ? 0.1 : 0;
						for (let k = 0; k < n; k++) a[i * n + j]! += root[i * n + k]! * root[j * n + k]!;
					}
				const b = Float64Array.from({ length: n }, (_, i) => normal(key, 100 + i));
				const free = Array.from({ length: n }, (_, i) => i).filter((i) => n === 1 || i !== 1);
				const x = new Float64Array(n);
				expect(solvePositive(a, b, free, new Float64Array(n * n), x)).toBe(true);
				for (const i of free) expect(free.reduce((sum, j) => sum + a[i * n + j]! * x[j]!, 0)).toBeCloseTo(b[i]!, 6);
				const eigenvalues = symmetricEigenvalues(a, n);
				const trace = Array.from({ length: n }, (_, i) => a[i * n + i]!).reduce((sum, value) => sum + value, 0);
				expect(eigenvalues.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 8);
				expect(Math.min(...eigenvalues)).toBeGreaterThan(0.09);
			}),
			{ seed: 1, numRuns: 50 },
		);
		const indefinite = Float64Array.of(1, 2, 2, 1);
		expect(solvePositive(indefinite, Float64Array.of(1, 1), [0, 1], new Float64Array(4), new Float64Array(2))).toBe(
			false,
		);
		const [low, high] = symmetricEigenvalues(indefinite, 2).sort((p, q) => p - q);
		expect(low).toBeCloseTo(-1, 12);
		expect(high).toBeCloseTo(3, 12);
	});

	test("the condition number does not depend on units", () => {
		expect(conditionNumber(Float64Array.of(1, 0.5, 0.5, 1), 2, [0, 1])).toBeCloseTo(3, 12);
		expect(conditionNumber(Float64Array.of(1e12, 0.5, 0.5, 1e-12), 2, [0, 1])).toBeCloseTo(3, 9);
		expect(conditionNumber(Float64Array.of(1, 1, 1, 1), 2, [0, 1])).toBeNull();
		expect(conditionNumber(Float64Array.of(1, 1, 1, 1), 2, [1])).toBe(1);
		expect(conditionNumber(Float64Array.of(0, 0, 0, 1), 2, [0, 1])).toBeNull();
	});
});

test("non-negative least squares leaves out what would be negative", () => {
	const loss = Float64Array.of(1, 2, 3, 4);
	const one = Float64Array.of(1, 1, 1, 1);
	const rising = Float64Array.of(0, 1, 2, 3);
	expect(nonNegativeLeastSquares([one, rising], loss).map((value) => Number(value.toFixed(9)))).toEqual([1, 1]);
	const falling = Float64Array.of(3, 2, 1, 0);
	const [constant, slope] = nonNegativeLeastSquares([one, falling], loss);
	expect(slope).toBe(0);
	// The best constant c of Σ (c/L − 1)² is Σ 1/L ÷ Σ 1/L².
	expect(constant).toBeCloseTo((1 + 1 / 2 + 1 / 3 + 1 / 4) / (1 + 1 / 4 + 1 / 9 + 1 / 16), 12);
	expect(nonNegativeLeastSquares([one, one], Float64Array.of(2, 2, 2, 2)).reduce((a, b) => a + b)).toBeCloseTo(2, 12);
});
