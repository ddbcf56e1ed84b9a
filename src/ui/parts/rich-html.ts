import { html, type TemplateResult } from "lit";
import type { RichText, Span } from "../../figures/rich-text.ts";

/** Rich text as HTML. */
export function richHtml(text: RichText): TemplateResult {
	return html`${text.map(spanHtml)}`;
}

function spanHtml({ text, style }: Span): TemplateResult | string {
	if (style === "italic") return html`<i>${text}</i>`;
	if (style === "sub") return html`<sub>${text}</sub>`;
	return style === "sup" ? html`<sup>${text}</sup>` : text;
}
