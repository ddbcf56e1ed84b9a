import { css, html, LitElement, nothing } from "lit";
import { chooseNotifying, type Notifying, notifying } from "../app/end-notification.ts";
import { sharedStyles } from "./shared-styles.ts";

/** Asks for a notification of the system when training ends while the tab is hidden. Shows nothing where there are none. */
export class NotifyToggle extends LitElement {
	static override properties = { notifying: { state: true } };

	declare private notifying: Notifying;

	constructor() {
		super();
		this.notifying = notifying();
	}

	static override styles = [
		sharedStyles,
		css`
			:host {
				display: contents;
			}
			label {
				display: inline-flex;
				gap: 0.4rem;
				align-items: center;
				color: var(--quiet);
				font-size: 0.8125rem;
				white-space: nowrap;
			}
			input {
				margin: 0;
				accent-color: var(--accent);
			}
		`,
	];

	override render() {
		if (this.notifying === "impossible") return nothing;
		const denied = this.notifying === "denied";
		return html`
			<label title=${denied ? "The browser forbids notifications of this page; its settings can allow them." : nothing}>
				<input
					type="checkbox"
					.checked=${this.notifying === "on"}
					?disabled=${denied}
					@change=${(event: Event) => this.choose((event.target as HTMLInputElement).checked)}
				/>
				Notify me at the end${denied ? " (forbidden by the browser)" : ""}
			</label>
		`;
	}

	private async choose(on: boolean): Promise<void> {
		await chooseNotifying(on);
		this.notifying = notifying();
		this.requestUpdate();
	}
}

customElements.define("isoflop-notify-toggle", NotifyToggle);
