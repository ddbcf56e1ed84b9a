import { formatCount, formatScientific } from "./format.ts";

/** Three significant digits of parameters or tokens of any size: 67e9 → "67.0B", 1.4e12 → "1.40T", 2e16 → "2.00 × 10¹⁶". */
export function formatAmount(value: number): string {
	const size = Math.abs(value);
	if (size >= 999.5e12 || (size < 1e-3 && size > 0)) return formatScientific(value);
	return size >= 999.5e9 ? `${(value / 1e12).toPrecision(3)}T` : formatCount(value);
}
