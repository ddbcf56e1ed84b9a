import { expect, test } from "vitest";
import { logSumExp, type Term } from "../../src/maths/log-sum-exp.ts";
import { logSumOfTwo } from "../../src/maths/log-sum-of-two.ts";
import { normal } from "../../src/maths/random.ts";

/** θ and x as in fits, and where one term or the constant is the greatest, vanishes, or equals another. */
const THETAS = [
	[0.3, 0.4, 0.1, 0.2, 0.5],
	[-40, 0.4, 0.1, 0.2, 0.5],
	[0.3, 0.4, -900, 0.2, -900],
	[0.5, 0, 0.5, 0, 0.5],
	[1, 3, 2, 5, 4],
];
const x1 = Float64Array.from({ length: 40 }, (_, i) => 3 * normal(1, i));
const x2 = Float64Array.from({ length: 40 }, (_, i) => 3 * normal(2, i));

test.each([
	{ constant: true, n: 5 },
	{ constant: false, n: 4 },
	{ constant: false, n: 5 },
	{ constant: true, n: 6 },
])(
	"the sum of two power laws written out has the bits of logSumExp (constant $constant, $n parameters)",
	({ constant, n }) => {
		const terms: Term[] = [
			{ x: x1, index: 0 },
			{ x: x2, index: 2 },
		];
		if (constant) terms.push({ x: null, index: 4 });
		const sum = logSumOfTwo(x1, x2, constant, n);
		for (const given of THETAS)
			for (const i of x1.keys()) {
				const theta = Float64Array.from({ length: n }, (_, j) => given[j] ?? 7);
				const expected = { gradient: new Float64Array(n).fill(9), hessian: new Float64Array(n * n).fill(9) };
				const found = { gradient: new Float64Array(n).fill(9), hessian: new Float64Array(n * n).fill(9) };
				expect(sum(theta, i, found.gradient, found.hessian)).toBe(
					logSumExp(terms, theta, i, expected.gradient, expected.hessian),
				);
				// Apart from the sign of a zero.
				expect(found.gradient.map((value) => value + 0)).toEqual(expected.gradient.map((value) => value + 0));
				expect(found.hessian.map((value) => value + 0)).toEqual(expected.hessian.map((value) => value + 0));
			}
	},
);
