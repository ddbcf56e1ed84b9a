import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import { sharedStyles } from "../parts/shared-styles.ts";
import { C_NON_EMBEDDING, C_TOTAL, TOKENS } from "../parts/symbols.ts";
import type { LossAxis } from "./loss-figure.ts";

/** Chooses what the loss is drawn against. Fires `isoflop-loss-axis`. */
export class LossAxisChoice extends LitElement {
	static override properties = { axis: {} };

	declare axis: LossAxis;

	static override styles = [
		sharedStyles,
		css`
			wa-radio-group::part(form-control-label) {
				display: none;
			}
		`,
	];

	override render() {
		return html`
			<wa-radio-group
				label="Horizontal axis"
				size="s"
				orientation="horizontal"
				.value=${this.axis}
				@change=${(event: Event) => {
					const { value } = event.target as HTMLInputElement;
					this.dispatchEvent(new CustomEvent("isoflop-loss-axis", { detail: value }));
				}}
			>
				<wa-radio appearance="button" value="total">${C_TOTAL}</wa-radio>
				<wa-radio appearance="button" value="nonEmbedding">${C_NON_EMBEDDING}</wa-radio>
				<wa-radio appearance="button" value="tokens">${TOKENS}</wa-radio>
			</wa-radio-group>
		`;
	}
}

customElements.define("isoflop-loss-axis", LossAxisChoice);
