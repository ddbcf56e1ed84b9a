/** White space and one token of a JSON text (RFC 8259). */
const TOKEN =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold them
	/[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/**
 * Line and column, counted from 1, of the first token that makes a text invalid JSON; null when the text is valid.
 * `JSON.parse` does not report a position in every engine.
 */
export function jsonErrorPosition(text: string): { line: number; column: number } | null {
	const closers: ("}" | "]")[] = [];
	let expected: "value" | "value or ]" | "key" | "key or }" | "colon" | "comma or end" = "value";
	let offset = 0;
	const fail = () => {
		const start = offset + /^[ \t\r\n]*/.exec(text.slice(offset))![0].length;
		const before = text.slice(0, start).split("\n");
		return { line: before.length, column: before.at(-1)!.length + 1 };
	};
	while (expected !== "comma or end" || closers.length > 0) {
		TOKEN.lastIndex = offset;
		const match = TOKEN.exec(text);
		if (!match) return fail();
		const [, mark, string] = match;
		const wantsValue = expected === "value" || expected === "value or ]";
		if (wantsValue && mark === "{") {
			closers.push("}");
			expected = "key or }";
		} else if (wantsValue && mark === "[") {
			closers.push("]");
			expected = "value or ]";
		} else if (wantsValue && mark === undefined) {
			expected = "comma or end";
		} else if ((expected === "key" || expected === "key or }") && string !== undefined) {
			expected = "colon";
		} else if (expected === "colon" && mark === ":") {
			expected = "value";
		} else if (expected === "comma or end" && mark === ",") {
			expected = closers.at(-1) === "}" ? "key" : "value";
		} else if (mark !== undefined && mark === closers.at(-1) && /end|\]|\}/.test(expected)) {
			closers.pop();
			expected = "comma or end";
		} else {
			return fail();
		}
		offset = TOKEN.lastIndex;
	}
	return /^[ \t\r\n]*$/.test(text.slice(offset)) ? null : fail();
}
