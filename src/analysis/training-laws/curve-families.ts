import { geometricMean } from "../../maths/least-squares.ts";
import type { ProjectedCurve, Projection } from "./projected-curve.ts";

/**
 * Six families of learning curves (Domhan et al. 2015, IJCAI, table 1; used for extrapolation by Kolachina et al. 2012):
 * y rises with x toward c. To fit losses, use y = −L.
 *
 *     Exp3    y = c − e^(−a·x + b)
 *     Exp4    y = c − e^(−a·x^α + b)
 *     ExpP3   y = c − e^((x − b)^α)
 *     Pow3    y = c − a·x^−α
 *     Pow4    y = c − (−a·x + b)^−α
 *     ILog2   y = c − a / ln x
 *
 * Each has the form c − k·e^ψ(x; ν) with at most two inner parameters ν. Given ν, c and k follow by linear least
 * squares, so the search is over ν alone (variable projection, Golub & Pereyra 1973).
 */
export type CurveFamily = "Exp3" | "Exp4" | "ExpP3" | "Pow3" | "Pow4" | "ILog2";

export const CURVE_FAMILIES: readonly CurveFamily[] = ["Exp3", "Exp4", "ExpP3", "Pow3", "Pow4", "ILog2"];

/** A family: the curve to search, and the conversion to the family's own parameters. */
export interface Family {
	formula: string;
	/** Number of parameters. */
	size: number;
	/** Lower end of the family's domain, exclusive. */
	above: number;
	curve(x: Float64Array): ProjectedCurve;
	/** Converts a projection to the family's own parameters. */
	parameters(found: Projection, x: Float64Array): Record<string, number>;
	value(parameters: Record<string, number>, x: number): number;
}

const EXPONENTS = [0.05, 0.2, 0.5, 1, 2];
const POWERS = [-1, -0.3, 0.01, 0.3, 1];

