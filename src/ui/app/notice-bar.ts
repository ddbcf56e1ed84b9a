import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import { sharedStyles } from "../parts/shared-styles.ts";
import { Selected } from "../state/selected.ts";

/** What is wrong or new, and what to do; at the lower edge of the window, wherever the page is scrolled to. */
export class NoticeBar extends LitElement {
	private readonly lab = new Selected(this, ({ messages }) => ({ notice: messages.notice }));

	static override styles = [
		sharedStyles,
		css`
			:host {
				position: sticky;
				bottom: calc(var(--foot, 0px) + 1rem);
				z-index: 20;
				max-width: 60rem;
				margin: 0 auto;
				padding: 0 var(--gutter);
			}
			.notice {
				display: flex;
				align-items: start;
				gap: 1rem;
				padding: 0.75rem 1rem;
				border-inline-start: 4px solid currentColor;
				border-radius: 6px;
				background: var(--sunken);
				box-shadow: 0 4px 24px rgb(0 0 0 / 25%);
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
			@media print {
				:host {
					display: none;
				}
			}
		`,
	];

	override render() {
		const { notice } = this.lab.state;
		if (!notice) return nothing;
		return html`
			<div class="notice ${notice.kind}" role=${notice.kind === "error" ? "alert" : "status"}>
				<p><strong>${notice.title}.</strong> ${notice.text}</p>
				<wa-button size="s" appearance="outlined" @click=${() => this.lab.effects.dismissNotice()}>Close</wa-button>
			</div>
		`;
	}
}

customElements.define("isoflop-notice", NoticeBar);
