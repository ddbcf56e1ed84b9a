import { css } from "lit";

/** A presentation: all sizes follow the height of the screen, so that a class reads them from the last row. */
export const slideStyles = css`
	dialog {
		--unit: clamp(0.95rem, 2.75vh, 2.4rem);
		width: 100vw;
		max-width: none;
		height: 100dvh;
		max-height: none;
		margin: 0;
		padding: 0;
		border: 0;
		background: var(--surface);
		color: var(--ink);
		font-size: var(--unit);
	}
	.stage {
		display: grid;
		grid-template-rows: auto minmax(0, 1fr) auto;
		height: 100%;
		background: var(--surface);
	}
	header,
	footer {
		display: flex;
		flex-wrap: wrap;
		align-items: center;
		justify-content: space-between;
		gap: 0 1.5rem;
		padding: 0.5rem clamp(1rem, 3vw, 4rem);
		color: var(--quiet);
		font-size: clamp(0.8125rem, 1.7vh, 1.25rem);
	}
	.lesson {
		font-family: var(--font-serif);
		color: var(--ink);
	}
	.name {
		margin-inline-start: auto;
		font-variant-numeric: tabular-nums;
	}
	.slide {
		display: flex;
		flex-direction: column;
		justify-content: safe center;
		min-height: 0;
		padding: 0 clamp(1rem, 5vw, 8rem);
		overflow: auto;
		/* It is all that there is to see; a ring around it would say nothing. */
		outline: none;
	}
	.slide > * {
		width: 100%;
		max-width: calc(48 * var(--unit));
		margin-inline: auto;
	}
	h2 {
		margin-bottom: 0.5em;
		font-size: 1.7em;
	}
	.prose {
		font-family: var(--font-serif);
		line-height: 1.42;
		text-wrap: pretty;
	}
	.prose p + p,
	.prose .formula + p {
		margin-top: 0.5em;
	}
	.prose .cost {
		font-family: var(--font-sans);
		font-size: 0.8em;
	}
	.question {
		--question-size: 1.35em;
		--guess-size: 1.1em;
	}
	/* Little text may be larger. */
	.question,
	.why,
	.try-it {
		--unit: clamp(1.05rem, 3.4vh, 3rem);
		font-size: var(--unit);
	}
	.answer {
		justify-content: stretch;
	}
	.answer > * {
		max-width: calc(74 * var(--unit));
	}
	.answer isoflop-figure-slide {
		flex: 1;
		min-height: 15rem;
	}
	.verdict {
		margin-bottom: 0.5em;
		font-size: 0.92em;
		line-height: 1.35;
		text-wrap: pretty;
	}
	.answer wa-button {
		width: auto;
		margin-top: 0.5rem;
	}
	header wa-button::part(base),
	footer wa-button::part(base) {
		font-size: clamp(0.8125rem, 1.7vh, 1.25rem);
	}
	.slide wa-button::part(base) {
		height: auto;
		padding-block: 0.45em;
		font-size: clamp(0.875rem, 2vh, 1.5rem);
	}
	kbd {
		font: inherit;
		color: var(--ink);
	}
	@media (max-width: 60rem) {
		.hint {
			display: none;
		}
	}
	@media (prefers-reduced-motion: no-preference) {
		.slide > * {
			animation: appear 0.2s ease-out;
		}
		@keyframes appear {
			from {
				opacity: 0;
			}
		}
	}
`;
