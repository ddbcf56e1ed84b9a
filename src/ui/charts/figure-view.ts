import { html, LitElement, nothing, type PropertyValues, unsafeCSS } from "lit";
import uPlotStyles from "uplot/dist/uPlot.min.css?inline";
import type { Figure } from "../../figures/figure.ts";
import { plural } from "../../figures/format.ts";
import type { Theme } from "../../figures/palette.ts";
import { plainText } from "../../figures/rich-text.ts";
import { leftOutCount } from "../../figures/scales.ts";
import { initialView, type Shares, shownRanges, toggleSeries, type View, zoomTo } from "../../figures/view.ts";
import { ThemeController } from "../app/theme.ts";
import { richHtml } from "../parts/rich-html.ts";
import { sharedStyles } from "../parts/shared-styles.ts";
import type { Drawn, FigurePlot } from "./figure-plot.ts";
import { figureStyles } from "./figure-styles.ts";
import { viewAfterKey } from "./keys.ts";
import { legend } from "./legend.ts";
import type { Hit } from "./nearest.ts";
import type { FileFormat } from "./save-figure.ts";
import { tableView } from "./table-view.ts";
import { toolStyles } from "./tool-styles.ts";
import { tools } from "./tools.ts";

/**
 * Draws a `Figure` and everything a reader does with it: zoom, scales, smoothing, legend, table, files. Fires
 * `isoflop-highlight` with the ids of the runs under the pointer; `highlight` makes runs stand out.
 */
export class FigureView extends LitElement {
	static override properties = {
		figure: { attribute: false },
		highlight: { attribute: false },
		level: { type: Number },
		view: { state: true },
		hit: { state: true },
		tableOpen: { state: true },
		problem: { state: true },
	};
	static override styles = [unsafeCSS(uPlotStyles), sharedStyles, figureStyles, toolStyles];

	declare figure: Figure;
	/** Ids of runs; those that the figure does not know change nothing. */
	declare highlight: readonly string[];
	/** Level of the heading, 2 or 3. */
	declare level: number;
	declare view: View;
	declare hit: Hit | null;
	declare tableOpen: boolean;
	/** Why something could not be drawn or saved. */
	declare problem: string;

	private readonly themes = new ThemeController(this);
	private readonly resize = new ResizeObserver(() => this.plot?.resize());
	private plot: FigurePlot | null = null;

	constructor() {
		super();
		this.highlight = [];
		this.level = 3;
		this.hit = null;
		this.tableOpen = false;
		this.problem = "";
	}

	override willUpdate(changed: PropertyValues<this>): void {
		const before = changed.get("figure");
		if (!this.view || (before && before.name !== this.figure.name)) this.view = initialView(this.figure);
		// A window into other axes would show something else.
		else if (before && axesOf(before) !== axesOf(this.figure)) this.view = { ...this.view, window: null };
	}

	override render() {
		const { figure, view, theme } = this;
		const drawable = shownRanges(figure, view) !== null;
		const change = (next: View) => {
			this.view = next;
		};
		return html`
			<figure aria-labelledby="title">
				<div class="heading">
					${this.level === 2 ? html`<h2 id="title">${richHtml(figure.title)}</h2>` : html`<h3 id="title">${richHtml(figure.title)}</h3>`}
					<slot name="options"></slot>
				</div>
				<div class="bar" ?data-empty=${figure.marks.length === 0}>
					<div class="axis">${richHtml(figure.y.label)}</div>
					${tools(figure, view, change, (format) => void this.save(format))}
				</div>
				<div class="canvas">
					<div
						id="frame"
						role="img"
						tabindex=${drawable ? "0" : nothing}
						aria-label=${`${figure.summary} ${scalesInWords(view)}`}
						aria-keyshortcuts="+ - 0"
						@keydown=${(event: KeyboardEvent) => this.key(event)}
						@pointerleave=${() => this.point(null)}
					></div>
					${this.tip()} ${drawable ? nothing : html`<div class="empty">${this.emptyText()}</div>`}
					<button type="button" class="reset" ?hidden=${view.window === null} @click=${() => this.reset()}>Reset zoom</button>
				</div>
				<div class="axis x">${richHtml(figure.x.label)}</div>
				${drawable ? leftOutNote(figure, view) : nothing}
				${this.problem ? html`<p class="caution" role="alert">${this.problem}</p>` : nothing}
				${legend(figure, view.hidden, theme, (series) => change(toggleSeries(view, series)))}
				<details
					class="data"
					@toggle=${(event: Event) => {
						this.tableOpen = (event.target as HTMLDetailsElement).open;
					}}
				>
					<summary>Show as table: ${figure.table.caption}</summary>
					${this.tableOpen ? tableView(figure.table) : nothing}
				</details>
			</figure>
		`;
	}

