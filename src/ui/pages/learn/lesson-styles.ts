import { css } from "lit";

/** A lesson to read. */
export const lessonStyles = css`
	:host {
		container-type: inline-size;
	}
	article {
		display: grid;
		grid-template-columns: minmax(0, 10fr) minmax(0, 13fr);
		gap: 1.25rem 2.25rem;
		align-items: start;
	}
	.text {
		max-width: 38rem;
	}
	.number {
		color: var(--quiet);
		font-size: 0.875rem;
	}
	h2 {
		margin: 0.1rem 0 0.9rem;
		font-size: clamp(1.5rem, 3cqi, 1.9rem);
		outline-offset: 4px;
	}
	h3 {
		margin-bottom: 0.4rem;
		font-size: 1.0625rem;
	}
	.prose {
		font-family: var(--font-serif);
		font-size: 1.0938rem;
		line-height: 1.55;
		text-wrap: pretty;
	}
	.prose p + p,
	.prose .formula + p {
		margin-top: 0.7em;
	}
	.prose .more {
		font-family: var(--font-sans);
		font-size: 0.9375rem;
	}
	.sources {
		margin-top: 1.25rem;
		padding-top: 0.6rem;
		border-top: 1px solid var(--line);
		color: var(--quiet);
		font-size: 0.8125rem;
		text-wrap: pretty;
	}
	.work {
		display: grid;
		gap: 1rem;
		min-width: 0;
	}
	.later {
		display: grid;
		place-content: center;
		min-height: 22rem;
		padding: 1rem;
		border: 1px dashed var(--line-strong);
		border-radius: 6px;
		color: var(--quiet);
		text-align: center;
		text-wrap: balance;
	}
	.verdict:empty {
		display: none;
	}
	.verdict {
		margin-bottom: 0.9rem;
		font-size: 1.0625rem;
		line-height: 1.45;
		text-wrap: pretty;
	}
	.pins-title {
		margin: 1rem 0 0.4rem;
	}
	.chance {
		margin-top: 0.75rem;
	}
	.practice {
		background: none;
	}
	.next {
		text-align: end;
		font-weight: 600;
	}
	@container (max-width: 62rem) {
		article {
			grid-template-columns: minmax(0, 46rem);
			justify-content: center;
		}
	}
`;
