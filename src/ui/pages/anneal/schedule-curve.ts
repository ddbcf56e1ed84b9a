import { css, html, LitElement, nothing, svg } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type Handle, handlesOf, type Place, ratesOf } from "../../../experiments/anneal/card-handles.ts";
import type { Card } from "../../../experiments/anneal/comparison.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";

/** CSS pixels around the curve: room for the handles at its edges. */
const MARGIN = { left: 16, right: 16, top: 12, bottom: 8 };
const HEIGHT = 128;
/** Points of the curve. */
const POINTS = 160;
/** Height of the marks where a handle comes to rest. */
const STOP = 5;
/** How many steps Page up and Page down, and Shift with an arrow, move. */
const FAR = 10;

const ARROWS: Record<string, readonly [dx: number, dy: number]> = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, 1],
	ArrowDown: [0, -1],
	PageUp: [FAR, FAR],
	PageDown: [-FAR, -FAR],
};

/**
 * A schedule's learning rate over its run, with handles that are dragged, or focused and moved by the arrow keys. Fires
 * `isoflop-card` with the changed card.
 */
export class ScheduleCurve extends LitElement {
	static override properties = {
		card: { attribute: false },
		steps: { type: Number },
		trunkSteps: { type: Number },
		top: { type: Number },
		name: {},
		disabled: { type: Boolean },
		width: { state: true },
		dragged: { state: true },
	};

	declare card: Card;
	/** Training steps of the run. */
	declare steps: number;
	/** Training steps of a fork's trunk; of another card its own. */
	declare trunkSteps: number;
	/** The learning rate at the upper edge, the same for all curves that are compared. */
	declare top: number;
	/** The schedule's name. */
	declare name: string;
	declare disabled: boolean;
	declare private width: number;
	/** The handle that is being dragged, as it was at first, and the scale it is dragged on. */
	declare private dragged: { handle: Handle; top: number; peak: number } | null;
	private readonly resize = new ResizeObserver(([entry]) => {
		this.width = Math.max(120, Math.round(entry!.contentRect.width));
	});

	constructor() {
		super();
		this.steps = 1;
		this.trunkSteps = 1;
		this.top = 1;
		this.name = "";
		this.disabled = false;
		this.width = 300;
		this.dragged = null;
	}

	static override styles = [
		sharedStyles,
		css`
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
		`,
	];

	override connectedCallback(): void {
		super.connectedCallback();
		this.resize.observe(this);
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.resize.disconnect();
	}

