import { css, html, LitElement } from "lit";
import type { Figure } from "../../../figures/figure.ts";
import type { figureSvg } from "../../../figures/svg.ts";
import { ThemeController } from "../../app/theme.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";

/** The size in CSS pixels that figures are drawn for, so that their text is large when they are blown up. */
const DRAWN_HEIGHT = 400;
/** Figures are not drawn narrower than this, so that their texts fit. */
const LEAST_WIDTH = 420;

/** A figure as large as there is room, its texts with it: for a projector, without tools. */
export class FigureSlide extends LitElement {
	static override properties = { figure: { attribute: false }, room: { state: true }, draw: { state: true } };

	declare figure: Figure;
	/** CSS pixels. */
	declare private room: { width: number; height: number } | null;
	/** What draws; loaded with the first slide. */
	declare private draw: typeof figureSvg | null;
	private readonly themes = new ThemeController(this);
	private readonly resize = new ResizeObserver(([entry]) => {
		const { width, height } = entry!.contentRect;
		this.room = width > 0 && height > 0 ? { width, height } : null;
	});

	constructor() {
		super();
		this.room = null;
		this.draw = null;
		void import("../../../figures/svg.ts").then(({ figureSvg }) => {
			this.draw = figureSvg;
		});
	}

	static override styles = [
		sharedStyles,
		css`
			:host {
				position: relative;
				min-height: 0;
			}
			svg {
				position: absolute;
				inset: 0;
				width: 100%;
				height: 100%;
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
		if (!this.room || !this.draw) return "";
		const { width, height } = this.room;
		const scale = Math.max(1, Math.min(height / DRAWN_HEIGHT, width / LEAST_WIDTH));
		const size = { width: Math.round(width / scale), height: Math.round(height / scale) };
		const svg = this.draw(this.figure, { ...size, theme: this.themes.dark ? "dark" : "light" });
		// A figure's texts are escaped where the document is written.
		return html`<div .innerHTML=${svg.slice(svg.indexOf("<svg"))}></div>`;
	}
}

customElements.define("isoflop-figure-slide", FigureSlide);
