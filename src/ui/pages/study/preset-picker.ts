import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import { presets } from "../../../study/presets.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";

/** The presets, and a description of the one that is picked. Fires `isoflop-preset` with its id. */
export class PresetPicker extends LitElement {
	static override properties = { preset: {}, disabled: { type: Boolean } };

	/** Id of the picked preset; null for a custom study. */
	declare preset: string | null;
	declare disabled: boolean;

	constructor() {
		super();
		this.preset = null;
		this.disabled = false;
	}

	static override styles = [
		sharedStyles,
		css`
			wa-radio-group::part(form-control-label) {
				font-weight: 600;
			}
			wa-radio {
				--wa-form-control-height: auto;
			}
			p {
				margin-top: 0.75rem;
				min-height: 7.5em;
				font-size: 0.9375rem;
				color: var(--quiet);
			}
		`,
	];

	override render() {
		const picked = presets.find(({ id }) => id === this.preset);
		return html`
			<wa-radio-group
				label="Study"
				size="s"
				.value=${this.preset ?? "custom"}
				?disabled=${this.disabled}
				@change=${(event: Event) => {
					const detail = (event.target as HTMLInputElement).value;
					this.dispatchEvent(new CustomEvent("isoflop-preset", { detail, bubbles: true, composed: true }));
				}}
			>
				${presets.map(({ id, title }) => html`<wa-radio value=${id}>${title}</wa-radio>`)}
				<wa-radio value="custom" ?disabled=${this.preset !== null}>Custom (change anything below)</wa-radio>
			</wa-radio-group>
			<p>${picked?.description ?? "A custom study. Pick a preset to return to it; finished runs are kept."}</p>
		`;
	}
}

customElements.define("isoflop-preset-picker", PresetPicker);
