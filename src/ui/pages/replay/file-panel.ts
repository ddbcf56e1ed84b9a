import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import { plural } from "../../../figures/format.ts";
import type { ReplayFit, ReplayRequest } from "../../../worker/replay-protocol.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import "./column-mapping.ts";
import { sectionStyles } from "../../parts/section-styles.ts";
import type { ReplayState } from "./replay-session.ts";

/**
 * Chooses files of measurements, and says how they are read. Fires `isoflop-files` with what is chosen, `isoflop-change` with what is to be read
 * otherwise, and for a file that was refused `isoflop-retry` with a mapping or `isoflop-dismiss`.
 */
export class FilePanel extends LitElement {
	static override properties = { replay: { attribute: false } };

	declare replay: ReplayState;

	static override styles = [
		sharedStyles,
		panelStyles,
		sectionStyles,
		css`
			:host {
				display: grid;
			}
			.drop {
				display: flex;
				flex-wrap: wrap;
				gap: 0.5rem 1rem;
				align-items: center;
				padding: 0.9rem 1rem;
				border: 1.5px dashed var(--line-strong);
				border-radius: 6px;
			}
			.drop span {
				flex: 1 1 11rem;
				color: var(--quiet);
				font-size: 0.875rem;
			}
			h3 {
				margin: 1rem 0 0.4rem;
				overflow-wrap: anywhere;
			}
			pre {
				margin: 0;
				padding: 0.6rem 0.8rem;
				border-radius: 6px;
				background: var(--sunken);
				font-family: var(--wa-font-family-code);
				font-size: 0.8125rem;
				overflow-x: auto;
			}
			code {
				font-family: var(--wa-font-family-code);
				font-size: 0.9em;
			}
			ul {
				max-height: 12rem;
				margin: 0;
				padding-inline-start: 1.2rem;
				overflow: auto;
			}
			.error isoflop-column-mapping {
				margin-top: 0.6rem;
				color: var(--ink);
			}
		`,
	];

	override render() {
		const { shown, request, refused } = this.replay;
		return html`
			<section aria-labelledby="title">
				<h2 id="title">Measurements from files</h2>
				<p class="lead">
					A table with a row for each run or point of a curve: its loss, its parameters, and its tokens or compute. Several files are
					read together. They stay on this computer.
				</p>
				<div class="drop">
					<wa-button size="s" variant="brand" @click=${() => this.input.click()}>Choose files</wa-button>
					<span>or drop them anywhere on the page: CSV, TSV, JSON, JSONL or a runs.jsonl, also as .gz</span>
				</div>
				<input
					type="file"
					hidden
					multiple
					accept=".csv,.tsv,.txt,.json,.jsonl,.gz"
					aria-label="Files of measurements"
					@change=${this.take}
				/>
				${refused ? this.refusal(refused) : nothing}
				${
					shown && request?.source.kind === "files" && shown.request.source.kind === "files"
						? this.reading(shown.request.source.files.map(({ name }) => name).join(", "), request, shown.fit)
						: EXAMPLE
				}
			</section>
		`;
	}

	private refusal({ request, refusal }: NonNullable<ReplayState["refused"]>) {
		return html`
			<div class="error" role="alert">
				<b>Not taken.</b> ${refusal.message}
				${
					refusal.table && request.source.kind === "files"
						? html`<isoflop-column-mapping
								.table=${refusal.table}
								.mapping=${request.mapping}
								@isoflop-mapping=${(event: CustomEvent) => this.tell("isoflop-retry", event.detail)}
							></isoflop-column-mapping>`
						: nothing
				}
				<div class="buttons">
					<wa-button size="s" appearance="outlined" @click=${() => this.tell("isoflop-dismiss")}>Close</wa-button>
				</div>
			</div>
		`;
	}

	private reading(name: string, { mapping }: ReplayRequest, fit: ReplayFit) {
		const { table, rows, leftOut, leftOutCount } = fit;
		const noun = table ? "row" : "run";
		return html`
			<h3>${name}: ${plural(rows, noun)}</h3>
			${
				table
					? html`<isoflop-column-mapping
							.table=${table}
							.mapping=${mapping}
							@isoflop-mapping=${(event: CustomEvent) => this.tell("isoflop-change", { mapping: event.detail })}
						></isoflop-column-mapping>`
					: html`<p class="note">Runs of the lab: their curves say what they are.</p>`
			}
			${
				leftOutCount === 0
					? nothing
					: html`<details>
							<summary>${plural(leftOutCount, "row")} left out, and why</summary>
							<ul tabindex="0" aria-label="Rows left out">
								${leftOut.map(
									({ line, reason, file }) =>
										html`<li>${file === undefined ? "Line" : `${file}, line`} ${line}: ${reason}</li>`,
								)}
								${leftOutCount > leftOut.length ? html`<li>and ${leftOutCount - leftOut.length} more</li>` : nothing}
							</ul>
						</details>`
			}
		`;
	}

	private get input(): HTMLInputElement {
		return this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")!;
	}

	private take(): void {
		const files = [...(this.input.files ?? [])];
		// The same file, changed meanwhile, may be chosen again.
		this.input.value = "";
		if (files.length > 0) this.tell("isoflop-files", files);
	}

	private tell(name: string, detail?: unknown): void {
		this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
	}
}

const EXAMPLE = html`
	<h3>For example</h3>
	<pre tabindex="0" aria-label="Example of a table">
run,  params, tokens, val_loss
r1,   125M,   2.5B,   3.412
r2,   350M,   7B,     3.020
r3,   760M,   15B,    2.791</pre>
	<p class="note">
		Usual names of columns and units in brackets, as in <code>params (B)</code>, are understood; others can be chosen after reading. Points of one
		training curve share a <code>run</code>. Compute is 6·<i>N</i>·<i>D</i> unless there is a column <code>flops</code>.
	</p>
`;

customElements.define("isoflop-replay-file", FilePanel);
