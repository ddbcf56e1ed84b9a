import { fitDataConstrained } from "../../src/analysis/parametric-laws/data-constrained-fit.ts";
import { dataConstrainedLaw } from "../../src/analysis/parametric-laws/data-constrained-law.ts";
import type { Point } from "../../src/analysis/points/point.ts";
import { normal, randomKey } from "../../src/maths/random.ts";
import { type Measured, type QuantityCoverage, summary } from "./interval-coverage.ts";

const BASE = { E: 1.6, A: 300, B: 500, alpha: 0.33, beta: 0.33 };
const TRUTH = { "R_D*": 8, "R_N*": 4 };

/** Every size on every number of unique tokens, read for every number of epochs. */
export interface RepetitionStudy {
	name: string;
	/** Whether E, A, B, α and β are fitted too, or given as they are. */
	base: "joint" | typeof BASE;
	sizes: readonly number[];
	unique: readonly number[];
	epochs: readonly number[];
	/** Standard deviation of ln L between runs. */
	noise: number;
}

const LARGE = { sizes: [1e6, 1e7, 1e8, 1e9], unique: [1e7, 1e8, 1e9], epochs: [1, 2, 4, 8, 16, 32, 64] };
const SMALL = { sizes: [1e7, 3e7, 1e8, 3e8], unique: [1e8, 1e9], epochs: [1, 2, 4, 8, 16, 32] };

export const REPETITION_STUDIES: readonly RepetitionStudy[] = [
	{ name: "84 runs, all parameters fitted, 0.4 %", base: "joint", ...LARGE, noise: 0.004 },
	{ name: "48 runs, all parameters fitted, 0.4 %", base: "joint", ...SMALL, noise: 0.004 },
	{ name: "48 runs, all parameters fitted, 1 %", base: "joint", ...SMALL, noise: 0.01 },
	{ name: "84 runs, the base given, 0.4 %", base: BASE, ...LARGE, noise: 0.004 },
	{ name: "48 runs, the base given, 0.4 %", base: BASE, ...SMALL, noise: 0.004 },
];

export const DECAYS = ["R_D*", "R_N*"] as const;

export function repetitionRuns({ sizes, unique, epochs, noise }: Omit<RepetitionStudy, "base">, seed: number): Point[] {
	const law = dataConstrainedLaw(BASE);
	return sizes.flatMap((parameters, n) =>
		unique.flatMap((uniqueTokens, u) =>
			epochs.map((times, e) => {
				const run = `${parameters} ${uniqueTokens} ${e}`;
				const point = { run, parameters, tokens: uniqueTokens * times, uniqueTokens, flops: 0, loss: 0 };
				const factor = Math.exp(noise * normal(randomKey(seed, "joint", n, u), e));
				return { ...point, loss: factor * law.loss(TRUTH, point) };
			}),
		),
	);
}

/** How the nominal 90 % intervals of R_D* and R_N* fare over many studies of a kind; widths are shares of the truth. */
export function repetitionCoverage(
	study: RepetitionStudy,
	studies: number,
): Record<(typeof DECAYS)[number], QuantityCoverage> {
	const all = DECAYS.map((): ((Measured & { truth: number }) | null)[] => []);
	for (let seed = 1; seed <= studies; seed++) {
		const { parameters } = fitDataConstrained(repetitionRuns(study, seed), { base: study.base, interval: 0.9 });
		for (const [d, name] of DECAYS.entries())
			all[d]!.push(parameters[name] ? { ...parameters[name], truth: TRUTH[name] } : null);
	}
	return { "R_D*": summary(all[0]!, true), "R_N*": summary(all[1]!, true) };
}
