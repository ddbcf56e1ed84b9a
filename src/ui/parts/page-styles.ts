import { css } from "lit";

/** The column that a page's content stands in. */
export const pageStyles = css`
	.content {
		max-width: var(--page-width);
		margin: 0 auto;
		padding: 1rem var(--gutter) 3rem;
	}
`;
