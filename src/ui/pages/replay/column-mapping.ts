import { css, html, LitElement, nothing } from "lit";
import type { Column, Mapping } from "../../../analysis/points/column-names.ts";
import type { ReplayTable } from "../../../worker/replay-protocol.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { COLUMN_TEXTS, MAIN_COLUMNS, OTHER_COLUMNS, unitsOf } from "./column-texts.ts";
import { ownColumn, withColumn, withUnit } from "./mapping-changes.ts";

/** Columns of a file that a list offers. */
const MOST_OFFERED = 500;

/** Which column of a file was taken for what and in which unit, to be changed. Fires `isoflop-mapping` with the new mapping. */
export class ColumnMapping extends LitElement {
	static override properties = { table: { attribute: false }, mapping: { attribute: false } };

	declare table: ReplayTable;
	declare mapping: Mapping;

	static override styles = [
		sharedStyles,
		css`
			.columns {
				display: grid;
				grid-template-columns: minmax(9rem, 1.2fr) minmax(0, 1fr) minmax(5.5rem, 0.55fr);
				gap: 0.3rem 0.75rem;
				align-items: center;
				margin: 0;
				font-size: 0.875rem;
			}
			.row {
				display: contents;
			}
			.missing > .name {
				color: var(--quiet);
			}
			select {
				width: 100%;
				min-width: 0;
				height: 2rem;
				padding: 0 0.4rem;
				border: 1px solid var(--line-strong);
				border-radius: 4px;
				background: var(--surface);
				color: var(--ink);
				font: inherit;
				text-overflow: ellipsis;
			}
			details {
				margin-top: 0.5rem;
				font-size: 0.875rem;
			}
			summary {
				width: fit-content;
				color: var(--accent);
				cursor: pointer;
			}
			details[open] > summary {
				margin-bottom: 0.4rem;
			}
			@media (max-width: 30rem) {
				.columns {
					grid-template-columns: minmax(0, 1fr) minmax(5.5rem, 0.5fr);
				}
				.name {
					grid-column: 1 / -1;
					margin-top: 0.25rem;
				}
			}
		`,
	];

	override render() {
		const found = (column: Column) => this.table.columns[column] !== undefined;
		const more = OTHER_COLUMNS.filter((column) => !found(column));
		return html`
			<div class="columns">
				${[...MAIN_COLUMNS, ...OTHER_COLUMNS.filter(found)].map((column) => this.row(column))}
			</div>
			<details>
				<summary>Columns for more</summary>
				<div class="columns">${more.map((column) => this.row(column))}</div>
			</details>
		`;
	}

	private row(column: Column) {
		const { label } = COLUMN_TEXTS[column];
		const source = this.table.columns[column];
		const own = ownColumn(this.table.header, column);
		const names = this.table.header.slice(0, MOST_OFFERED);
		const chosen = source?.name ?? this.mapping.map?.[column] ?? "";
		return html`
			<div class="row ${chosen === "" ? "missing" : ""}">
				<span class="name" aria-hidden="true">${label}</span>
				<select
					aria-label=${label}
					.value=${chosen}
					@change=${(event: Event) => this.pick(column, own, (event.target as HTMLSelectElement).value)}
				>
					${own === null ? html`<option value="" ?selected=${chosen === ""}>none</option>` : nothing}
					${names.map((name) => html`<option value=${name} ?selected=${name === chosen}>${name || "(no name)"}</option>`)}
					${chosen === "" || names.includes(chosen) ? nothing : html`<option value=${chosen} selected>${chosen}</option>`}
				</select>
				${source ? this.units(column, source.unit) : html`<span></span>`}
			</div>
		`;
	}

	private units(column: Column, unit: number) {
		const units = unitsOf(column, unit);
		if (units.length === 0) return html`<span></span>`;
		return html`
			<select
				aria-label="Unit of ${COLUMN_TEXTS[column].label}"
				.value=${String(unit)}
				@change=${(event: Event) =>
					this.tell(withUnit(this.mapping, column, Number((event.target as HTMLSelectElement).value)))}
			>
				${units.map(([factor, label]) => html`<option value=${factor} ?selected=${factor === unit}>${label}</option>`)}
			</select>
		`;
	}

	private pick(column: Column, own: string | null, name: string): void {
		this.tell(withColumn(this.mapping, column, name === "" || name === own ? null : name));
	}

	private tell(detail: Mapping): void {
		this.dispatchEvent(new CustomEvent("isoflop-mapping", { detail, bubbles: true, composed: true }));
	}
}

customElements.define("isoflop-column-mapping", ColumnMapping);
