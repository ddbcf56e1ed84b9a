import { randomKey, uniform } from "../maths/random.ts";
import { type Embedding, PAPER_EMBEDDING } from "./embedding.ts";
import type { LossLaw } from "./loss-law.ts";
import { PAPER_DESIGN, type SyntheticDesign, simulateStudy } from "./synthetic-study.ts";

/** The non-embedding exponent of the synthetic study when one choice of its design changes. */
export interface Sensitivity {
	/** By the largest budget, 10^value FLOP. */
	upperFlops: Varied[];
	/** By the smallest budget, 10^value FLOP. */
	lowerFlops: Varied[];
	/** By ω. */
	omega: Varied[];
	/** Without the points on the smallest and the largest model, with losses read at exactly D = C/6N; null if none are left. */
	trimmed: number | null;
	/** Mean, standard deviation and range over random reasonable designs. */
	randomDesigns: { exponent: Spread; lossExponent: Spread; designs: number };
}

/** The exponent a of N*_\E ∝ C_\E^a with one choice set to `value`. */
export interface Varied {
	value: number;
	exponent: number;
}

export interface Spread {
	mean: number;
	deviation: number;
	low: number;
	high: number;
}

const UPPER = [19, 20, 20.3, 20.7, 21, 22];
const LOWER = [12, 12.5, 12.95, 13.5, 14, 15];
const OMEGAS = [40000, PAPER_EMBEDDING.omega, 52960, 56950];
const RANDOM_DESIGNS = 300;

/** How strongly the synthetic study's exponent depends on its design (a single exponent is good to about ±0.03). */
export function sensitivity(law: LossLaw, embedding: Embedding): Sensitivity {
	const exponent = (change: Partial<SyntheticDesign>, e = embedding) =>
		simulateStudy(law, e, "nonEmbedding", { ...PAPER_DESIGN, ...change }).allocation.slope;
	const { flops } = PAPER_DESIGN;
	const table = (values: readonly number[], of: (value: number) => number): Varied[] =>
		values.map((value) => ({ value, exponent: of(value) }));
	return {
		upperFlops: table(UPPER, (to) => exponent({ flops: { ...flops, to } })),
		lowerFlops: table(LOWER, (from) => exponent({ flops: { ...flops, from } })),
		omega: table(OMEGAS, (omega) => exponent({}, { ...embedding, omega })),
		trimmed: trimmedExponent(law, embedding),
		randomDesigns: randomDesigns(law, embedding),
	};
}

function trimmedExponent(law: LossLaw, embedding: Embedding): number | null {
	const design: SyntheticDesign = { ...PAPER_DESIGN, reading: "exact" };
	const { points } = simulateStudy(law, embedding, "nonEmbedding", design);
	const between = points.filter(({ model }) => model > 0 && model < design.models.count - 1);
	return between.length > 1
		? simulateStudy(law, embedding, "nonEmbedding", { ...design, trimEnds: true }).allocation.slope
		: null;
}

/** 12 to 40 models, 300 to 3,000 token counts, 40 to 400 budgets from 10^12.5…13.4 to 10^20.2…21.2 FLOP. */
function randomDesigns(law: LossLaw, embedding: Embedding): Sensitivity["randomDesigns"] {
	const slopes: { a: number; k: number }[] = [];
	for (let i = 0; i < RANDOM_DESIGNS; i++) {
		const key = randomKey(0, "synthetic design", i);
		let draws = 0;
		const between = (low: number, high: number) => low + (high - low) * uniform(key, draws++);
		const whole = (low: number, high: number) => Math.round(between(low, high));
		const { allocation, loss } = simulateStudy(law, embedding, "nonEmbedding", {
			...PAPER_DESIGN,
			models: { ...PAPER_DESIGN.models, count: whole(12, 40) },
			tokens: { ...PAPER_DESIGN.tokens, count: whole(300, 3000) },
			flops: { from: between(12.5, 13.4), to: between(20.2, 21.2), count: whole(40, 400) },
		});
		slopes.push({ a: allocation.slope, k: loss.slope });
	}
	return {
		exponent: spread(slopes.map(({ a }) => a)),
		lossExponent: spread(slopes.map(({ k }) => k)),
		designs: RANDOM_DESIGNS,
	};
}

function spread(values: readonly number[]): Spread {
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
	return { mean, deviation: Math.sqrt(variance), low: Math.min(...values), high: Math.max(...values) };
}
