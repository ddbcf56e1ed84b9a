import type { Convention } from "../architecture/flops.ts";
import type { ParameterCounts } from "../architecture/size.ts";

/** A setting that is the same for every model, or follows its size. */
export type Scaled = number | ParameterPower;

/** coefficient · N^exponent, such as Porian et al.'s (2024) warmup of N tokens: {"coefficient": 1, "exponent": 1}. */
export interface ParameterPower {
	readonly coefficient: number;
	readonly exponent: number;
	/** How N is counted. Default "total". */
	readonly parameters?: Convention;
}

/** The value of a setting for a model with these parameter counts. */
export function valueFor(setting: Scaled, counts: Pick<ParameterCounts, Convention>): number {
	if (typeof setting === "number") return setting;
	const { coefficient, exponent, parameters = "total" } = setting;
	return coefficient * counts[parameters] ** exponent;
}
