/** What a number's last letter multiplies it by: "125M" is 125 million, "7B" seven billion. */
const SUFFIXES: Record<string, number> = { k: 1e3, m: 1e6, b: 1e9, g: 1e9, t: 1e12 };

const PLAIN = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([kmbgt])?$/i;
/** Commas or spaces between thousands. */
const GROUPED = /^[+-]?\d{1,3}([, \u00A0\u202F]\d{3})+(\.\d+)?$/;

/**
 * A number as files write it: "1e6", "125M", "1,000,000"; with decimal commas "3,25" and "1.000.000".
 *
 * @returns NaN for anything else
 */
export function readNumber(text: string, decimalComma = false): number {
	const cell = text.trim();
	if (decimalComma) {
		if (/^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/.test(cell)) return Number(cell.replaceAll(".", "").replace(",", "."));
		if (/^[+-]?\d*,\d+/.test(cell)) return readNumber(cell.replace(",", "."));
	}
	const found = PLAIN.exec(cell);
	if (found) return Number(found[1]) * (found[2] ? SUFFIXES[found[2].toLowerCase()]! : 1);
	return GROUPED.test(cell) ? Number(cell.replaceAll(/[, \u00A0\u202F]/g, "")) : Number.NaN;
}
