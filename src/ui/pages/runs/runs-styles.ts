import { css } from "lit";

/** The layout of the page "Runs", and what stands there before there are any. */
export const runsStyles = css`
	.content {
		display: grid;
		grid-template-columns: minmax(0, 1fr);
		gap: 1rem;
	}
	.pair {
		display: grid;
		grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr);
		gap: 1rem;
		align-items: start;
	}
	@media (max-width: 64rem) {
		.pair {
			grid-template-columns: minmax(0, 1fr);
		}
	}
	.heading {
		display: flex;
		flex-wrap: wrap;
		align-items: baseline;
		gap: 0.25rem 1rem;
		margin-bottom: 0.6rem;
	}
	.heading p {
		color: var(--quiet);
		font-size: 0.875rem;
		font-variant-numeric: tabular-nums;
	}
	isoflop-runs-toolbar,
	isoflop-run-selection {
		margin-block: 0.5rem;
	}
	.empty {
		display: grid;
		place-content: center;
		gap: 0.75rem;
		min-height: 16rem;
		padding: 2rem 1.25rem;
		border: 1px dashed var(--line-strong);
		border-radius: 6px;
		text-align: center;
		text-wrap: balance;
		color: var(--quiet);
	}
	.empty > * {
		max-width: 40rem;
		margin-inline: auto;
	}
	.empty b {
		color: var(--ink);
		font-family: var(--font-serif);
		font-size: 1.125rem;
	}
`;
