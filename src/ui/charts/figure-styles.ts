import { css } from "lit";

/** Charts with their titles, axis names, legend and table view. The canvas keeps its height whatever it shows. */
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
	.axis {
		font-size: 0.8125rem;
		color: var(--quiet);
	}
	.axis.y {
		margin-top: 0.5rem;
	}
	.axis.x {
		text-align: end;
	}
	.canvas {
		position: relative;
		height: var(--chart-height, 22rem);
	}
	isoflop-log-chart {
		height: 100%;
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
	.legend {
		display: flex;
		flex-wrap: wrap;
		gap: 0.2rem 1.1rem;
		margin: 0.35rem 0 0;
		padding: 0;
		list-style: none;
		font-size: 0.8125rem;
		font-variant-numeric: tabular-nums;
	}
	.legend li {
		display: inline-flex;
		align-items: center;
		gap: 0.4rem;
	}
	.legend svg {
		flex: none;
	}
	details {
		margin-top: 0.5rem;
		font-size: 0.875rem;
	}
	summary {
		width: fit-content;
		color: var(--accent);
		cursor: pointer;
	}
	details .scroll {
		max-height: 20rem;
		margin-top: 0.5rem;
		overflow: auto;
	}
	@media print {
		details {
			display: none;
		}
	}
`;
