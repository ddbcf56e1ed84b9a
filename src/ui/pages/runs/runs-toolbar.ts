import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { RUN_FIELDS } from "./run-fields.ts";
import { CHANGES, type RunsView } from "./runs-view.ts";

/** Filter, columns, grouping and import. Fires `isoflop-filter` with the text, `isoflop-view` with a changed view, `isoflop-files`. */
export class RunsToolbar extends LitElement {
	static override properties = {
		filter: {},
		problem: {},
		view: { attribute: false },
	};

	declare filter: string;
	/** Why the filter cannot be read; the runs are still those of the one before. */
	declare problem: string;
	declare view: RunsView;

	constructor() {
		super();
		this.filter = "";
		this.problem = "";
	}

	static override styles = [
		sharedStyles,
		css`
			.bar {
				display: flex;
				flex-wrap: wrap;
				gap: 0.5rem 1rem;
				align-items: center;
			}
			wa-input {
				flex: 1 1 18rem;
				min-width: 0;
			}
			wa-input::part(form-control-label) {
				position: absolute;
				width: 1px;
				height: 1px;
				overflow: hidden;
				clip-path: inset(50%);
			}
			label {
				display: inline-flex;
				gap: 0.4rem;
				align-items: center;
				font-size: 0.875rem;
			}
			label input {
				margin: 0;
				accent-color: var(--accent);
			}
			details {
				font-size: 0.875rem;
			}
			summary {
				width: fit-content;
				color: var(--accent);
				cursor: pointer;
			}
			details[open] {
				flex-basis: 100%;
			}
			.menu {
				display: grid;
				grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr));
				gap: 0.35rem 1.25rem;
				margin-top: 0.5rem;
				padding: 0.75rem 1rem;
				border-radius: 6px;
				background: var(--sunken);
			}
			.error,
			.hint {
				min-height: 1.4em;
				margin-top: 0.3rem;
				font-size: 0.8125rem;
				overflow-wrap: anywhere;
			}
			.hint {
				color: var(--quiet);
			}
			.error {
				color: var(--danger-ink);
			}
			code {
				font-family: var(--wa-font-family-code);
				font-size: 0.92em;
			}
		`,
	];

	override render() {
		const { bySeed, showHidden } = this.view;
		return html`
			<div class="bar">
				<wa-input
					size="s"
					label="Filter"
					placeholder="Filter: width 32 cosine loss < 4"
					autocomplete="off"
					spellcheck="false"
					with-clear
					.value=${this.filter}
					@input=${(event: Event) => this.fire("isoflop-filter", (event.target as HTMLInputElement).value)}
				></wa-input>
				${check("Group seeds", bySeed, (on) => this.change({ bySeed: on }))}
				${check("Show hidden", showHidden, (on) => this.change({ showHidden: on }))}
				<wa-button size="s" appearance="outlined" @click=${() => this.input.click()}>Add runs from a file</wa-button>
				<input type="file" hidden multiple accept=".jsonl,.gz" aria-label="Files of runs" @change=${this.take} />
				<details
					@keydown=${(event: KeyboardEvent) => {
						if (event.key !== "Escape") return;
						const menu = event.currentTarget as HTMLDetailsElement;
						menu.open = false;
						menu.querySelector("summary")!.focus();
					}}
				>
					<summary>Columns</summary>
					<div class="menu" role="group" aria-label="Columns">
						${RUN_FIELDS.filter(({ width }) => width).map(({ id, title }) => this.column(id, title))}
						${this.column(CHANGES, "Differences from the row above")}
					</div>
				</details>
			</div>
			${
				this.problem
					? html`<p class="error" role="alert">Not filtered by this: ${this.problem}.</p>`
					: html`<p class="hint">
							${this.filter === "" ? nothing : html`Every part must hold. `}<code>seed = 2</code>, <code>loss &lt; 4</code>,
							<code>N &gt; 10k</code>, <code>-cosine</code>, <code>"two words"</code>,
							<code>finished &gt; 2026-11-30</code>
						</p>`
			}
		`;
	}

	private column(id: string, title: string) {
		const { columns } = this.view;
		return check(title, columns.includes(id), (on) =>
			this.change({ columns: on ? [...columns, id] : columns.filter((column) => column !== id) }),
		);
	}

	private get input(): HTMLInputElement {
		return this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")!;
	}

	private take(): void {
		const files = [...(this.input.files ?? [])];
		this.input.value = "";
		if (files.length > 0) this.fire("isoflop-files", files);
	}

	private change(changes: Partial<RunsView>): void {
		this.fire("isoflop-view", { ...this.view, ...changes });
	}

	private fire(name: string, detail: unknown): void {
		this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
	}
}

function check(text: string, checked: boolean, change: (on: boolean) => void) {
	return html`<label>
		<input
			type="checkbox"
			.checked=${checked}
			@change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
		/>
		${text}
	</label>`;
}

customElements.define("isoflop-runs-toolbar", RunsToolbar);
