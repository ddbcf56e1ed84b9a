import type { RunRow } from "../../../run/run-note.ts";
import { show } from "../../../run/show.ts";
import { fieldNamed, RUN_FIELDS, type RunField, textsOf } from "./run-fields.ts";

/** Whether a run is shown. */
export type RunFilter = (row: RunRow) => boolean;

/** Longest filter that is read. */
const LONGEST = 500;

/**
 * Reads a filter. Runs must meet every part of it:
 *
 *     part  =  field op value  |  field number  |  ["-"] text
 *     op    =  "=" | "!=" | "<" | "<=" | ">" | ">="
 *     text  =  word | '"' anything '"'
 *
 * A text must occur somewhere in the run's row, with "-" nowhere, whatever the case. `width 32` is `width = 32`. Numbers may end in
 * k, M, B or T, and equal what they are equal to in as many digits as are written: `N = 12k` holds for 12,345. Texts are equal whatever the
 * case, and one of several tags is enough. Times are days, `finished > 2026-11-30`, or days and hours, `"2026-11-30 17:00"`.
 * A run without the value fulfills `!=` alone.
 *
 * @throws Error saying which part cannot be read, and why
 */
export function readFilter(text: string): RunFilter {
	if (text.length > LONGEST)
		throw new Error(`the filter has ${text.length} characters; it must have at most ${LONGEST}`);
	const parts: RunFilter[] = [];
	const tokens = tokensOf(text);
	for (let at = 0; at < tokens.length; at++) {
		const [token, next, after] = tokens.slice(at, at + 3);
		if (token!.kind === "op")
			throw new Error(`${token!.text} stands without a field before it; it must be as in: loss < 4`);
		if (next?.kind === "op" && token!.kind === "word") {
			if (!after || after.kind === "op")
				throw new Error(`${token!.text} ${next.text} has no value after it; it must be as in: loss < 4`);
			parts.push(comparison(token!.text, next.text, after.text));
			at += 2;
			continue;
		}
		const field = token!.kind === "word" ? fieldNamed(token!.text) : undefined;
		if (field?.kind === "number" && next?.kind === "word" && numberOf(next.text) !== null) {
			parts.push(comparison(token!.text, "=", next.text));
			at++;
		} else if (token!.kind === "word" && token!.text === "-" && next?.kind === "quoted") {
			parts.push(occurrence(next.text, false));
			at++;
		} else if (token!.kind === "word" && /^-\D/.test(token!.text)) parts.push(occurrence(token!.text.slice(1), false));
		else parts.push(occurrence(token!.text, true));
	}
	return (row) => parts.every((part) => part(row));
}

interface Token {
	kind: "word" | "quoted" | "op";
	text: string;
}

function tokensOf(text: string): Token[] {
	return [...text.matchAll(/"([^"]*)"?|(!=|<=|>=|[=<>])|((?:[^\s"=<>!]|!(?!=))+)/g)].map(([, quoted, op, word]) =>
		quoted !== undefined
			? { kind: "quoted", text: quoted }
			: op
				? { kind: "op", text: op }
				: { kind: "word", text: word! },
	);
}

function occurrence(text: string, wanted: boolean): RunFilter {
	const sought = text.toLowerCase();
	return (row) => rowText(row).includes(sought) === wanted;
}

const texts = new WeakMap<RunRow, string>();

/**
 * All that a text may be found in: names and values, such as "width 32 layers 2 … schedule cosine". Made once; who asks for it as rows
 * come spares the first filter the making of thousands.
 */
export function rowText(row: RunRow): string {
	let text = texts.get(row);
	if (text === undefined) {
		text = RUN_FIELDS.filter(({ kind }) => kind !== "time")
			.map((field) => `${field.id} ${textsOf(field.value(row)).join(" ")}`)
			.join(" ")
			.toLowerCase();
		texts.set(row, text);
	}
	return text;
}

function comparison(name: string, op: string, value: string): RunFilter {
	const field = fieldNamed(name);
	const part = `${name} ${op} ${value}`;
	if (!field)
		throw new Error(
			`${part}: ${show(name)} is no field; it must be one of ${RUN_FIELDS.map(({ id }) => id).join(", ")}`,
		);
	if (field.kind === "text") return textComparison(field, op, value, part);
	return field.kind === "time" ? timeComparison(field, op, value, part) : numberComparison(field, op, value, part);
}

function textComparison(field: RunField, op: string, value: string, part: string): RunFilter {
	if (op !== "=" && op !== "!=") throw new Error(`${part}: ${field.id} is text; it must be compared by = or !=`);
	const sought = value.toLowerCase();
	return (row) => textsOf(field.value(row)).some((text) => text.toLowerCase() === sought) === (op === "=");
}

function numberComparison(field: RunField, op: string, text: string, part: string): RunFilter {
	const written = numberOf(text);
	if (written === null)
		throw new Error(`${part}: ${show(text)} is no number; it must be one such as 0.003, 12k or 1e9`);
	const { value, digits } = written;
	const isEqual = (found: number) => Number(found.toPrecision(digits)) === value;
	return compared(field, op, value, isEqual);
}

const DAY = 24 * 3600 * 1000;

function timeComparison(field: RunField, op: string, text: string, part: string): RunFilter {
	const [, day, clock] = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d))?$/.exec(text) ?? [];
	const value = Date.parse(`${day}T${clock ?? "00:00"}`);
	if (Number.isNaN(value)) throw new Error(`${part}: ${show(text)} is no day; it must be one such as 2026-11-30`);
	const length = clock ? 60_000 : DAY;
	return compared(field, op, value, (found) => found >= value && found < value + length);
}

function compared(field: RunField, op: string, value: number, isEqual: (found: number) => boolean): RunFilter {
	const holds: Record<string, (found: number) => boolean> = {
		"=": isEqual,
		"!=": (found) => !isEqual(found),
		"<": (found) => found < value,
		"<=": (found) => found < value || isEqual(found),
		">": (found) => found > value && !isEqual(found),
		">=": (found) => found >= value,
	};
	return (row) => {
		const found = field.value(row);
		return typeof found === "number" ? holds[op]!(found) : op === "!=";
	};
}

const UNITS: Record<string, number> = { k: 1e3, m: 1e6, b: 1e9, t: 1e12 };

/** A number and its significant digits as written: "12k" → 12000 and 2. Null for anything else. */
function numberOf(text: string): { value: number; digits: number } | null {
	const [, mantissa, exponent, unit] =
		/^([-+]?\d[\d,]*(?:\.\d+)?|[-+]?\.\d+)(e[-+]?\d{1,3})?([kmbt])?$/i.exec(text) ?? [];
	if (mantissa === undefined) return null;
	const plain = mantissa.replaceAll(",", "");
	const digits = plain.replace(/[-+.]/g, "").replace(/^0+/, "").length;
	const value = Number(`${plain}${exponent ?? ""}`) * (unit ? UNITS[unit.toLowerCase()]! : 1);
	return { value: Number(value.toPrecision(15)), digits: Math.min(Math.max(digits, 1), 15) };
}
