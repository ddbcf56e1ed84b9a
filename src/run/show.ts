const MAX_SHOWN = 40;

/** Any value as a short text on one line, for messages. */
export function show(value: unknown): string {
	switch (typeof value) {
		case "string":
			return quote(value);
		case "number":
		case "boolean":
		case "undefined":
			return String(value);
		case "object":
			if (value === null) return "null";
			return Array.isArray(value) ? `a list of ${count(value.length)}` : "an object";
		default:
			return `a ${typeof value}`;
	}
}

/** A text in double quotes, escaped and shortened to fit a message. */
export function quote(text: string): string {
	const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
	return JSON.stringify(cut).replace(/\p{C}|\p{Zl}|\p{Zp}/gu, "�");
}

/** 4096 → "4,096". */
export function count(value: number): string {
	return value.toLocaleString("en-US", { maximumFractionDigits: 20 });
}

/** `["sizes", 2, "width"]` → "sizes[2].width". */
export function pathText(path: readonly unknown[]): string {
	let text = "";
	for (const key of path) {
		if (typeof key === "number") text += `[${key}]`;
		else text += `${text === "" ? "" : "."}${/^\w{1,40}$/.test(String(key)) ? String(key) : quote(String(key))}`;
	}
	return text;
}
