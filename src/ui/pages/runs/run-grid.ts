import { html, LitElement, nothing, type PropertyValues } from "lit";
import { richHtml } from "../../parts/rich-html.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { gridStyles, ROW_HEIGHT } from "./grid-styles.ts";
import type { RunField } from "./run-fields.ts";
import { cellText, type RunItem } from "./run-items.ts";
import { changeText } from "./spec-differences.ts";

/** What the rows are sorted by. */
export interface Sorting {
	field: string;
	descending: boolean;
}

/** Rows beyond the shown ones that are rendered too, and the steps in which the shown ones move. */
const MARGIN = 12;
const STEP = 8;

/** Width of the column of differences, rem. */
const CHANGES_WIDTH = 18;

/**
 * The table of runs; only the rows in sight are in the document. Fires `isoflop-sort` with a `Sorting`, `isoflop-select` with the keys
 * of the selected lines, and for keys `isoflop-delete` and `isoflop-undo`.
 */
export class RunGrid extends LitElement {
	static override properties = {
		items: { attribute: false },
		fields: { attribute: false },
		changes: { type: Boolean },
		sorting: { attribute: false },
		selected: { attribute: false },
		first: { state: true },
		active: { state: true },
	};
	static override styles = [sharedStyles, gridStyles];

	declare items: readonly RunItem[];
	declare fields: readonly RunField[];
	/** Whether a column says what each line has otherwise than the one before it. */
	declare changes: boolean;
	declare sorting: Sorting;
	/** Keys of the lines that are selected. */
	declare selected: ReadonlySet<string>;
	/** The first line that is rendered. */
	declare private first: number;
	/** The line that the keyboard acts on. */
	declare private active: number;
	/** Where a selection of many begins. */
	private anchor = 0;

	constructor() {
		super();
		this.items = [];
		this.fields = [];
		this.changes = false;
		this.sorting = { field: "", descending: false };
		this.selected = new Set();
		this.first = 0;
		this.active = 0;
	}

	override willUpdate(changed: PropertyValues<this>): void {
		if (!changed.has("items")) return;
		// The active line stays with its run where that is still there.
		const key = changed.get("items")?.[this.active]?.key;
		const at = key === undefined ? -1 : this.items.findIndex((item) => item.key === key);
		this.active = at >= 0 ? at : Math.max(0, Math.min(this.active, this.items.length - 1));
	}

	override render() {
		const { items, fields, changes } = this;
		const from = Math.max(0, Math.min(this.first, items.length - 1));
		const until = Math.min(items.length, from + this.shownRows() + 2 * MARGIN);
		const width = fields.reduce((sum, field) => sum + field.width!, 2.25 + (changes ? CHANGES_WIDTH : 0));
		return html`
			<div class="scroll" @scroll=${this.scrolled}>
				<table
					role="grid"
					aria-label="Runs"
					aria-multiselectable="true"
					aria-rowcount=${items.length + 1}
					style="min-width:${width}rem"
					@keydown=${this.key}
				>
					<colgroup>
						<col style="width:2.25rem" />
						${fields.map((field) => html`<col style="width:${field.width}rem" />`)}
						${changes ? html`<col style="width:${CHANGES_WIDTH}rem" />` : nothing}
					</colgroup>
					<thead>
						<tr aria-rowindex="1">
							<th scope="col">${this.checkAll()}</th>
							${fields.map((field) => this.header(field))}
							${changes ? html`<th scope="col" class="text">Otherwise than the row above</th>` : nothing}
						</tr>
					</thead>
					<tbody>
						${spacer(from)} ${items.slice(from, until).map((item, i) => this.row(item, from + i))}
						${spacer(items.length - until)}
					</tbody>
				</table>
			</div>
		`;
	}

	/** Moves the focus to the active line. */
	async focusRow(): Promise<void> {
		await this.updateComplete;
		this.reveal(this.active);
		await this.updateComplete;
		this.renderRoot.querySelector<HTMLElement>(`tr[data-at="${this.active}"]`)?.focus({ preventScroll: true });
	}

	private checkAll() {
		const { items, selected } = this;
		const count = items.filter(({ key }) => selected.has(key)).length;
		return html`<input
			type="checkbox"
			aria-label="Select all"
			.checked=${count > 0 && count === items.length}
			.indeterminate=${count > 0 && count < items.length}
			@change=${() => this.tell(count === items.length ? [] : items.map(({ key }) => key))}
		/>`;
	}

	private header({ id, title, symbol, kind }: RunField) {
		const { field, descending } = this.sorting;
		const isActive = field === id;
		return html`
			<th scope="col" class=${kind} aria-sort=${isActive ? (descending ? "descending" : "ascending") : "none"}>
				<button
					type="button"
					title=${title}
					@click=${() => this.fire("isoflop-sort", { field: id, descending: isActive && !descending })}
				>
					${symbol ? richHtml(symbol) : title}<span class="arrow" aria-hidden="true">${isActive ? (descending ? "↓" : "↑") : ""}</span>
				</button>
			</th>
		`;
	}

