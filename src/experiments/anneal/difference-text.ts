import type { PairedDifference } from "../../analysis/schedules/paired-difference.ts";

/** A difference of losses with its sign: "−0.0123", "+0.004", "0". */
export function formatDifference(value: number): string {
	const text = value.toFixed(4).replace("-", "−");
	if (/^−?0\.0+$/.test(text)) return "0";
	return value > 0 ? `+${text}` : text;
}

/** "−0.0123 (−0.0150 to −0.0096)"; "−0.0123 (no interval: one seed; an interval needs two)". */
export function differenceText({ estimate, low, high, reason }: PairedDifference): string {
	if (estimate === null) return `unknown: ${reason}`;
	if (low === null || high === null) return `${formatDifference(estimate)} (no interval: ${reason})`;
	return `${formatDifference(estimate)} (${formatDifference(low)} to ${formatDifference(high)})`;
}
