import { css } from "lit";
import { HEIGHT } from "./curve-frame.ts";

/** Of `<isoflop-schedule-curve>`. */
export const scheduleCurveStyles = css`
	:host {
		height: ${HEIGHT}px;
	}
	svg {
		display: block;
		width: 100%;
		overflow: visible;
		border-radius: 4px;
		background: var(--sunken);
	}
	.drawn {
		cursor: copy;
		touch-action: pan-y;
	}
	.curve {
		fill: none;
		stroke: var(--card-color, var(--accent));
		stroke-width: 2.25;
		stroke-linejoin: round;
	}
	.base {
		stroke: var(--line-strong);
	}
	.handle {
		cursor: grab;
		touch-action: none;
		outline: none;
	}
	.handle[aria-orientation="horizontal"] {
		cursor: ew-resize;
	}
	.handle[aria-orientation="vertical"] {
		cursor: ns-resize;
	}
	.handle .reach {
		fill: transparent;
	}
	.handle .knob {
		fill: var(--surface);
		stroke: var(--card-color, var(--accent));
		stroke-width: 2;
	}
	.handle:hover .knob,
	.handle.dragged .knob {
		fill: var(--card-color, var(--accent));
	}
	.handle .ring {
		fill: none;
		stroke: transparent;
		stroke-width: 3;
	}
	.handle:focus-visible .ring {
		stroke: var(--focus);
	}
	:host([disabled]) .handle {
		cursor: default;
		opacity: 0.45;
	}
`;
