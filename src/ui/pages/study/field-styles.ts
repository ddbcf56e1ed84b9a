import { css } from "lit";

/** Hints and errors of the form's fields. */
export const fieldStyles = css`
	.error {
		margin-top: 0.25rem;
		color: var(--danger-ink);
		font-size: 0.8125rem;
	}
	wa-input::part(hint),
	wa-select::part(hint),
	wa-textarea::part(hint) {
		font-size: 0.8125rem;
	}
`;
