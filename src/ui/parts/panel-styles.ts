import { css } from "lit";

/** Panels of a page: framed sections, and what is folded away in them. */
export const panelStyles = css`
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
	@media (max-width: 40rem) {
		section {
			padding: 0.9rem 1rem 1rem;
		}
	}
	@media print {
		section {
			break-inside: avoid;
			border: 0;
		}
	}
`;
