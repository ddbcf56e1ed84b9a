import { css } from "lit";

/** The page: bar, form, cards, figures. */
export const annealStyles = css`
	isoflop-training-bar {
		position: sticky;
		top: calc(var(--header-height) + 1px);
		z-index: 9;
		border-bottom: 1px solid var(--line);
		background: var(--surface);
	}
	.content {
		display: grid;
		grid-template-columns: minmax(0, 1fr);
		gap: 1rem;
	}
	.titled {
		display: flex;
		flex-wrap: wrap;
		gap: 0.4rem 1rem;
		align-items: center;
		justify-content: space-between;
		margin-bottom: 0.25rem;
	}
	section > h2 {
		margin-bottom: 0.25rem;
	}
	.lead {
		max-width: none;
		margin-bottom: 0.9rem;
		color: var(--quiet);
		font-size: 0.9375rem;
	}
	.costs {
		display: flex;
		flex-wrap: wrap;
		gap: 0.35rem 2rem;
		margin: 0.9rem 0 0;
		font-size: 0.875rem;
		font-variant-numeric: tabular-nums;
	}
	.costs div {
		display: flex;
		gap: 0.5rem;
	}
	.costs dt {
		color: var(--quiet);
	}
	.costs dd {
		margin: 0;
	}
	.error {
		margin-top: 0.75rem;
		padding: 0.6rem 0.8rem;
		border-radius: 6px;
		background: var(--danger-surface);
		color: var(--danger-ink);
		font-size: 0.875rem;
		overflow-wrap: anywhere;
	}
	.starts {
		display: flex;
		flex-wrap: wrap;
		gap: 0.5rem;
		margin: 0.5rem 0 0.9rem;
	}
	.cards {
		display: grid;
		grid-template-columns: repeat(auto-fit, minmax(min(18.5rem, 100%), 1fr));
		gap: 0.9rem;
	}
	.figures {
		--chart-height: clamp(15rem, 36vh, 24rem);
		display: grid;
		grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
		gap: 1rem;
	}
	.stacked {
		grid-row: span 2;
		display: grid;
		gap: 1.25rem;
		align-content: start;
	}
	.judgement {
		min-height: 17rem;
	}
	.rates {
		--chart-height: 11rem;
	}
	isoflop-export-buttons {
		min-height: 2rem;
		margin-top: 0.9rem;
	}
	.wide {
		grid-column: 1 / -1;
	}
	@media (max-width: 64rem) {
		.figures {
			grid-template-columns: minmax(0, 1fr);
		}
	}
	@media (max-width: 40rem) {
		isoflop-training-bar {
			position: static;
		}
	}
	@media print {
		isoflop-training-bar {
			display: none;
		}
	}
`;
