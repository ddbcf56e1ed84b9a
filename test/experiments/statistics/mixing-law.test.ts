import { expect, test } from "vitest";
import { fitMixingLaw, mixingError, mixingLoss } from "../../../src/experiments/statistics/mixing-law.ts";

const shares = [0, 0.05, 0.15, 0.35, 0.6, 0.85, 1];

test.each([
	{ c: 3.5, k: 1, t: -8 },
	{ c: 3.2, k: 0.3, t: 1.5 },
	{ c: 4, k: -0.4, t: -2 },
])("exact losses give the law back: %j", (law) => {
	const losses = shares.map((share) => mixingLoss(law, share));
	const fitted = fitMixingLaw(shares, losses)!;
	for (const name of ["c", "k", "t"] as const) expect(fitted[name]).toBeCloseTo(law[name], 3);
	expect(mixingError(shares, losses)).toBeLessThan(1e-5);
});

test("a mixture that breaks the law is predicted badly", () => {
	const losses = shares.map((share) => mixingLoss({ c: 3.5, k: 1, t: -8 }, share));
	losses[3]! += 0.2;
	expect(mixingError(shares, losses)!).toBeGreaterThan(0.08);
});

test("too few shares", () => {
	expect(fitMixingLaw([0, 0.5, 1], [4, 3, 3])).toBeNull();
	expect(mixingError([0, 0.3, 0.6, 1], [4, 3.5, 3.2, 3])).toBeNull();
});