export const FAMILIES: Record<CurveFamily, Family> = {
	Exp3: {
		formula: "y = c − e^(−a·x + b)",
		size: 3,
		above: 0,
		// ν = (ln a).
		curve: (x) => ({
			names: ["a"],
			starts: [0.05, 0.3, 1, 4, 20].map((a) => [Math.log(a / x.at(-1)!)]),
			lower: [Math.log(1e-6 / x.at(-1)!)],
			upper: [Math.log(1e3 / x[0]!)],
			exponent: ([ν], i, slope) => {
				slope[0] = -Math.exp(ν!) * x[i]!;
				return slope[0];
			},
		}),
		parameters: ({ ν, c, logK }) => ({ a: Math.exp(ν[0]!), b: logK, c }),
		value: ({ a, b, c }, x) => c! - Math.exp(-a! * x + b!),
	},
	Exp4: {
		formula: "y = c − e^(−a·x^α + b)",
		size: 4,
		above: 0,
		// ν = (ln p, α) with a·x^α = p·(x/g)^α/α: at α = 0 the curve becomes Pow3, and only the constant in b diverges.
		curve: (x) => {
			const g = geometricMean(x);
			return {
				names: ["a", "α"],
				starts: EXPONENTS.flatMap((p) => POWERS.map((α) => [Math.log(p), α])),
				lower: [Math.log(1e-4), -5],
				upper: [Math.log(100), 5],
				exponent: ([ν, α], i, slope) => {
					const p = Math.exp(ν!);
					const z = Math.log(x[i]! / g);
					const [value, bent] = boxCox(z, α!);
					slope[0] = -p * value;
					slope[1] = -p * bent;
					return slope[0];
				},
			};
		},
		parameters: ({ ν, c, logK }, x) => {
			const [p, α] = [Math.exp(ν[0]!), ν[1]!];
			return { a: p / (α * geometricMean(x) ** α), b: logK + p / α, c, α };
		},
		value: ({ a, b, c, α }, x) => c! - Math.exp(-a! * x ** α! + b!),
	},
	ExpP3: {
		formula: "y = c − e^((x − b)^α)",
		size: 3,
		above: 0,
		// ν = (ln(x₁ − b), α).
		curve: (x) => ({
			names: ["b", "α"],
			fixed: true,
			starts: [0.1, 1, 10].flatMap((h) => [-1, -0.3, -0.1, 0.1, 0.3].map((α) => [Math.log(h * x[0]!), α])),
			lower: [Math.log(1e-9 * x[0]!), -5],
			upper: [Math.log(1e3 * x.at(-1)!), 1],
			exponent: ([ν, α], i, slope) => {
				const base = x[i]! - x[0]! + Math.exp(ν!);
				const value = base ** α!;
				slope[0] = (α! * value * Math.exp(ν!)) / base;
				slope[1] = value * Math.log(base);
				return value;
			},
		}),
		parameters: ({ ν, c }, x) => ({ α: ν[1]!, b: x[0]! - Math.exp(ν[0]!), c }),
		value: ({ α, b, c }, x) => c! - Math.exp((x - b!) ** α!),
	},
	Pow3: {
		formula: "y = c − a·x^−α",
		size: 3,
		above: 0,
		// ν = (ln α).
		curve: (x) => {
			const g = geometricMean(x);
			return {
				names: ["α"],
				starts: EXPONENTS.map((α) => [Math.log(α)]),
				lower: [Math.log(1e-4)],
				upper: [Math.log(20)],
				exponent: ([ν], i, slope) => {
					slope[0] = -Math.exp(ν!) * Math.log(x[i]! / g);
					return slope[0];
				},
			};
		},
		parameters: ({ ν, c, logK }, x) => {
			const α = Math.exp(ν[0]!);
			return { a: Math.exp(logK) * geometricMean(x) ** α, c, α };
		},
		value: ({ a, c, α }, x) => c! - a! * x ** -α!,
	},
	Pow4: {
		formula: "y = c − (−a·x + b)^−α",
		size: 4,
		above: 0,
		// ν = (ln(x₁ + h), ln α) with −a·x + b = −a·(x + h).
		curve: (x) => ({
			names: ["b", "α"],
			starts: [0.3, 1, 3, 10].flatMap((h) => EXPONENTS.map((α) => [Math.log(h * x[0]!), Math.log(α)])),
			lower: [Math.log(1e-9 * x[0]!), Math.log(1e-4)],
			upper: [Math.log(1e3 * x.at(-1)!), Math.log(100)],
			exponent: ([ν, logAlpha], i, slope) => {
				const base = x[i]! - x[0]! + Math.exp(ν!);
				const α = Math.exp(logAlpha!);
				slope[0] = (-α * Math.exp(ν!)) / base;
				slope[1] = -α * Math.log(base);
				return slope[1];
			},
		}),
		parameters: ({ ν, c, logK }, x) => {
			const α = Math.exp(ν[1]!);
			const a = -Math.exp(-logK / α);
			return { a, b: -a * (Math.exp(ν[0]!) - x[0]!), c, α };
		},
		value: ({ a, b, c, α }, x) => c! - (-a! * x + b!) ** -α!,
	},
	ILog2: {
		formula: "y = c − a / ln x",
		size: 2,
		above: 1,
		curve: (x) => ({
			names: [],
			starts: [[]],
			lower: [],
			upper: [],
			exponent: (_, i) => -Math.log(Math.log(x[i]!)),
		}),
		parameters: ({ c, logK }) => ({ a: Math.exp(logK), c }),
		value: ({ a, c }, x) => c! - a! / Math.log(x),
	},
};

/** (e^(αz) − 1)/α and its derivative in α, both finite at α = 0. */
function boxCox(z: number, α: number): [number, number] {
	const s = α * z;
	if (Math.abs(s) < 1e-4) return [z * (1 + s / 2 + (s * s) / 6), z * z * (0.5 + s / 3 + (s * s) / 8)];
	const value = Math.expm1(s) / α;
	return [value, (z * Math.exp(s) - value) / α];
}
