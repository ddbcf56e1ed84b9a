import { PointsError, quoted } from "./points-error.ts";
import { readNumber } from "./read-number.ts";

/** What a row must have in a column to count. */
export interface Condition {
	column: string;
	operator: Operator;
	value: string;
}

const OPERATORS = ["<=", ">=", "!=", "=", "<", ">"] as const;
type Operator = (typeof OPERATORS)[number];

/** A condition from "stage=1", "stage!=pilot", "loss<4" or the like; null when it is none. */
export function parseCondition(text: string): Condition | null {
	const at = text.search(/[<>=!]/);
	const operator = OPERATORS.find((each) => text.startsWith(each, at));
	if (at < 1 || operator === undefined) return null;
	return { column: text.slice(0, at).trim(), operator, value: text.slice(at + operator.length).trim() };
}

/**
 * Whether a row's cells meet the conditions. Numbers are compared as numbers, other texts as they are; a cell that is no
 * number is neither above nor below one.
 *
 * @throws PointsError when there is no such column, in upper or lower case
 */
export function rowFilter(
	conditions: readonly Condition[],
	header: readonly string[],
	decimalComma: boolean,
): (cells: readonly string[]) => boolean {
	const checks = conditions.map(({ column, operator, value }) => {
		const index = header.findIndex((name) => name.toLowerCase() === column.toLowerCase());
		if (index < 0) throw new PointsError(`there is no column ${quoted(column)}; the columns are ${namesOf(header)}`);
		return (cells: readonly string[]) => holds(cells[index]!, operator, value, decimalComma);
	});
	return (cells) => checks.every((check) => check(cells));
}

function holds(cell: string, operator: Operator, value: string, decimalComma: boolean): boolean {
	const [p, q] = [readNumber(cell, decimalComma), readNumber(value, decimalComma)];
	const numbers = !(Number.isNaN(p) || Number.isNaN(q));
	switch (operator) {
		case "=":
			return numbers ? p === q : cell === value;
		case "!=":
			return numbers ? p !== q : cell !== value;
		case "<":
			return p < q;
		case ">":
			return p > q;
		case "<=":
			return p <= q;
		case ">=":
			return p >= q;
	}
}

/** Names that a message lists before it counts. */
const LISTED = 20;

/** Column names for a message. */
export function namesOf(header: readonly string[]): string {
	const more = header.length - LISTED;
	const names = header.slice(0, LISTED).map((name) => quoted(name).slice(1, -1));
	return names.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
