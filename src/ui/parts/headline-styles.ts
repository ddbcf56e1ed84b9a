import { css } from "lit";

/** A result in large numbers: a card for each convention, with what the number is beside it. */
export const headlineStyles = css`
	:host {
		container-type: inline-size;
	}
	.cards {
		display: grid;
		grid-template-columns: 1fr 1fr;
		gap: 1rem;
	}
	.card {
		display: grid;
		grid-template-columns: auto 1fr;
		column-gap: 1rem;
		align-items: center;
		min-height: 5.5rem;
		padding-inline-start: 0.9rem;
		border-inline-start: 4px solid var(--color);
	}
	.total {
		--color: var(--total);
	}
	.nonEmbedding {
		--color: var(--non-embedding);
	}
	.law {
		font-family: var(--font-serif);
		font-size: 2.75rem;
		font-variant-numeric: lining-nums tabular-nums;
		font-weight: 600;
		line-height: 1.1;
		min-width: 2.1em;
		color: var(--color);
	}
	.law.none {
		color: var(--line-strong);
	}
	.words {
		font-weight: 600;
	}
	.detail {
		font-size: 0.875rem;
		line-height: 1.5;
		color: var(--quiet);
		font-variant-numeric: tabular-nums;
	}
	@container (max-width: 34rem) {
		.cards {
			grid-template-columns: 1fr;
		}
	}
`;
