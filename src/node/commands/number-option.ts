import { UsageError } from "../printing/terminal.ts";

/** Parses the value of a numeric option, which may be a fraction such as 1/3. Throws a UsageError with the option, its value and its range. */
export function numberOption(name: string, text: string, low: number, high: number, whole = false): number {
	const value = numberOf(text);
	const isValid = value >= low && value <= high && (!whole || Number.isInteger(value));
	if (isValid) return value;
	const rule = `a ${whole ? "whole " : ""}number from ${low} to ${high}`;
	throw new UsageError(`${name} is ${JSON.stringify(text.slice(0, 40))}; it must be ${rule}`);
}

function numberOf(text: string): number {
	const [over, under, ...more] = text.split("/").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
	if (more.length > 0) return Number.NaN;
	return under === undefined ? over! : over! / under;
}
