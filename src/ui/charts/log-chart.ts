import { css, html, LitElement, nothing, type PropertyValues, unsafeCSS } from "lit";
import uPlot from "uplot";
import uPlotStyles from "uplot/dist/uPlot.min.css?inline";
import { ThemeController } from "../app/theme.ts";
import { inkColours } from "./palette.ts";
import { logTicks, type Scene, type ScenePoint } from "./scene.ts";
import { paintScene } from "./scene-painter.ts";

/** How near the pointer must be, in CSS pixels, for a mark to be described. */
const REACH = 24;

/** Draws a `Scene` on two logarithmic axes and describes the mark under the pointer. Its label is its text alternative. */
export class LogChart extends LitElement {
	static override properties = {
		scene: { attribute: false },
		label: {},
		tip: { state: true },
	};

	declare scene: Scene | null;
	/** What the picture shows, in a sentence, for those who cannot see it. */
	declare label: string;
	declare tip: { left: number; top: number; text: string } | null;

	private readonly theme = new ThemeController(this);
	private plot: uPlot | null = null;
	private plotDark: boolean | null = null;
	private readonly resize = new ResizeObserver(() => this.fit());

	constructor() {
		super();
		this.scene = null;
		this.label = "";
		this.tip = null;
	}

	static override styles = [
		unsafeCSS(uPlotStyles),
		css`
			:host {
				display: block;
				position: relative;
				min-width: 0;
			}
			#frame {
				position: absolute;
				inset: 0;
				overflow: hidden;
			}
			#tip {
				position: absolute;
				max-width: 17rem;
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
		`,
	];

	override render() {
		return html`
			<div id="frame" role="img" aria-label=${this.label}></div>
			${
				this.tip
					? html`<div id="tip" style="left:${this.tip.left}px;top:${this.tip.top}px" aria-hidden="true">${this.tip.text}</div>`
					: nothing
			}
		`;
	}

	override connectedCallback(): void {
		super.connectedCallback();
		this.resize.observe(this);
		document.fonts.ready.then(() => this.plot?.redraw());
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.resize.disconnect();
		this.plot?.destroy();
		this.plot = null;
	}

	override updated(changed: PropertyValues<this>): void {
		if (!changed.has("scene") && this.plotDark === this.theme.dark) return;
		if (this.plot && this.plotDark !== this.theme.dark) {
			this.plot.destroy();
			this.plot = null;
		}
		if (!this.scene) {
			this.plot?.destroy();
			this.plot = null;
			this.tip = null;
			return;
		}
		const { x, y } = this.scene;
		const data: uPlot.AlignedData = [
			[x.min, x.max],
			[y.min, y.max],
		];
		if (this.plot) this.plot.setData(data);
		else if (this.clientWidth > 0) this.create(data);
	}

	private create(data: uPlot.AlignedData): void {
		const { ink, quiet, grid } = inkColours(this.theme.dark);
		const font = `12px ${getComputedStyle(this).fontFamily}`;
		const axis = (key: "x" | "y"): uPlot.Axis => ({
			stroke: quiet,
			font,
			size: key === "x" ? 34 : 52,
			gap: 4,
			grid: { stroke: grid, width: 1 },
			ticks: { stroke: grid, width: 1, size: 4 },
			splits: (plot, _index, min, max) =>
				logTicks(min, max, Math.max(3, Math.floor(key === "x" ? plot.width / 70 : plot.height / 36))),
			filter: (_plot, splits) => splits,
			values: (_plot, splits) => splits.map((value) => this.scene?.[key].format(value) ?? ""),
		});
		this.plotDark = this.theme.dark;
		this.plot = new uPlot(
			{
				width: this.clientWidth,
				height: this.clientHeight,
				legend: { show: false },
				padding: [8, 12, 0, 0],
				scales: {
					x: { time: false, distr: 3, range: () => this.ends("x") },
					y: { distr: 3, range: () => this.ends("y") },
				},
				axes: [axis("x"), axis("y")],
				series: [{}, { show: true, points: { show: false }, stroke: "transparent", width: 0 }],
				cursor: { points: { show: false }, drag: { x: false, y: false, setScale: false }, x: false, y: false },
				hooks: {
					draw: [
						(plot) =>
							this.scene &&
							paintScene(plot, this.scene, getComputedStyle(this).fontFamily, inkColours(this.theme.dark).surface),
					],
					setCursor: [(plot) => this.describe(plot)],
				},
			},
			data,
			this.renderRoot.querySelector<HTMLElement>("#frame")!,
		);
		this.plot.root.style.color = ink;
	}

	private ends(key: "x" | "y"): [number, number] {
		const axis = this.scene?.[key];
		return axis ? [axis.min, axis.max] : [1, 10];
	}

	private fit(): void {
		if (this.clientWidth === 0) return;
		if (this.plot) this.plot.setSize({ width: this.clientWidth, height: this.clientHeight });
		else this.requestUpdate("scene");
	}

	/** Shows what the nearest dot, else the nearest point of a line, says of itself. */
	private describe(plot: uPlot): void {
		const { left, top } = plot.cursor;
		if (left === undefined || top === undefined || left < 0 || !this.scene) {
			this.tip = null;
			return;
		}
		const offset = { left: plot.over.offsetLeft, top: plot.over.offsetTop };
		let best: { distance: number; point: ScenePoint; text: string } | null = null;
		const consider = (point: ScenePoint, text: () => string, advantage: number) => {
			const distance = Math.hypot(plot.valToPos(point[0], "x") - left, plot.valToPos(point[1], "y") - top) - advantage;
			if (distance < REACH && distance < (best?.distance ?? Infinity)) best = { distance, point, text: text() };
		};
		for (const dot of this.scene.dots) if (dot.describe) consider(dot.point, () => dot.describe!, 8);
		for (const line of this.scene.lines) {
			const { describe } = line;
			if (describe) for (const point of line.points) consider(point, () => describe(point), 0);
		}
		const found = best as { point: ScenePoint; text: string } | null;
		this.tip = found && {
			left: Math.min(Math.max(plot.valToPos(found.point[0], "x") + offset.left, 130), this.clientWidth - 130),
			top: Math.max(plot.valToPos(found.point[1], "y") + offset.top, 64),
			text: found.text,
		};
	}
}

customElements.define("isoflop-log-chart", LogChart);
