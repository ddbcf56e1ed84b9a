import { css } from "lit";

/** A calculator: what is asked and the formula beside the figure, the table below both. */
export const planStyles = css`
	section > h2 {
		margin-bottom: 0.25rem;
	}
	.calculator {
		display: grid;
		grid-template-columns: minmax(0, 21rem) minmax(0, 1fr);
		gap: 1rem 2rem;
		align-items: start;
	}
	.lead {
		max-width: 46rem;
		margin-bottom: 0.9rem;
		color: var(--quiet);
	}
	.fields {
		display: grid;
		gap: 0.5rem;
	}
	.formula {
		margin: 0.9rem 0 0;
		padding: 0.6rem 0.8rem;
		border-radius: 6px;
		background: var(--sunken);
		font-family: var(--font-serif);
		font-size: 1rem;
		line-height: 1.7;
	}
	.formula + p,
	.note,
	.source {
		margin-top: 0.5rem;
		font-size: 0.875rem;
		color: var(--quiet);
	}
	sup {
		font-size: 0.72em;
		line-height: 0;
		vertical-align: 0.5em;
	}
	isoflop-figure {
		--chart-height: clamp(17rem, 40vh, 26rem);
	}
	.scroll {
		margin-top: 1rem;
	}
	h3 {
		margin-top: 1.25rem;
	}
	h3 + .scroll {
		margin-top: 0.35rem;
	}
	tbody th {
		font-weight: 600;
		white-space: nowrap;
	}
	tbody th .quiet {
		font-weight: 400;
	}
	tr.own > * {
		background: color-mix(in srgb, var(--accent) 7%, transparent);
	}
	.reason {
		min-width: 12rem;
		color: var(--quiet);
		font-size: 0.8125rem;
		text-align: start;
		white-space: normal;
	}
	.reason.end {
		text-align: end;
	}
	.line {
		display: block;
	}
	.beyond {
		color: var(--warning-ink);
	}
	.detail {
		display: block;
		font-size: 0.75rem;
		color: var(--quiet);
	}
	details {
		margin-top: 0.9rem;
		font-size: 0.875rem;
	}
	details > summary {
		width: fit-content;
		color: var(--accent);
		cursor: pointer;
		font-family: var(--font-sans);
		font-weight: 400;
		font-size: 0.875rem;
	}
	details[open] > summary {
		margin-bottom: 0.4rem;
	}
	dl {
		margin: 0;
	}
	dt {
		font-weight: 600;
	}
	dd {
		margin: 0 0 0.5rem;
		color: var(--quiet);
		overflow-wrap: anywhere;
	}
	@media (max-width: 64rem) {
		.calculator {
			grid-template-columns: minmax(0, 1fr);
		}
	}
`;
