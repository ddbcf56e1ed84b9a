import { UsageError } from "./terminal.ts";

/** A number given as an option. Throws a UsageError that names the option, what it is and what it must be. */
export function numberOption(
	name: string,
	text: string | undefined,
	absent: number,
	{ min, max, whole = false }: { min: number; max: number; whole?: boolean },
): number {
	if (text === undefined) return absent;
	const value = Number(text);
	const fits = text.trim() !== "" && value >= min && value <= max && (!whole || Number.isInteger(value));
	if (!fits)
		throw new UsageError(`${name} is "${text}"; it must be a ${whole ? "whole " : ""}number from ${min} to ${max}`);
	return value;
}
