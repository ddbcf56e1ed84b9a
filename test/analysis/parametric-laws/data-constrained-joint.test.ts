import { describe, expect, test } from "vitest";
import { fitDataConstrained } from "../../../src/analysis/parametric-laws/data-constrained-fit.ts";
import { jointDataConstrainedLaw } from "../../../src/analysis/parametric-laws/data-constrained-joint.ts";
import { dataConstrainedLaw } from "../../../src/analysis/parametric-laws/data-constrained-law.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";

const BASE = { E: 1.6, A: 300, B: 500, alpha: 0.33, beta: 0.33 };
const TRUTH = { "R_D*": 8, "R_N*": 4 };

/** Runs of 10^6 to 10^9 parameters on 10^7 to 10^9 unique tokens, read 1 to 64 times; many are far above N_opt(U). */
function runs(noise = 0, seed = 1): Point[] {
	const law = dataConstrainedLaw(BASE);
	return [1e6, 1e7, 1e8, 1e9].flatMap((N, n) =>
		[1e7, 1e8, 1e9].flatMap((U, u) =>
			[1, 2, 4, 8, 16, 32, 64].map((epochs, e) => {
				const point = { run: `${N} ${U} ${e}`, parameters: N, tokens: U * epochs, uniqueTokens: U, flops: 0, loss: 0 };
				const factor = Math.exp(noise * normal(randomKey(seed, "joint", n, u), e));
				return { ...point, loss: factor * law.loss(TRUTH, point) };
			}),
		),
	);
}

describe("all parameters fitted at once", () => {
	const law = jointDataConstrainedLaw().prepare(runs());
	if (typeof law === "string") throw new Error(law);

	test("the derivatives are those of the loss, on either side of N_opt(U)", () => {
		const theta = law.theta({ E: 1.5, A: 250, α: 0.31, B: 600, β: 0.35, "R_D*": 6, "R_N*": 9 });
		const n = law.size;
		const at = (moved: Float64Array, i: number) => {
			const gradient = new Float64Array(n);
			const hessian = new Float64Array(n * n);
			return { value: law.predict(moved, i, gradient, hessian), gradient, hessian };
		};
		const step = 1e-5;
		const shifted = (j: number, by: number) => theta.map((value, k) => (k === j ? value + by : value));
		for (let i = 0; i < runs().length; i += 5) {
			const here = at(theta, i);
			for (let j = 0; j < n; j++) {
				const [up, down] = [at(shifted(j, step), i), at(shifted(j, -step), i)];
				expect(Math.abs((up.value - down.value) / (2 * step) - here.gradient[j]!)).toBeLessThan(1e-7);
				for (let k = 0; k <= j; k++) {
					const second = (up.gradient[k]! - down.gradient[k]!) / (2 * step);
					expect(Math.abs(second - here.hessian[j * n + k]!)).toBeLessThan(1e-6);
				}
			}
		}
	});

	test("exact data give the exact law", () => {
		const { parameters, warnings } = fitDataConstrained(runs());
		for (const [name, value] of Object.entries({ ...TRUTH, E: 1.6, A: 300, B: 500, α: 0.33, β: 0.33 }))
			expect(parameters[name]!.estimate / value, name).toBeCloseTo(1, 3);
		expect(warnings.join()).not.toMatch(/not of these points/);
	});

	test("with noise the intervals hold the truth, and are wider than on a base taken as exact", () => {
		const noisy = runs(0.004);
		const [joint, fixed] = [fitDataConstrained(noisy), fitDataConstrained(noisy, { base: BASE })];
		for (const fit of [joint, fixed]) {
			const { low, high } = fit.health!.profiles!["R_D*"]!;
			expect(low!).toBeLessThan(8);
			expect(high!).toBeGreaterThan(8);
		}
		expect(Math.log(joint.high! / joint.low!)).toBeGreaterThan(Math.log(fixed.high! / fixed.low!));
	});
});

test("too few sizes for all parameters: the published base is used, and said to be", () => {
	const few = runs().filter(({ parameters }) => parameters < 5e7);
	const { warnings } = fitDataConstrained(few);
	expect(warnings.join()).toMatch(/are Muennighoff et al\.'s for C4, not of these points: .* needs 3/);
});
