import { html } from "lit";
import { countText, type NamedLaw } from "../../../theory/charts/plan-law-style.ts";
import { richHtml } from "../../parts/rich-html.ts";

/** A law in the first cell of its row, with how it counts. */
export function lawName({ label, counting }: NamedLaw) {
	return html`<th scope="row">${label} <span class="quiet">(${richHtml(countText(counting))})</span></th>`;
}

/** Whether a law is the reader's own. */
export function rowClass({ id }: NamedLaw): string {
	return id.startsWith("study-") ? "own" : "";
}
