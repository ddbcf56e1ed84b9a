import { css } from "lit";

/** A chart with its title, axis names, tools, legend and table. The canvas keeps its height whatever it shows. */
export const figureStyles = css`
	figure {
		margin: 0;
	}
	.heading {
		display: flex;
		flex-wrap: wrap;
		align-items: baseline;
		justify-content: space-between;
		gap: 0.25rem 1rem;
	}
	/* Where they do not fit beside each other, the tools come first and the axis keeps its name. */
	.bar {
		display: flex;
		flex-wrap: wrap-reverse;
		align-items: end;
		justify-content: space-between;
		gap: 0.1rem 1rem;
		margin: 0.35rem 0 0.2rem;
	}
	.bar[data-empty] .tools {
		visibility: hidden;
	}
	.axis {
		font-size: 0.8125rem;
		color: var(--quiet);
	}
	.axis.x {
		text-align: end;
	}
	.canvas {
		position: relative;
		height: var(--chart-height, 22rem);
	}
	#frame {
		position: absolute;
		inset: 0;
		overflow: hidden;
	}
	#frame:focus-visible {
		outline-offset: -2px;
	}
	.u-over {
		overflow: hidden;
	}
	.u-hz .u-cursor-x {
		border-right: 1px dashed var(--line-strong);
	}
	.u-select {
		box-shadow: inset 0 0 0 1px var(--accent);
		background: color-mix(in srgb, var(--accent) 12%, transparent);
	}
	#tip {
		position: absolute;
		width: max-content;
		max-width: 16.25rem;
		padding: 0.3rem 0.5rem;
		border: 1px solid var(--line);
		border-radius: 4px;
		background: var(--surface);
		color: var(--ink);
		font-size: 0.8125rem;
		line-height: 1.35;
		font-variant-numeric: tabular-nums;
		pointer-events: none;
		transform: translate(-50%, calc(-100% - 12px));
		box-shadow: 0 2px 8px rgb(0 0 0 / 0.15);
		z-index: 1;
	}
	.reset {
		position: absolute;
		top: 0.75rem;
		right: 1rem;
		z-index: 1;
		height: 1.75rem;
		padding: 0 0.6rem;
		border: 1px solid var(--line-strong);
		border-radius: 4px;
		background: var(--surface);
		color: var(--ink);
		font: inherit;
		font-size: 0.8125rem;
		cursor: pointer;
	}
	.empty {
		position: absolute;
		inset: 0;
		display: grid;
		place-content: center;
		padding: 1rem;
		border: 1px dashed var(--line-strong);
		border-radius: 6px;
		text-align: center;
		text-wrap: balance;
		color: var(--quiet);
	}
	.caution {
		font-size: 0.8125rem;
		color: var(--warning-ink);
	}
	.legend {
		display: flex;
		flex-wrap: wrap;
		gap: 0 1.1rem;
		margin: 0.25rem 0 0;
		padding: 0;
		list-style: none;
		font-size: 0.8125rem;
		font-variant-numeric: tabular-nums;
	}
	.legend li,
	.legend button {
		display: inline-flex;
		align-items: center;
		gap: 0.4rem;
		min-height: 1.6rem;
	}
	.legend button {
		padding: 0;
		border: 0;
		background: none;
		color: inherit;
		font: inherit;
		font-variant-numeric: inherit;
		text-align: start;
		cursor: pointer;
	}
	.legend button:hover span {
		text-decoration: underline;
		text-underline-offset: 0.2em;
	}
	.legend button[aria-pressed="false"] {
		color: var(--quiet);
	}
	.legend button[aria-pressed="false"] svg {
		opacity: 0.3;
	}
	.legend button[aria-pressed="false"] span {
		text-decoration: line-through;
	}
	.legend svg {
		flex: none;
	}
	.data {
		margin-top: 0.35rem;
		font-size: 0.875rem;
	}
	.data > summary {
		width: fit-content;
		color: var(--accent);
		cursor: pointer;
	}
	.data .scroll {
		max-height: 20rem;
		margin-top: 0.5rem;
		overflow: auto;
	}
	@media print {
		.reset,
		.data {
			display: none;
		}
	}
`;
