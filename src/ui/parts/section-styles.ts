import { css } from "lit";

/** What the parts of the page share: leads, notes, errors, folded details, rows of fields and buttons. */
export const sectionStyles = css`
	section > h2 {
		margin-bottom: 0.25rem;
	}
	.lead {
		max-width: 46rem;
		margin-bottom: 0.9rem;
		color: var(--quiet);
		font-size: 0.9375rem;
	}
	.fields {
		display: grid;
		grid-template-columns: repeat(auto-fill, minmax(min(10.5rem, 45%), 1fr));
		gap: 0.25rem 1rem;
		align-items: start;
	}
	.buttons {
		display: flex;
		flex-wrap: wrap;
		gap: 0.5rem;
		align-items: center;
		margin-top: 0.75rem;
	}
	.note {
		margin-top: 0.5rem;
		color: var(--quiet);
		font-size: 0.875rem;
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
	details {
		margin-top: 0.75rem;
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
`;
