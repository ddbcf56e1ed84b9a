interface Span {
	readonly from: number;
	readonly to: number;
}

/** The models and budgets that a law was fitted on, in the law's own counting; a part is null where it is unknown. */
export interface FittedRange {
	readonly parameters: Span | null;
	/** FLOP. */
	readonly flops: Span | null;
}

export type Beyond = "below" | "above";

/** On which side of what a law was fitted on a budget, or the best size there, lies; null within. */
export function beyondData(range: FittedRange, at: { flops: number; parameters: number }): Beyond | null {
	for (const kind of ["flops", "parameters"] as const) {
		const span = range[kind];
		if (span && at[kind] > span.to) return "above";
		if (span && at[kind] < span.from) return "below";
	}
	return null;
}

/** "57M to 16.2B parameters, 1.4e18 to 1.3e22 FLOP", with numbers as the reader wants them. */
export function rangeText({ parameters, flops }: FittedRange, show: (value: number) => string): string {
	return [
		...(parameters ? [`${show(parameters.from)} to ${show(parameters.to)} parameters`] : []),
		...(flops ? [`${show(flops.from)} to ${show(flops.to)} FLOP`] : []),
	].join(", ");
}
