import { css } from "lit";

/** Styles that every element shares: box model, tables, symbols, quiet text. The colors and fonts are set in page.css. */
export const sharedStyles = css`
	:host {
		display: block;
		min-width: 0;
	}
	:host([hidden]),
	[hidden] {
		display: none !important;
	}
	*,
	*::before,
	*::after {
		box-sizing: border-box;
	}
	h2,
	h3 {
		margin: 0;
		font-family: var(--font-serif);
		font-weight: 600;
		line-height: 1.25;
		text-wrap: balance;
	}
	h2 {
		font-size: 1.25rem;
	}
	h3 {
		font-size: 1rem;
	}
	p {
		margin: 0;
	}
	sub {
		font-size: 0.72em;
		line-height: 0;
		vertical-align: -0.25em;
	}
	i {
		font-family: var(--font-serif);
	}
	a {
		color: var(--accent);
	}
	.quiet {
		color: var(--quiet);
	}
	.visually-hidden {
		position: absolute;
		width: 1px;
		height: 1px;
		margin: -1px;
		overflow: hidden;
		clip-path: inset(50%);
		white-space: nowrap;
	}
	.scroll {
		position: relative;
		overflow-x: auto;
		outline-offset: 2px;
	}
	table {
		width: 100%;
		border-collapse: collapse;
		font-size: 0.875rem;
		font-variant-numeric: tabular-nums lining-nums;
	}
	th,
	td {
		padding: 0.35rem 0.6rem;
		border-bottom: 1px solid var(--line);
		text-align: end;
		vertical-align: baseline;
		white-space: nowrap;
	}
	th {
		font-weight: 600;
	}
	thead th {
		border-bottom-color: var(--line-strong);
		color: var(--quiet);
		font-size: 0.8125rem;
	}
	th:first-child,
	td:first-child {
		padding-inline-start: 0;
		text-align: start;
	}
	th:last-child,
	td:last-child {
		padding-inline-end: 0;
	}
	:focus-visible {
		outline: var(--focus-ring);
		outline-offset: 2px;
		border-radius: 2px;
	}
`;
