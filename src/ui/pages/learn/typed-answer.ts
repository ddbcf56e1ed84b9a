import type { NumberQuestion } from "../../../lessons/lesson.ts";

const FACTORS: Readonly<Record<string, number>> = { k: 1e3, M: 1e6 };

/**
 * The number that a reader typed: "0.74", "−0,25", "66.1k", "2 M tokens", "3e5"; words after it are ignored.
 *
 * @throws RangeError saying what it must be
 */
export function readAnswer({ label, min, max, format }: NumberQuestion, text: string): number {
	const [, digits = "", factor = ""] = /^\s*([-−+]?[\d.,]+(?:e[+-]?\d+)?)\s*([kM]?)\b/.exec(text) ?? [];
	const value =
		digits === "" ? Number.NaN : Number(digits.replace("−", "-").replace(",", ".")) * (FACTORS[factor] ?? 1);
	if (value >= min && value <= max) return value;
	const shown = text.trim() === "" ? "empty" : `“${text.trim().slice(0, 20)}”`;
	throw new RangeError(`${label} is ${shown}; it must be a number from ${format(min)} to ${format(max)}.`);
}
