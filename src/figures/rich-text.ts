import type { Convention } from "../architecture/flops.ts";

/** A stretch of text in one style. Italics are for symbols and set in the serif face. */
export interface Span {
	readonly text: string;
	readonly style: "normal" | "italic" | "sub" | "sup";
}

/** Text with symbols as plain data, which a page, a canvas and a file can all show. */
export type RichText = readonly Span[];

/** Joins strings, spans and texts. */
export function rich(...parts: readonly (string | Span | RichText)[]): RichText {
	return parts.flatMap((part) => (typeof part === "string" ? { text: part, style: "normal" } : part));
}

export const italic = (text: string): Span => ({ text, style: "italic" });
export const sub = (text: string): Span => ({ text, style: "sub" });

const MARKS = { normal: "", italic: "", sub: "_", sup: "^" } as const;

/** The text without styles, as in TeX: "C_T". */
export function plainText(text: RichText): string {
	return text.map((span) => MARKS[span.style] + span.text).join("");
}

/** The paper's symbols for a count of parameters N and the compute C = 6·N·D in each convention. */
export const PARAMETERS: Record<Convention, RichText> = {
	total: [italic("N"), sub("T")],
	nonEmbedding: [italic("N"), sub("\\E")],
};
export const COMPUTE: Record<Convention, RichText> = {
	total: [italic("C"), sub("T")],
	nonEmbedding: [italic("C"), sub("\\E")],
};
export const TOKEN_COUNT: RichText = [italic("D")];
