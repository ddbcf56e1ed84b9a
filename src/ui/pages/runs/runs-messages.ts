import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import { plural } from "../../../figures/format.ts";
import type { AddedRuns } from "../../../worker/runs-protocol.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import type { Deletion, RunsState } from "./runs-session.ts";

/** What was deleted and can be had back, what was added, and what went wrong. Fires `isoflop-undo` and `isoflop-dismiss`. */
export class RunsMessages extends LitElement {
	static override properties = { runs: { attribute: false } };

	declare runs: RunsState;

	static override styles = [
		sharedStyles,
		css`
			/* In sight wherever the page is scrolled to, and in nobody's way. */
			:host {
				position: sticky;
				bottom: calc(var(--foot, 0px) + 1rem);
				z-index: 6;
			}
			.message {
				display: flex;
				flex-wrap: wrap;
				gap: 0.5rem 1rem;
				align-items: center;
				justify-content: space-between;
				margin-top: 0.5rem;
				padding: 0.6rem 0.9rem;
				border: 1px solid var(--line-strong);
				border-radius: 6px;
				background: var(--sunken);
				box-shadow: 0 4px 18px rgb(0 0 0 / 22%);
				font-size: 0.875rem;
			}
			.message p {
				flex: 1 1 16rem;
				overflow-wrap: anywhere;
			}
			.error {
				background: var(--danger-surface);
				color: var(--danger-ink);
			}
		`,
	];

	override render() {
		const { deletion, added, problem } = this.runs;
		return html`
			<div role="status">${deletion ? this.deleted(deletion) : nothing} ${added ? this.taken(added) : nothing}</div>
			${
				problem
					? html`<div class="message error" role="alert">
							<p>${problem}</p>
							${this.button("Close", "isoflop-dismiss")}
						</div>`
					: nothing
			}
		`;
	}

	private deleted({ rows, uses }: Deletion) {
		return html`<div class="message">
			<p><b>${plural(rows.length, "run")} deleted.</b> ${uses}</p>
			${this.button("Undo", "isoflop-undo")}
		</div>`;
	}

	private taken({ ids, study, notes }: AddedRuns) {
		return html`<div class="message">
			<p>
				<b>${plural(ids.length, "run")} added.</b> ${study ? `They are the study “${study.name}”.` : nothing} ${notes.join(" ")}
			</p>
			${this.button("Close", "isoflop-dismiss")}
		</div>`;
	}

	private button(text: string, event: string) {
		return html`<wa-button
			size="s"
			appearance="outlined"
			@click=${() => this.dispatchEvent(new CustomEvent(event, { bubbles: true, composed: true }))}
			>${text}</wa-button
		>`;
	}
}

customElements.define("isoflop-runs-messages", RunsMessages);
