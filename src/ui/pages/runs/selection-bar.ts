import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import { plural } from "../../../figures/format.ts";
import type { RunRow } from "../../../run/run-note.ts";
import type { RunsFile } from "../../../worker/runs-protocol.ts";
import { DOWNLOAD } from "../../parts/icons.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";

/** Labels for the selected runs; without a name theirs stay as they are. */
export interface Labels {
	name?: string;
	add: string[];
	take: string[];
}

/**
 * What can be done to the selected runs. Fires `isoflop-labels`, `isoflop-hide` with a boolean, `isoflop-delete`, `isoflop-save` with a
 * format, and `isoflop-select` with no keys.
 */
export class SelectionBar extends LitElement {
	static override properties = { rows: { attribute: false }, isNaming: { state: true } };

	declare rows: readonly RunRow[];
	declare private isNaming: boolean;

	constructor() {
		super();
		this.rows = [];
		this.isNaming = false;
	}

	static override styles = [
		sharedStyles,
		css`
			.bar,
			form {
				display: flex;
				flex-wrap: wrap;
				gap: 0.4rem;
				align-items: center;
				min-height: 2.25rem;
			}
			.count {
				min-width: 8rem;
				font-size: 0.875rem;
				font-variant-numeric: tabular-nums;
			}
			form {
				align-items: end;
				margin-top: 0.5rem;
			}
			wa-input {
				flex: 0 1 16rem;
				min-width: 0;
			}
		`,
	];

	override willUpdate(changed: PropertyValues<this>): void {
		if (changed.has("rows") && this.rows.length === 0) this.isNaming = false;
	}

	override render() {
		const { rows } = this;
		const none = rows.length === 0;
		const hides = rows.some(({ hidden }) => !hidden);
		return html`
			<div class="bar" role="group" aria-label="Selected runs">
				<span class="count">${none ? html`<span class="quiet">None selected</span>` : `${plural(rows.length, "run")} selected`}</span>
				${this.button("Name and tag", none, () => {
					this.isNaming = !this.isNaming;
				})}
				${this.button(hides || none ? "Hide" : "Show", none, () => this.fire("isoflop-hide", hides))}
				${this.button("Delete", none, () => this.fire("isoflop-delete"))}
				${this.save("jsonl", "JSONL", none)} ${this.save("csv", "CSV", none)} ${this.save("curves", "Curves, CSV", none)}
				${none ? nothing : this.button("Clear", false, () => this.fire("isoflop-select", []))}
			</div>
			${this.isNaming && !none ? this.form() : nothing}
		`;
	}

	private form() {
		const { rows } = this;
		const [name = "", ...others] = new Set(rows.map((row) => row.name ?? ""));
		const common = commonTags(rows);
		return html`
			<form @submit=${(event: SubmitEvent) => this.label(event, common)}>
				<wa-input
					size="s"
					name="name"
					label="Name"
					maxlength="80"
					placeholder=${others.length > 0 ? "several names" : ""}
					.value=${others.length > 0 ? "" : name}
				></wa-input>
				<wa-input size="s" name="tags" label="Tags, with commas between" maxlength="200" .value=${common.join(", ")}></wa-input>
				<wa-button size="s" variant="brand" type="submit">Save</wa-button>
				${this.button("Cancel", false, () => {
					this.isNaming = false;
				})}
			</form>
		`;
	}

	private label(event: SubmitEvent, common: readonly string[]): void {
		event.preventDefault();
		const value = (name: string) =>
			(this.renderRoot.querySelector(`wa-input[name=${name}]`) as unknown as HTMLInputElement).value ?? "";
		const tags = value("tags")
			.split(",")
			.map((tag) => tag.trim().slice(0, 40))
			.filter((tag) => tag !== "");
		const name = value("name").trim();
		// With several names before, an empty one changes none of them.
		const keepsNames = name === "" && new Set(this.rows.map((row) => row.name)).size > 1;
		const labels: Labels = {
			...(!keepsNames && { name }),
			add: tags,
			take: common.filter((tag) => !tags.includes(tag)),
		};
		this.isNaming = false;
		this.fire("isoflop-labels", labels);
	}

	private save(format: RunsFile, text: string, none: boolean) {
		return html`<wa-button
			size="s"
			appearance="outlined"
			?disabled=${none}
			@click=${() => this.fire("isoflop-save", format)}
			>${DOWNLOAD} ${text}</wa-button
		>`;
	}

	private button(text: string, disabled: boolean, act: () => void) {
		return html`<wa-button size="s" appearance="outlined" ?disabled=${disabled} @click=${act}>${text}</wa-button>`;
	}

	private fire(name: string, detail?: unknown): void {
		this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
	}
}

/** Tags that all runs have. */
function commonTags([first, ...others]: readonly RunRow[]): string[] {
	return (first?.tags ?? []).filter((tag) => others.every(({ tags = [] }) => tags.includes(tag)));
}

customElements.define("isoflop-run-selection", SelectionBar);
