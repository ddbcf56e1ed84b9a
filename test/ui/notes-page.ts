import { html, LitElement } from "lit";
import { pageStyles } from "../../src/ui/parts/page-styles.ts";

/** A page that needs no GPU. */
class NotesPage extends LitElement {
	static override properties = { parameters: { attribute: false } };
	static override styles = pageStyles;
	declare parameters: { chapter?: number };

	override render() {
		return html`<div class="content">
			<h2>Chapter ${this.parameters.chapter ?? 1}</h2>
			<p>Nothing trains on this page.</p>
		</div>`;
	}
}

customElements.define("test-notes-page", NotesPage);
