import { ADVICE_BOUNDS } from "../../../theory/advice-bounds.ts";

/** What a reader asks of the planner; null is for what may be left open. */
export interface PlanValues {
	/** C, FLOP. */
	readonly flops: number;
	/** N of a model to train to the same loss. */
	readonly parameters: number;
	/** Tokens generated or read over the model's life. */
	readonly inferenceTokens: number;
	/** B, tokens. */
	readonly batch: number;
	/** B_crit, tokens; null for Kaplan's at each law's loss. */
	readonly criticalBatch: number | null;
}

/** Chinchilla's budget (Hoffmann et al. 2022, table A4), a smaller model, ten trillion tokens of use. */
const FIRST_VALUES: PlanValues = {
	flops: 5.88e23,
	parameters: 30e9,
	inferenceTokens: 1e13,
	batch: 4e6,
	criticalBatch: null,
};

type Parameters = Partial<Record<keyof typeof ADVICE_BOUNDS, number>>;

/** What a link asks for; the rest is what the page begins with. */
export function valuesOf(parameters: Parameters): PlanValues {
	return { ...FIRST_VALUES, ...parameters };
}

/** The shortest link to these values. */
export function parametersOf(values: PlanValues): Parameters {
	const names = Object.keys(ADVICE_BOUNDS) as (keyof typeof ADVICE_BOUNDS)[];
	return Object.fromEntries(
		names.flatMap((name) => {
			const value = values[name];
			return value === null || value === FIRST_VALUES[name] ? [] : [[name, value]];
		}),
	);
}
