import {
	MOST_SYNTHETIC,
	pointCount,
	type SyntheticDesign,
	type SyntheticStudy,
} from "../../../analysis/points/synthetic-points.ts";
import { formatAmount } from "../../../figures/format-amount.ts";
import type { LossLaw } from "../../../theory/loss-law.ts";
import type { Bounds, Dimension } from "../../../theory/quantities.ts";
import { EPOCH, SPECIFICATIONS } from "../../../theory/specifications.ts";

export type DesignKind = SyntheticDesign["kind"];

/** What the form of a synthetic study holds; designs keep their numbers while others are shown. */
export interface SyntheticValues {
	/** A specification's id, or "own". */
	lawId: string;
	/** E, A, B, α and β of one's own. */
	own: LossLaw;
	design: DesignKind;
	numbers: Record<NumberName, number>;
}

/** Numbers of the form by name. */
export type NumberName =
	| "budgetFrom"
	| "budgetTo"
	| "budgets"
	| "sizes"
	| "spread"
	| "sizeFrom"
	| "sizeTo"
	| "sizeCount"
	| "tokensFrom"
	| "tokensTo"
	| "tokensCount"
	| "noise"
	| "pointNoise"
	| "seed";

export const FIRST_VALUES: SyntheticValues = {
	lawId: EPOCH.id,
	own: EPOCH.law,
	design: "isoflop",
	numbers: {
		...{ budgetFrom: 1e18, budgetTo: 1e21, budgets: 6, sizes: 9, spread: 8 },
		...{ sizeFrom: 3e7, sizeTo: 3e9, sizeCount: 9, tokensFrom: 5e8, tokensTo: 2e11, tokensCount: 16 },
		...{ noise: 0.002, pointNoise: 0.001, seed: 1 },
	},
};

/** A number's field in the form. */
export interface NumberField {
	readonly name: NumberName;
	readonly label: string;
	readonly dimension: Dimension;
	readonly bounds: Bounds;
	readonly whole: boolean;
}

const amount = (name: NumberName, label: string, dimension: Dimension, min: number, max: number): NumberField => ({
	...{ name, label, dimension, bounds: { min, max }, whole: false },
});
const whole = (name: NumberName, label: string, min: number, max: number): NumberField => ({
	...{ name, label, dimension: "count", bounds: { min, max }, whole: true },
});

const SIZES_AND_LENGTHS: readonly NumberField[] = [
	amount("sizeFrom", "Smallest size N", "parameters", 1e3, 1e14),
	amount("sizeTo", "Largest size N", "parameters", 1e3, 1e14),
	whole("sizeCount", "Sizes", 1, 500),
	amount("tokensFrom", "Fewest tokens D", "tokens", 1e3, 1e17),
	amount("tokensTo", "Most tokens D", "tokens", 1e3, 1e17),
];

/** The fields of a design. */
export const DESIGN_FIELDS: Record<DesignKind, readonly NumberField[]> = {
	isoflop: [
		amount("budgetFrom", "Smallest budget", "flops", 1e8, 1e30),
		amount("budgetTo", "Largest budget", "flops", 1e8, 1e30),
		whole("budgets", "Budgets", 1, 100),
		whole("sizes", "Sizes at each", 1, 200),
		amount("spread", "Spread of sizes, factor", "count", 1.01, 1e4),
	],
	grid: [...SIZES_AND_LENGTHS, whole("tokensCount", "Lengths", 1, 500)],
	curves: [...SIZES_AND_LENGTHS, whole("tokensCount", "Points of a curve", 1, 1000)],
};

/** The fields of the noise. */
export function noiseFields(design: DesignKind): readonly NumberField[] {
	return [
		amount("noise", "Noise of runs, in ln L", "count", 0, 1),
		...(design === "curves" ? [amount("pointNoise", "Noise of points, in ln L", "count", 0, 1)] : []),
		whole("seed", "Seed", 0, 2 ** 32 - 1),
	];
}

export const LAW_FIELDS: readonly { name: keyof LossLaw; label: string; bounds: Bounds }[] = [
	{ name: "E", label: "E", bounds: { min: 0, max: 100 } },
	{ name: "A", label: "A", bounds: { min: 1e-6, max: 1e20 } },
	{ name: "B", label: "B", bounds: { min: 1e-6, max: 1e20 } },
	{ name: "alpha", label: "α", bounds: { min: 0.01, max: 5 } },
	{ name: "beta", label: "β", bounds: { min: 0.01, max: 5 } },
];

export function lawOf({ lawId, own }: SyntheticValues): LossLaw {
	return SPECIFICATIONS.find(({ id }) => id === lawId)?.law ?? own;
}

/** The study that the form describes, or in one sentence why there is none. */
export function studyOf(values: SyntheticValues): { study: SyntheticStudy } | { problem: string } {
	const { numbers } = values;
	const design = designOf(values);
	for (const [what, from, to] of rangesOf(values))
		if (from > to)
			return {
				problem: `The smallest ${what}, ${formatAmount(from)}, is above the largest, ${formatAmount(to)}; it must be below.`,
			};
	const count = pointCount(design);
	if (count > MOST_SYNTHETIC)
		return {
			problem: `These are ${count.toLocaleString("en-US")} points; at most ${MOST_SYNTHETIC.toLocaleString("en-US")} are drawn.`,
		};
	const { noise, pointNoise, seed } = numbers;
	return { study: { law: lawOf(values), design, noise, pointNoise, seed } };
}

function designOf({ design, numbers }: SyntheticValues): SyntheticDesign {
	const { budgetFrom, budgetTo, budgets, sizes, spread } = numbers;
	if (design === "isoflop")
		return { kind: design, budgets: { from: budgetFrom, to: budgetTo, count: budgets }, sizes, spread };
	return {
		kind: design,
		parameters: { from: numbers.sizeFrom, to: numbers.sizeTo, count: numbers.sizeCount },
		tokens: { from: numbers.tokensFrom, to: numbers.tokensTo, count: numbers.tokensCount },
	};
}

function rangesOf({ design, numbers }: SyntheticValues): [what: string, from: number, to: number][] {
	if (design === "isoflop") return [["budget", numbers.budgetFrom, numbers.budgetTo]];
	return [
		["size", numbers.sizeFrom, numbers.sizeTo],
		["number of tokens", numbers.tokensFrom, numbers.tokensTo],
	];
}