	override connectedCallback(): void {
		super.connectedCallback();
		this.resize.observe(this);
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.resize.disconnect();
		this.plot?.clear();
	}

	override updated(): void {
		if (this.plot) this.plot.draw(this.drawn);
		else if (shownRanges(this.figure, this.view)) void this.startPlot();
	}

	/** Loads what draws, which a page without data does not need. */
	private async startPlot(): Promise<void> {
		await this.attempt("The chart could not be drawn", async () => {
			const { FigurePlot } = await import("./figure-plot.ts");
			const events = {
				zoom: (part: Shares) => {
					this.view = zoomTo(this.figure, this.view, part);
				},
				reset: () => this.reset(),
				point: (hit: Hit | null) => this.point(hit),
			};
			this.plot ??= new FigurePlot(this.frame, events, this.drawn);
		});
	}

	private async save(format: FileFormat): Promise<void> {
		await this.attempt("The file could not be saved", async () => {
			const { saveFigure } = await import("./save-figure.ts");
			await saveFigure(this.figure, this.view, format, this.theme);
		});
	}

	private async attempt(failure: string, action: () => Promise<void>): Promise<void> {
		try {
			await action();
			this.problem = "";
		} catch (error) {
			this.problem = `${failure}: ${error instanceof Error ? error.message : error}`;
		}
	}

	private get theme(): Theme {
		return this.themes.dark ? "dark" : "light";
	}

	private get frame(): HTMLElement {
		return this.renderRoot.querySelector<HTMLElement>("#frame")!;
	}

	private get drawn(): Drawn {
		return { figure: this.figure, view: { ...this.view, highlight: this.highlight }, theme: this.theme };
	}

	private reset(): void {
		this.view = { ...this.view, window: null };
		this.frame.focus({ preventScroll: true });
	}

	/** Shows what lies under the pointer, and tells which runs it comes from. */
	private point(hit: Hit | null): void {
		if (hit?.text !== this.hit?.text || hit?.at.join() !== this.hit?.at.join()) this.hit = hit;
		const runs = hit?.runs ?? [];
		if (runs.join() === this.pointedRuns) return;
		this.pointedRuns = runs.join();
		this.highlight = runs;
		this.dispatchEvent(new CustomEvent("isoflop-highlight", { detail: runs, bubbles: true, composed: true }));
	}

	private pointedRuns = "";

	private key(event: KeyboardEvent): void {
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		const next = viewAfterKey(this.figure, this.view, event.key);
		if (!next) return;
		event.preventDefault();
		this.view = next;
	}

	private tip() {
		if (!this.hit) return nothing;
		const { at, text } = this.hit;
		const left = Math.min(Math.max(at[0], 130), this.frame.clientWidth - 130);
		return html`<div id="tip" style="left:${left}px;top:${Math.max(at[1], 64)}px" aria-hidden="true">${text}</div>`;
	}

	private emptyText(): string {
		if (this.figure.marks.length === 0) return this.figure.empty;
		return "A logarithmic axis shows only values above 0, and there are none. Switch the axis to linear.";
	}
}

function axesOf({ x, y }: Figure): string {
	return `${plainText(x.label)} ${plainText(y.label)}`;
}

function scalesInWords({ scales: { x, y } }: View): string {
	const words = { log: "logarithmic", linear: "linear" };
	if (x === y) return `Both axes are ${words[x]}.`;
	return `The horizontal axis is ${words[x]}, the vertical one ${words[y]}.`;
}

function leftOutNote(figure: Figure, view: View) {
	const count = leftOutCount(figure, view.scales);
	if (count === 0) return nothing;
	const rule = Object.values(view.scales).includes("log")
		? "logarithmic axes show only finite values above 0"
		: "axes show only finite values";
	return html`<p class="caution">${plural(count, "point")} left out: ${rule}.</p>`;
}

customElements.define("isoflop-figure", FigureView);
