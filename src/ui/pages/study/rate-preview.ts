import { css, html, LitElement, nothing, svg } from "lit";
import { cssColor } from "../../../figures/palette.ts";
import type { PlannedRun } from "../../../run/events.ts";
import { ThemeController } from "../../app/theme.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { type RateCurve, rateCurves } from "./rate-curves.ts";

/** Units of the drawing; it is stretched to the room there is. */
const WIDTH = 300;
const HEIGHT = 56;
/** Room for half a line at the top and the bottom. */
const EDGE = 2;
/** More curves than this cannot be told apart. */
const MOST = 6;

/** The learning-rate curves of a study, before it trains. */
export class RatePreview extends LitElement {
	static override properties = { runs: { attribute: false } };

	declare runs: readonly PlannedRun[];
	private readonly themes = new ThemeController(this);

	constructor() {
		super();
		this.runs = [];
	}

	static override styles = [
		sharedStyles,
		css`
			svg {
				display: block;
				width: 100%;
				height: 3.5rem;
				border-radius: 4px;
				background: var(--sunken);
			}
			path {
				fill: none;
				stroke-width: 2;
				vector-effect: non-scaling-stroke;
			}
			ul {
				margin: 0.3rem 0 0;
				padding: 0;
				list-style: none;
				font-size: 0.8125rem;
			}
			li {
				display: flex;
				gap: 0.4rem;
				align-items: baseline;
			}
			.mark {
				flex: none;
				width: 0.9rem;
				height: 3px;
				border-radius: 2px;
				align-self: center;
			}
		`,
	];

	override render() {
		const curves = rateCurves(this.runs);
		if (curves.length === 0) return nothing;
		const shown = curves.slice(0, MOST);
		return html`
			<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="Learning rate along a run">
				${shown.map((curve, i) => svg`<path d=${pathOf(curve)} stroke=${this.color(i)}></path>`)}
			</svg>
			<ul class="quiet">
				${shown.map(
					({ text }, i) =>
						html`<li><span class="mark" style="background:${this.color(i)}" aria-hidden="true"></span>${text}</li>`,
				)}
				${curves.length > MOST ? html`<li>and ${curves.length - MOST} more</li>` : nothing}
			</ul>
		`;
	}

	private color(group: number): string {
		return cssColor({ group }, this.themes.dark ? "dark" : "light");
	}
}

function pathOf({ points }: RateCurve): string {
	const place = ([x, y]: readonly [number, number]) =>
		`${(x * WIDTH).toFixed(1)} ${(EDGE + (1 - y) * (HEIGHT - 2 * EDGE)).toFixed(1)}`;
	return `M${points.map(place).join("L")}`;
}

customElements.define("isoflop-rate-preview", RatePreview);
