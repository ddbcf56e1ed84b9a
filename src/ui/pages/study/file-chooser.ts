import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import { sharedStyles } from "../../parts/shared-styles.ts";

/** Chooses files for a study. Fires `isoflop-files` with them. */
export class FileChooser extends LitElement {
	static override properties = { disabled: { type: Boolean } };

	declare disabled: boolean;

	constructor() {
		super();
		this.disabled = false;
	}

	static override styles = [
		sharedStyles,
		css`
			:host {
				display: flex;
				flex-wrap: wrap;
				align-items: center;
				gap: 0.5rem 0.75rem;
				font-size: 0.8125rem;
			}
		`,
	];

	override render() {
		return html`
			<wa-button size="s" appearance="outlined" ?disabled=${this.disabled} @click=${this.open}>Choose a file</wa-button>
			<span class="quiet">A text (.txt), a study.json or a runs.jsonl. You can also drop it on the page.</span>
			<input type="file" accept=".txt,.json,.jsonl" multiple hidden @change=${this.take} />
		`;
	}

	private get input(): HTMLInputElement {
		return this.renderRoot.querySelector<HTMLInputElement>("input")!;
	}

	private open(): void {
		this.input.click();
	}

	private take(): void {
		const detail = [...(this.input.files ?? [])];
		this.input.value = "";
		if (detail.length > 0)
			this.dispatchEvent(new CustomEvent("isoflop-files", { detail, bubbles: true, composed: true }));
	}
}

customElements.define("isoflop-file-chooser", FileChooser);
