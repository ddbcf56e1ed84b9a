import { css, unsafeCSS } from "lit";

/** Height of a row, CSS pixels: all are alike, so that the place of one follows from its number. */
export const ROW_HEIGHT = 34;

/** The table of runs: rows of one height, columns of fixed widths, a head that stays. */
export const gridStyles = css`
	.scroll {
		height: min(${unsafeCSS(14.5 * ROW_HEIGHT)}px, 62vh);
		min-height: ${unsafeCSS(5 * ROW_HEIGHT)}px;
		overflow: auto;
		border: 1px solid var(--line);
		border-radius: 6px;
		overflow-anchor: none;
	}
	table {
		table-layout: fixed;
		border-collapse: separate;
		border-spacing: 0;
	}
	tr {
		height: ${unsafeCSS(ROW_HEIGHT)}px;
	}
	th,
	td,
	th:first-child,
	td:first-child,
	th:last-child,
	td:last-child {
		height: ${unsafeCSS(ROW_HEIGHT)}px;
		padding: 0 0.5rem;
		overflow: hidden;
		text-overflow: ellipsis;
		text-align: end;
		vertical-align: middle;
	}
	th.text,
	td.text,
	th.time,
	td.time {
		text-align: start;
	}
	thead th {
		position: sticky;
		top: 0;
		z-index: 1;
		background: var(--surface);
	}
	th:first-child,
	td:first-child {
		text-align: center;
		text-overflow: clip;
	}
	th button {
		max-width: 100%;
		padding: 0.25rem 0;
		border: 0;
		background: none;
		color: inherit;
		font: inherit;
		overflow: hidden;
		text-overflow: ellipsis;
		white-space: nowrap;
		cursor: pointer;
	}
	th button:hover {
		color: var(--ink);
	}
	th button:focus-visible {
		outline-offset: -2px;
	}
	.arrow {
		display: inline-block;
		width: 0.9em;
		text-align: center;
	}
	input {
		margin: 0;
		accent-color: var(--accent);
		vertical-align: middle;
	}
	tbody tr:not(.spacer) {
		cursor: default;
	}
	tbody tr:not(.spacer):hover {
		background: var(--sunken);
	}
	tr.selected,
	tbody tr.selected:hover {
		background: color-mix(in srgb, var(--accent) 12%, transparent);
	}
	tr:focus-visible {
		outline-offset: -3px;
	}
	tr.hidden-run td {
		color: var(--quiet);
		font-style: italic;
	}
`;
