import type uPlot from "uplot";
import type { Figure, Point } from "../../figures/figure.ts";
import { labelShapes } from "../../figures/labels.ts";
import { plotLayout } from "../../figures/layout.ts";
import { markShapes } from "../../figures/mark-shapes.ts";
import { cssColor, GRID, type Theme } from "../../figures/palette.ts";
import type { Frame } from "../../figures/scales.ts";
import { axisTicks } from "../../figures/ticks.ts";
import { type Shares, shownRanges, type View } from "../../figures/view.ts";
import { type Hit, nearest } from "./nearest.ts";
import { canvasMeasure, paintShapes } from "./paint.ts";
import { createPlot, type PlotContent, refreshPlot } from "./plot.ts";

/** What is drawn. */
export interface Drawn {
	readonly figure: Figure;
	readonly view: View;
	readonly theme: Theme;
}

/** What the reader does with the plot. */
export interface PlotEvents {
	zoom(part: Shares): void;
	reset(): void;
	/** What lies under the pointer has changed. */
	point(hit: Hit | null): void;
}

/** The drawn part of a figure, in an element that it fills. Loaded when there is something to draw. */
export class FigurePlot {
	private readonly target: HTMLElement;
	private readonly events: PlotEvents;
	private drawn: Drawn;
	private plot: { uplot: uPlot; key: string } | null = null;

	constructor(target: HTMLElement, events: PlotEvents, drawn: Drawn) {
		this.target = target;
		this.events = events;
		this.drawn = drawn;
		document.fonts.ready.then(() => this.plot?.uplot.redraw());
		this.draw(drawn);
	}

	/** Draws a figure; nothing where the scales can show none of it. */
	draw(drawn: Drawn): void {
		this.drawn = drawn;
		const { figure, view } = drawn;
		const key = shownRanges(figure, view) && [view.scales.x, view.scales.y, figure.x.link].join();
		if (this.plot && this.plot.key !== key) this.clear();
		if (this.plot) refreshPlot(this.plot.uplot, this.content);
		else if (key && this.target.clientWidth > 0) {
			const { clientWidth: width, clientHeight: height } = this.target;
			const uplot = createPlot(this.target, { width, height }, view.scales, figure.x.link, this.content);
			this.plot = { key, uplot };
		}
	}

	/** Fills the element again after its size has changed. */
	resize(): void {
		const { clientWidth: width, clientHeight: height } = this.target;
		if (width === 0) return;
		if (this.plot) this.plot.uplot.setSize({ width, height });
		else this.draw(this.drawn);
	}

	clear(): void {
		this.plot?.uplot.destroy();
		this.plot = null;
		this.events.point(null);
	}

	private readonly content: PlotContent = {
		ranges: () => shownRanges(this.drawn.figure, this.drawn.view)!,
		layout: (width, measure) => plotLayout(this.drawn.figure, this.drawn.view, width, measure),
		ticks: (axis, range, count) => axisTicks(this.drawn.figure[axis], range, this.drawn.view.scales[axis], count),
		tick: (axis, value) => this.drawn.figure[axis].tick(value),
		colors: () => ({ text: cssColor("quiet", this.drawn.theme), grid: GRID[this.drawn.theme] }),
		paint: (context, frame, room) => {
			const { figure, view, theme } = this.drawn;
			const drawing = { frame, view, theme, measure: canvasMeasure(context) };
			paintShapes(context, [markShapes(figure, drawing), ...labelShapes(figure.marks, drawing, room)]);
		},
		zoom: (part) => this.events.zoom(part),
		reset: () => this.events.reset(),
		point: (pointer, frame) => this.point(pointer, frame),
	};

	private point(pointer: Point | null, frame: Frame): void {
		const { figure, view } = this.drawn;
		this.events.point(pointer && nearest(figure, { frame, view }, pointer));
	}
}
