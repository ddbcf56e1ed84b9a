import { UsageError } from "../printing/terminal.ts";

/** Parses the value of a numeric option. Throws a UsageError with the option, its value and its range. */
export function numberOption(name: string, text: string, low: number, high: number, whole = false): number {
	const value = text.trim() === "" ? Number.NaN : Number(text);
	const isValid = value >= low && value <= high && (!whole || Number.isInteger(value));
	if (isValid) return value;
	const rule = `a ${whole ? "whole " : ""}number from ${low} to ${high}`;
	throw new UsageError(`${name} is ${JSON.stringify(text.slice(0, 40))}; it must be ${rule}`);
}