	override render() {
		const { card, steps, trunkSteps, width } = this;
		const rates = ratesOf(card, steps, trunkSteps);
		const handles = handlesOf(card, steps, trunkSteps);
		const stops = handles.flatMap((handle) => handle.stops ?? []);
		const count = Math.min(POINTS, steps);
		const path = Array.from({ length: count }, (_, i) => {
			const step = Math.round(1 + (i * (steps - 1)) / Math.max(1, count - 1));
			const [x, y] = this.place([step / steps, rates[step - 1]! / card.peak]);
			return `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
		});
		const [left, base] = this.place([0, 0]);
		return html`
			<svg
				role="group"
				aria-label=${`Learning-rate curve of ${this.name}`}
				viewBox="0 0 ${width} ${HEIGHT}"
				height=${HEIGHT}
				@pointermove=${(event: PointerEvent) => this.drag(event)}
				@pointerup=${() => this.drop()}
				@pointercancel=${() => this.drop()}
			>
				<line class="base" x1=${left} x2=${this.place([1, 0])[0]} y1=${base} y2=${base}></line>
				${stops.map((x) => svg`<line class="base" x1=${this.place([x, 0])[0]} x2=${this.place([x, 0])[0]} y1=${base} y2=${base - STOP}></line>`)}
				<path class="curve" d=${path.join("")}></path>
				${repeat(
					handles,
					({ id }) => id,
					(handle) => this.knob(handle),
				)}
			</svg>
		`;
	}

	private knob(handle: Handle) {
		const [x, y] = this.place(handle.at);
		const orientation = { x: "horizontal", y: "vertical", xy: nothing }[handle.moves];
		// At the edges of the run a triangle points at its height; on the curve lies a circle.
		const edge = handle.id === "peak" ? -1 : handle.id === "floor" ? 1 : 0;
		const at = x + edge * 9;
		return svg`
			<g
				class=${`handle ${this.dragged?.handle.id === handle.id ? "dragged" : ""}`}
				role="slider"
				tabindex=${this.disabled ? -1 : 0}
				aria-label=${`${handle.label} of ${this.name}`}
				aria-orientation=${orientation}
				aria-valuemin=${written(handle.range[0])}
				aria-valuemax=${written(handle.range[1])}
				aria-valuenow=${written(handle.value)}
				aria-valuetext=${handle.text}
				aria-disabled=${this.disabled ? "true" : nothing}
				@pointerdown=${(event: PointerEvent) => this.grab(event, handle)}
				@keydown=${(event: KeyboardEvent) => this.key(event, handle)}
			>
				<title>${handle.label}: ${handle.text}</title>
				<circle class="reach" cx=${at} cy=${y} r="13"></circle>
				<circle class="ring" cx=${at} cy=${y} r="9"></circle>
				${
					edge === 0
						? svg`<circle class="knob" cx=${at} cy=${y} r="5.5"></circle>`
						: svg`<path class="knob" stroke-linejoin="round" d=${`M${at + edge * 5} ${y - 6}v12L${at - edge * 5} ${y}z`}></path>`
				}
			</g>
		`;
	}

	/** From shares of the run and of the card's peak to CSS pixels. */
	private place([x, y]: Place): [number, number] {
		const scale = this.dragged?.top ?? this.top;
		const across = this.width - MARGIN.left - MARGIN.right;
		const down = HEIGHT - MARGIN.top - MARGIN.bottom;
		return [MARGIN.left + across * x, MARGIN.top + down * (1 - (y * this.card.peak) / scale)];
	}

	private grab(event: PointerEvent, handle: Handle): void {
		if (this.disabled || event.button !== 0) return;
		(event.currentTarget as SVGElement).setPointerCapture(event.pointerId);
		this.dragged = { handle, top: this.top, peak: this.card.peak };
	}

	private drag(event: PointerEvent): void {
		if (!this.dragged) return;
		const { handle, top, peak } = this.dragged;
		const box = this.renderRoot.querySelector("svg")!.getBoundingClientRect();
		const across = box.width - MARGIN.left - MARGIN.right;
		const down = HEIGHT - MARGIN.top - MARGIN.bottom;
		const x = (event.clientX - box.left - MARGIN.left) / across;
		const rate = (1 - (event.clientY - box.top - MARGIN.top) / down) * top;
		this.tell(handle.drag([x, rate / peak]));
	}

	private drop(): void {
		this.dragged = null;
	}

	private key(event: KeyboardEvent, handle: Handle): void {
		const arrow = ARROWS[event.key];
		if (!arrow || this.disabled || event.ctrlKey || event.metaKey || event.altKey) return;
		event.preventDefault();
		const times = event.shiftKey ? FAR : 1;
		const [dx, dy] = alongHandle(arrow, handle);
		this.tell(handle.step(times * dx, times * dy));
	}

	private tell(detail: Card): void {
		this.dispatchEvent(new CustomEvent("isoflop-card", { detail, bubbles: true, composed: true }));
	}
}

/** A number without an exponent, which assistive technology need not understand. */
function written(value: number): string {
	return value.toFixed(10).replace(/\.?0+$/, "");
}

/** A handle that moves along one axis follows the arrows of both, as sliders do. */
function alongHandle([dx, dy]: readonly [number, number], { moves }: Handle): [number, number] {
	if (moves === "xy") return Math.abs(dx) === FAR ? [0, dy] : [dx, dy];
	const step = dx || dy;
	return moves === "x" ? [step, 0] : [0, step];
}

customElements.define("isoflop-schedule-curve", ScheduleCurve);
