import { css } from "lit";

/** The page's layout: a bar that stays, the study beside its result, then curves and runs over the whole width. */
export const appStyles = css`
	:host {
		--page-width: 100rem;
		--gutter: clamp(1rem, 2.2vw, 2rem);
		--chart-height: clamp(17rem, 42vh, 30rem);
	}
	.top {
		position: sticky;
		top: 0;
		z-index: 10;
		border-bottom: 1px solid var(--line);
		background: var(--surface);
	}
	isoflop-run-bar {
		border-top: 1px solid var(--line);
	}
	main {
		display: grid;
		grid-template-columns: minmax(0, 27rem) minmax(0, 1fr);
		gap: 1rem;
		max-width: var(--page-width);
		margin: 0 auto;
		padding: 1rem var(--gutter) 3rem;
	}
	isoflop-notice {
		grid-column: 1 / -1;
	}
	isoflop-notice:not([shown]) {
		display: none;
	}
	.column {
		display: grid;
		gap: 1rem;
		align-content: start;
		min-width: 0;
	}
	section {
		min-width: 0;
		padding: 1rem 1.25rem 1.25rem;
		border: 1px solid var(--line);
		border-radius: 8px;
		background: var(--surface);
	}
	section > h2 {
		margin-bottom: 0.75rem;
	}
	.wide {
		grid-column: 1 / -1;
	}
	isoflop-result-headline + isoflop-figure {
		margin-top: 0.75rem;
	}
	isoflop-coefficient-table {
		margin-top: 1.25rem;
	}
	details > summary {
		cursor: pointer;
		font-family: var(--font-serif);
		font-weight: 600;
		font-size: 1.25rem;
	}
	details > summary .quiet {
		font-family: var(--font-sans);
		font-weight: 400;
		font-size: 0.875rem;
	}
	details[open] > summary {
		margin-bottom: 0.9rem;
	}
	.row {
		display: flex;
		flex-wrap: wrap;
		align-items: baseline;
		justify-content: space-between;
		gap: 0.5rem 1rem;
		margin-bottom: 0.75rem;
	}
	footer {
		max-width: var(--page-width);
		margin: 0 auto;
		padding: 0 var(--gutter) 2rem;
		font-size: 0.8125rem;
		color: var(--quiet);
	}
	@media (max-width: 64rem) {
		main {
			grid-template-columns: minmax(0, 1fr);
		}
	}
	@media (max-width: 40rem) {
		.top {
			position: static;
		}
		isoflop-run-bar {
			position: static;
		}
		section {
			padding: 0.9rem 1rem 1rem;
		}
	}
	@media print {
		.top {
			position: static;
		}
		main {
			display: block;
		}
		section {
			break-inside: avoid;
			border: 0;
		}
		.setup,
		.kernels {
			display: none;
		}
	}
`;
