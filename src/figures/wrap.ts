import type { RichText, Span } from "./rich-text.ts";

const SPACE: Span = { text: " ", style: "normal" };

/** Breaks a text at spaces into lines of at most `width`; a word that is wider has a line of its own. */
export function wrap(text: RichText, width: number, measure: (text: RichText) => number): RichText[] {
	if (measure(text) <= width) return [text];
	const lines: RichText[] = [];
	let line: RichText = [];
	for (const word of wordsOf(text)) {
		const longer = line.length > 0 ? [...line, SPACE, ...word] : word;
		if (line.length === 0 || measure(longer) <= width) line = longer;
		else {
			lines.push(line);
			line = word;
		}
	}
	return [...lines, line];
}

/** What stands between spaces: symbols with their indices stay together. */
function wordsOf(text: RichText): RichText[] {
	const words: Span[][] = [[]];
	for (const span of text) {
		const [first, ...others] = span.style === "normal" ? span.text.split(" ") : [span.text];
		words.at(-1)!.push({ ...span, text: first! });
		for (const other of others) words.push([{ ...span, text: other }]);
	}
	return words.map((word) => word.filter((span) => span.text !== "")).filter((word) => word.length > 0);
}
