import { UsageError } from "../printing/terminal.ts";

/** A number that an option was given as text. Throws a UsageError that names the option, what it is and what it must be. */
export function numberOption(name: string, text: string, low: number, high: number, whole = false): number {
	const value = text.trim() === "" ? Number.NaN : Number(text);
	const holds = value >= low && value <= high && (!whole || Number.isInteger(value));
	if (holds) return value;
	const rule = `a ${whole ? "whole " : ""}number from ${low} to ${high}`;
	throw new UsageError(`${name} is ${JSON.stringify(text.slice(0, 40))}; it must be ${rule}`);
}
