import { describe, expect, test } from "vitest";
import {
	allocationExponent,
	allocationScale,
	bestAllocation,
	lossAt,
	lossExponent,
	tokensToReach,
} from "../../src/theory/loss-law.ts";
import { CHINCHILLA, EPOCH, parseSpecification } from "../../src/theory/specifications.ts";
import { expected, relativeError } from "../reference/expected.ts";

describe("method3_epoch.optimal_allocation, to the six digits listed", () => {
	test.each([
		["epoch_published_C5.76e23", EPOCH.law, 5.76e23],
		["epoch_published_C5.88e23", EPOCH.law, 5.88e23],
		["hoffmann_9_C5.88e23", CHINCHILLA.law, 5.88e23],
		["hoffmann_rounded_C5.88e23", { ...CHINCHILLA.law, E: 1.69, alpha: 0.34, beta: 0.28 }, 5.88e23],
	])("%s", (key, law, flops) => {
		const wanted = expected.method3_epoch.optimal_allocation[key];
		const { parameters, tokens } = bestAllocation(law, flops);
		expect(relativeError(allocationScale(law), wanted.G)).toBeLessThan(5e-6);
		expect(relativeError(parameters, wanted.N_star)).toBeLessThan(5e-6);
		expect(relativeError(tokens, wanted.D_star)).toBeLessThan(5e-6);
		expect(relativeError(tokens / parameters, wanted.D_over_N)).toBeLessThan(5e-6);
		expect(relativeError(lossAt(law, parameters, tokens), wanted.L_star)).toBeLessThan(5e-6);
	});

	test("no other split of the budget has a smaller loss", () => {
		const { parameters, tokens } = bestAllocation(EPOCH.law, 1e21);
		expect(6 * parameters * tokens).toBeCloseTo(1e21, -10);
		for (const factor of [0.8, 1.25])
			expect(lossAt(EPOCH.law, parameters * factor, tokens / factor)).toBeGreaterThan(
				lossAt(EPOCH.law, parameters, tokens),
			);
	});

	test("the loss falls toward E as C^−γ, and N* grows as C^a", () => {
		const at = (flops: number) => {
			const { parameters, tokens } = bestAllocation(EPOCH.law, flops);
			return { parameters, excess: lossAt(EPOCH.law, parameters, tokens) - EPOCH.law.E };
		};
		const [low, high] = [at(1e20), at(1e22)];
		expect(Math.log(high.parameters / low.parameters) / Math.log(100)).toBeCloseTo(allocationExponent(EPOCH.law), 10);
		expect(-Math.log(high.excess / low.excess) / Math.log(100)).toBeCloseTo(lossExponent(EPOCH.law), 10);
	});
});

// A teaching text that puts N = 70 (billions) beside A = 406.4 finds a loss of nearly 100 nats; counted one by one it is 1.94.
test("parameters and tokens are counted one by one", () => {
	expect(lossAt({ ...CHINCHILLA.law, E: 1.69, alpha: 0.34, beta: 0.28 }, 70e9, 1.4e12)).toBeCloseTo(1.9366, 4);
});

test("tokens to reach a loss: the inverse of the law, infinite below what a size can reach", () => {
	const loss = lossAt(EPOCH.law, 7e9, 3e11);
	expect(relativeError(tokensToReach(EPOCH.law, 7e9, loss), 3e11)).toBeLessThan(1e-9);
	expect(tokensToReach(EPOCH.law, 7e9, 1.9)).toBe(Infinity);
});

describe("a law as text", () => {
	test("by name, or as five constants", () => {
		expect(parseSpecification("epoch")).toBe(EPOCH);
		expect(parseSpecification(" 1.7,406.4, 410.7,.34,.28").law).toEqual({
			E: 1.7,
			A: 406.4,
			B: 410.7,
			alpha: 0.34,
			beta: 0.28,
		});
	});

	test.each([
		["kaplan", '"kaplan" is not a law; it must be epoch, chinchilla or five numbers E,A,B,alpha,beta'],
		["1,2,3,4", "is not a law"],
		["1,2,3,.4,", "beta is NaN; it must be a number from 0.001 to 5"],
		["-1,2,3,.4,.4", "E is -1; it must be a number from 0 to 100"],
		["1,0,3,.4,.4", "A is 0; it must be a number from 1e-30 to 1e+60"],
		["1,2,Infinity,.4,.4", "B is Infinity"],
	])("%s", (text, message) => {
		expect(() => parseSpecification(text)).toThrow(message);
	});
});
