/** What is at one place of a JSON text: white space and one token (RFC 8259). */
const TOKEN =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold them
	/[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/**
 * Where a text stops being JSON: line and column of the first token that cannot stand there, counted from 1.
 * (Engines differ in what their own message says of it, and some say nothing.) Null when the text is JSON.
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
