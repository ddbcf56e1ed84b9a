import { css } from "lit";

/** The theory page: the lead above, controls that stay beside the figures, one column where there is no room. */
export const theoryStyles = css`
	.content {
		display: grid;
		grid-template-columns: minmax(0, 25rem) minmax(0, 1fr);
		gap: 1rem;
		align-items: start;
	}
	.lead {
		grid-column: 1 / -1;
		display: grid;
		grid-template-columns: minmax(0, 25rem) minmax(0, 1fr);
		gap: 1rem 2.25rem;
		align-items: center;
	}
	.lead p {
		font-family: var(--font-serif);
		font-size: 1.0625rem;
		line-height: 1.45;
		text-wrap: pretty;
	}
	.lead h2 {
		margin-bottom: 0.4rem;
	}
	.side {
		position: sticky;
		top: calc(var(--header-height) + 1rem);
		max-height: calc(100vh - var(--header-height) - 2rem);
		overflow-y: auto;
		padding-bottom: 0;
	}
	.study {
		margin: 0.9rem -1.25rem 0;
		padding: 0.7rem 1.25rem 0;
		border-top: 1px solid var(--line);
	}
	.study > summary {
		font-size: 1.0625rem;
	}
	.problem {
		position: sticky;
		bottom: 0;
		z-index: 1;
		margin: 1rem -1.25rem 0;
		padding: 0.6rem 1.25rem;
		background: var(--danger-surface);
		color: var(--danger-ink);
		font-size: 0.875rem;
	}
	.end {
		height: 0.7rem;
	}
	@media (max-width: 64rem) {
		.content,
		.lead {
			grid-template-columns: minmax(0, 1fr);
		}
		.side {
			position: static;
			max-height: none;
			overflow: visible;
		}
	}
	@media print {
		.content {
			display: block;
		}
		.side {
			display: none;
		}
	}
`;
