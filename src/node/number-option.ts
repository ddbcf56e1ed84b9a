import { UsageError } from "./terminal.ts";

/** A number that an option was given as text. Throws UsageError. */
export function numberOption(name: string, text: string, low: number, high: number): number {
	const value = text.trim() === "" ? Number.NaN : Number(text);
	if (!(value >= low && value <= high))
		throw new UsageError(`${name} is ${JSON.stringify(text.slice(0, 40))}; it must be a number from ${low} to ${high}`);
	return value;
}
