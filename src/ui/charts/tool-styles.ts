import { css } from "lit";

/** The small buttons above a figure: quiet until they are pointed at. */
export const toolStyles = css`
	.tools {
		display: flex;
		flex-wrap: wrap;
		gap: 0.15rem;
		justify-content: end;
		margin-inline-start: auto;
	}
	.tools button,
	.tools select,
	.tools .menu > summary {
		display: inline-flex;
		align-items: center;
		gap: 0.3rem;
		min-width: 1.75rem;
		height: 1.75rem;
		padding: 0 0.45rem;
		justify-content: center;
		border: 1px solid transparent;
		border-radius: 4px;
		background: transparent;
		color: var(--quiet);
		font: inherit;
		font-size: 0.8125rem;
		line-height: 1;
		white-space: nowrap;
		cursor: pointer;
	}
	.tools select {
		padding-inline: 0.2rem;
	}
	.tools option {
		background: var(--surface);
		color: var(--ink);
	}
	.tools :is(button, select, .menu > summary):hover:not(:disabled) {
		border-color: var(--line-strong);
		color: var(--ink);
	}
	.tools button:disabled {
		opacity: 0.4;
		cursor: default;
	}
	.tools button[aria-pressed="true"] {
		background: var(--sunken);
		color: var(--ink);
	}
	.menu {
		position: relative;
	}
	.menu > summary {
		list-style: none;
	}
	.menu > summary::-webkit-details-marker {
		display: none;
	}
	.menu > div {
		position: absolute;
		right: 0;
		top: calc(100% + 2px);
		z-index: 3;
		display: grid;
		width: max-content;
		padding: 0.25rem;
		border: 1px solid var(--line-strong);
		border-radius: 6px;
		background: var(--surface);
		box-shadow: 0 4px 14px rgb(0 0 0 / 0.18);
	}
	.menu > div button {
		justify-content: start;
		height: 2rem;
		color: var(--ink);
	}
	@media (max-width: 40rem) {
		.tools {
			gap: 0.1rem;
		}
		.tools button,
		.tools select,
		.tools .menu > summary {
			padding-inline: 0.3rem;
		}
	}
	@media print {
		.tools {
			display: none;
		}
	}
`;
