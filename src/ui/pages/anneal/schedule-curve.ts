import { html, LitElement, nothing, svg } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type Handle, handlesOf, type Place, ratesOf, withPointAt } from "../../../experiments/anneal/card-handles.ts";
import type { Card } from "../../../experiments/anneal/comparison.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { type CurveScale, HEIGHT, placeUnder, toPixels } from "./curve-frame.ts";
import { cardAfterKey } from "./handle-keys.ts";
import { scheduleCurveStyles } from "./schedule-curve-styles.ts";

/** Points of the curve. */
const POINTS = 160;
/** Height of the marks where a handle comes to rest. */
const STOP = 5;
/**
 * A schedule's learning rate over its run, with handles that are dragged, or focused and moved by the arrow keys. On a piecewise one
 * a press on the plot adds a point and drags it, and Delete or Backspace removes the focused one. Fires `isoflop-card` with the
 * changed card.
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
	declare private dragged: { handle: Handle; scale: CurveScale } | null;
	/** Where a finger was put down on the plot: a point is added there if it is lifted again, and not if the page scrolls. */
	private touched: Place | null = null;
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

	static override styles = [sharedStyles, scheduleCurveStyles];

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
				class=${this.isDrawn ? "drawn" : ""}
				@pointerdown=${(event: PointerEvent) => this.press(event)}
				@pointermove=${(event: PointerEvent) => this.drag(event)}
				@pointerup=${() => this.drop()}
				@pointercancel=${() => this.cancel()}
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
				data-handle=${handle.id}
				tabindex=${this.disabled ? -1 : 0}
				aria-label=${`${handle.label} of ${this.name}`}
				aria-orientation=${orientation}
				aria-valuemin=${written(handle.range[0])}
				aria-valuemax=${written(handle.range[1])}
				aria-valuenow=${written(handle.value)}
				aria-valuetext=${handle.text}
				aria-keyshortcuts=${handle.without ? "Delete" : nothing}
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
	private place(place: Place): [number, number] {
		return toPixels(place, this.width, { top: this.dragged?.scale.top ?? this.top, peak: this.card.peak });
	}

	private grab(event: PointerEvent, handle: Handle): void {
		if (this.disabled || event.button !== 0) return;
		(event.currentTarget as SVGElement).setPointerCapture(event.pointerId);
		this.dragged = { handle, scale: this.scale };
	}

	/** Whether points are added to the plot. */
	private get isDrawn(): boolean {
		return this.card.family === "piecewise" && !this.card.tail && !this.disabled;
	}

	private press(event: PointerEvent): void {
		if (!this.isDrawn || this.dragged || event.button !== 0) return;
		const place = this.placeOf(event, this.scale);
		if (event.pointerType === "touch") this.touched = place;
		else if (this.addPoint(place)) (event.currentTarget as SVGElement).setPointerCapture(event.pointerId);
	}

	/** Adds a point and drags it on; false where there is no room. */
	private addPoint(place: Place): boolean {
		const added = withPointAt(this.card, place);
		if (!added) return false;
		const { card, handle: id } = added;
		const handle = handlesOf(card, this.steps).find((each) => each.id === id)!;
		this.dragged = { handle, scale: { top: this.top, peak: card.peak } };
		this.tell(card);
		return true;
	}

	private drag(event: PointerEvent): void {
		if (!this.dragged) return;
		const { handle, scale } = this.dragged;
		this.tell(handle.drag(this.placeOf(event, scale)));
	}

	private get scale(): CurveScale {
		return { top: this.top, peak: this.card.peak };
	}

	/** The place on the curve under the pointer. */
	private placeOf(event: PointerEvent, scale: CurveScale): Place {
		return placeUnder(event, this.renderRoot.querySelector("svg")!.getBoundingClientRect(), scale);
	}

	private drop(): void {
		if (this.touched) this.addPoint(this.touched);
		// A point that was added has no focus from the press.
		const id = this.dragged?.handle.id;
		if (id) this.renderRoot.querySelector<SVGElement>(`[data-handle="${id}"]`)?.focus();
		this.cancel();
	}

	private cancel(): void {
		this.touched = null;
		this.dragged = null;
	}

	private key(event: KeyboardEvent, handle: Handle): void {
		if (this.disabled || event.ctrlKey || event.metaKey || event.altKey) return;
		const card = cardAfterKey(handle, event);
		if (!card) return;
		event.preventDefault();
		// The focus stays at the point that takes its place.
		this.tell(card);
	}

	private tell(detail: Card): void {
		this.dispatchEvent(new CustomEvent("isoflop-card", { detail, bubbles: true, composed: true }));
	}
}

/** A number without an exponent, which assistive technology need not understand. */
function written(value: number): string {
	return value.toFixed(10).replace(/\.?0+$/, "");
}

customElements.define("isoflop-schedule-curve", ScheduleCurve);
