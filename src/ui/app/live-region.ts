import { html, LitElement } from "lit";
import { sharedStyles } from "../parts/shared-styles.ts";
import { Selected } from "../state/selected.ts";

/** Says to screen readers what changed. */
export class LiveRegion extends LitElement {
	static override styles = sharedStyles;
	private readonly lab = new Selected(this, ({ messages }) => ({ announcement: messages.announcement }));

	override render() {
		return html`<div class="visually-hidden" role="status" aria-live="polite">${this.lab.state.announcement}</div>`;
	}
}

customElements.define("isoflop-live-region", LiveRegion);
