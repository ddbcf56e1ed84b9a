import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import { sharedStyles } from "../parts/shared-styles.ts";
import { TOKENS } from "../parts/symbols.ts";

/** What loss is drawn against; how compute is counted is chosen elsewhere. */
export type LossAbscissa = "compute" | "tokens" | "steps" | "seconds";

/** Chooses what the loss is drawn against. Fires `isoflop-loss-axis`. */
export class LossAxisChoice extends LitElement {
	static override properties = { axis: {} };

	declare axis: LossAbscissa;

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
				<wa-radio appearance="button" value="compute">Compute</wa-radio>
				<wa-radio appearance="button" value="tokens">Tokens ${TOKENS}</wa-radio>
				<wa-radio appearance="button" value="steps">Steps</wa-radio>
				<wa-radio appearance="button" value="seconds">Time</wa-radio>
			</wa-radio-group>
		`;
	}
}

customElements.define("isoflop-loss-axis", LossAxisChoice);
