import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import { sharedStyles } from "../parts/shared-styles.ts";
import type { Notice } from "../state/lab-state.ts";

/** What is wrong or new, and what to do. Fires `isoflop-dismiss`. */
export class NoticeBar extends LitElement {
	static override properties = { notice: { attribute: false } };

	declare notice: Notice | null;

	constructor() {
		super();
		this.notice = null;
	}

	static override styles = [
		sharedStyles,
		css`
			.notice {
				display: flex;
				align-items: start;
				gap: 1rem;
				margin-bottom: 1rem;
				padding: 0.75rem 1rem;
				border-inline-start: 4px solid currentColor;
				border-radius: 6px;
				background: var(--sunken);
				color: var(--ink);
			}
			.notice.error {
				background: var(--danger-surface);
				color: var(--danger-ink);
			}
			p {
				flex: 1;
				overflow-wrap: anywhere;
			}
		`,
	];

	override render() {
		const { notice } = this;
		if (!notice) return nothing;
		return html`
			<div class="notice ${notice.kind}" role=${notice.kind === "error" ? "alert" : "status"}>
				<p><strong>${notice.title}.</strong> ${notice.text}</p>
				<wa-button
					size="s"
					appearance="outlined"
					@click=${() => this.dispatchEvent(new CustomEvent("isoflop-dismiss", { bubbles: true, composed: true }))}
				>
					Close
				</wa-button>
			</div>
		`;
	}
}

customElements.define("isoflop-notice", NoticeBar);