	private row(item: RunItem, at: number) {
		const isSelected = this.selected.has(item.key);
		const { hidden, status } = item.rows[0];
		const before = this.changes && at > 0 ? this.items[at - 1]!.rows[0].spec : null;
		return html`
			<tr
				data-at=${at}
				class="${isSelected ? "selected" : ""} ${hidden ? "hidden-run" : ""} ${status}"
				aria-rowindex=${at + 2}
				aria-selected=${isSelected}
				tabindex=${at === this.active ? 0 : -1}
				@click=${(event: MouseEvent) => this.clicked(event, at)}
				@focus=${() => {
					this.active = at;
				}}
			>
				<td><input type="checkbox" tabindex="-1" aria-label="Select" .checked=${isSelected} /></td>
				${this.fields.map((field) => {
					const text = cellText(field, item);
					return html`<td class=${field.kind} title=${text.length > 12 ? text : nothing}>${text}</td>`;
				})}
				${this.changes ? changeCell(before ? changeText(before, item.rows[0].spec) : "") : nothing}
			</tr>
		`;
	}

	private get scroller(): HTMLElement | null {
		return this.renderRoot.querySelector(".scroll");
	}

	private shownRows(): number {
		return Math.ceil((this.scroller?.clientHeight ?? 600) / ROW_HEIGHT);
	}

	private scrolled(): void {
		const top = Math.floor(this.scroller!.scrollTop / ROW_HEIGHT) - MARGIN;
		this.first = Math.max(0, Math.floor(top / STEP) * STEP);
	}

	/** Scrolls as far as is needed to show a line. */
	private reveal(at: number): void {
		const scroller = this.scroller!;
		const head = ROW_HEIGHT;
		const top = at * ROW_HEIGHT;
		if (top < scroller.scrollTop) scroller.scrollTop = top;
		else if (top + ROW_HEIGHT > scroller.scrollTop + scroller.clientHeight - head)
			scroller.scrollTop = top + ROW_HEIGHT - scroller.clientHeight + head;
		this.scrolled();
	}

	private clicked(event: MouseEvent, at: number): void {
		if (event.shiftKey) this.selectRange(at);
		else this.toggle(at);
	}

	private toggle(at: number): void {
		const { key } = this.items[at]!;
		this.anchor = at;
		const next = new Set(this.selected);
		if (!next.delete(key)) next.add(key);
		this.tell([...next]);
	}

	private selectRange(at: number): void {
		const [from, to] = [Math.min(this.anchor, at), Math.max(this.anchor, at)];
		this.tell([...new Set([...this.selected, ...this.items.slice(from, to + 1).map(({ key }) => key)])]);
	}

	private key(event: KeyboardEvent): void {
		const target = event.composedPath()[0] as HTMLElement;
		if (target.tagName !== "TR") return;
		const command = event.ctrlKey || event.metaKey;
		const moves: Record<string, number> = {
			...{ ArrowDown: 1, ArrowUp: -1, PageDown: this.shownRows() - 2, PageUp: 2 - this.shownRows() },
			...{ Home: -Infinity, End: Infinity },
		};
		const move = moves[event.key];
		if (move !== undefined) void this.move(move, event.shiftKey);
		else if (event.key === " ") this.toggle(this.active);
		else if (event.key === "Delete") this.fire("isoflop-delete");
		else if (event.key === "Escape") this.tell([]);
		else if (command && event.key === "a") this.tell(this.items.map(({ key }) => key));
		else if (command && event.key === "z") this.fire("isoflop-undo");
		else return;
		event.preventDefault();
	}

	private async move(by: number, isSelecting: boolean): Promise<void> {
		if (!isSelecting) this.anchor = Math.max(0, Math.min(this.items.length - 1, this.active + by));
		this.active = Math.max(0, Math.min(this.items.length - 1, this.active + by));
		if (isSelecting) this.selectRange(this.active);
		await this.focusRow();
	}

	private tell(keys: readonly string[]): void {
		this.fire("isoflop-select", keys);
	}

	private fire(name: string, detail?: unknown): void {
		this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
	}
}

/** Takes the place of rows that are not rendered. */
function spacer(rows: number) {
	return rows > 0 ? html`<tr class="spacer" aria-hidden="true" style="height:${rows * ROW_HEIGHT}px"></tr>` : nothing;
}

function changeCell(text: string) {
	return html`<td class="text" title=${text || nothing}>${text}</td>`;
}

declare global {
	interface HTMLElementTagNameMap {
		"isoflop-run-grid": RunGrid;
	}
}

customElements.define("isoflop-run-grid", RunGrid);
