/** Numbers as text, for the page, its charts and its live region. */

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** An integer as superscript digits: -12 → "⁻¹²". */
export function superscript(integer: number): string {
	const digits = String(Math.abs(integer)).replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]!);
	return integer < 0 ? `⁻${digits}` : digits;
}

/** Three significant digits with thousands, millions and billions: 812345 → "812k", 1630000 → "1.63M". */
export function formatCount(value: number): string {
	for (const [unit, suffix] of [
		[1e9, "B"],
		[1e6, "M"],
		[1e3, "k"],
	] as const) {
		if (Number(Math.abs(value).toPrecision(3)) >= unit) return `${significant(value / unit)}${suffix}`;
	}
	return Number.isInteger(value) ? minus(String(value)) : significant(value);
}

/** A number as mantissa and power of ten: 3.21e12 → "3.21 × 10¹²". Below a million it is written out. */
export function formatScientific(value: number, digits = 3): string {
	if (value === 0) return "0";
	if (Math.abs(value) < 1e6 && Math.abs(value) >= 1e-3) return significant(value, digits);
	const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
	return `${mantissa} × 10${superscript(Number(exponent))}`;
}

/** A power of ten, short enough for axes and narrow columns: 1e6 → "10⁶", 2e6 → "2×10⁶". */
export function formatPower(value: number, decimals = 0): string {
	const [mantissa, exponent] = value.toExponential(decimals).split("e");
	const power = `10${superscript(Number(exponent))}`;
	return Number(mantissa) === 1 && decimals === 0 ? power : `${mantissa}×${power}`;
}

/** A duration: "under a second", "38 s", "4 min", "1 h 20 min", "3 days". */
export function formatDuration(seconds: number): string {
	if (seconds < 1) return "under a second";
	if (seconds < 90) return `${Math.round(seconds)} s`;
	if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
	if (seconds < 48 * 3600) {
		const minutes = Math.round(seconds / 60);
		const rest = minutes % 60;
		return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
	}
	return `${Math.round(seconds / 86400)} days`;
}

/** An exponent or coefficient: two decimals when it is moderate, else three significant digits. */
export function formatEstimate(value: number): string {
	const size = Math.abs(value);
	if (size >= 0.1 && size < 100) return minus(value.toFixed(2));
	if (size >= 0.01 && size < 0.1) return minus(value.toFixed(3));
	return formatScientific(value);
}

/**
 * An estimate and its interval, "0.53" and "0.48 to 0.57", with enough decimals to tell the interval's ends apart. The
 * interval is null if one of its ends is.
 */
export function formatFit(
	estimate: number,
	low: number | null,
	high: number | null,
): { estimate: string; interval: string | null } {
	if (low === null || high === null) return { estimate: formatEstimate(estimate), interval: null };
	const decimals = Math.ceil(-Math.log10(Math.max(high - low, 1e-9)) + 0.5);
	const show = (value: number) => minus(value.toFixed(Math.min(Math.max(decimals, 2), 5)));
	return { estimate: show(estimate), interval: `${show(low)} to ${show(high)}` };
}

/** A learning rate: 0.005, 3.2e-4 → "0.00032". */
export function formatRate(value: number): string {
	return value >= 1e-4 ? String(Number(value.toPrecision(3))) : value.toExponential();
}

/** A loss in nats per token. */
export function formatLoss(value: number): string {
	return value.toFixed(3);
}

/** A share as a whole percentage. */
export function formatPercent(share: number): string {
	return `${Math.round(100 * share)} %`;
}

/** "1 run", "3 runs". */
export function plural(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A number with `digits` significant digits, never in exponential form. */
function significant(value: number, digits = 3): string {
	const rounded = Number(value.toPrecision(digits));
	const decimals = digits - 1 - Math.floor(Math.log10(Math.abs(rounded) || 1));
	return minus(rounded.toFixed(Math.min(Math.max(decimals, 0), 8)));
}

function minus(text: string): string {
	return text.replace("-", "−");
}
