import katex from "katex";
import rules from "katex/dist/katex.min.css?inline";
import { css, html, type TemplateResult, unsafeCSS } from "lit";

/** Paragraphs with formulas; see `Lesson`. KaTeX writes each formula as MathML too, for those who do not see it. */
export function paragraphs(texts: readonly string[]): TemplateResult {
	return html`${texts.map((text) => {
		const displayed = /^\$\$(.+)\$\$$/s.exec(text);
		return displayed ? html`<div class="formula">${formula(displayed[1]!, true)}</div>` : html`<p>${inline(text)}</p>`;
	})}`;
}

/** Text with formulas between dollar signs. */
export function inline(text: string): (string | TemplateResult)[] {
	return text.split("$").map((part, i) => (i % 2 === 1 ? formula(part, false) : part));
}

// Each shadow root that holds formulas needs the rules; the fonts that they name must be known to the document.
const fonts = document.createElement("style");
fonts.textContent = rules;
document.head.append(fonts);

/** Formulas that have been set. */
const known = new Map<string, string>();

function formula(tex: string, displayMode: boolean): TemplateResult {
	// The formulas are the lab's own, and KaTeX escapes what it does not know.
	const key = `${displayMode} ${tex}`;
	const set = known.get(key) ?? katex.renderToString(tex, { displayMode, output: "htmlAndMathml", throwOnError: true });
	known.set(key, set);
	return html`<span .innerHTML=${set}></span>`;
}

export const formulaStyles = [
	unsafeCSS(rules),
	css`
		.katex {
			font-size: 1.08em;
			white-space: nowrap;
		}
		.formula {
			position: relative;
			overflow: hidden;
			padding: 0.15rem 0;
		}
		.formula .katex-display {
			margin: 0.35em 0;
		}
	`,
];
