import uPlot from "uplot";
import type { AxisName, Point, Scale } from "../../figures/figure.ts";
import { type PlotLayout, type Size, TICK_LINE, TICK_ROOM, TICK_TEXT, tickCount } from "../../figures/layout.ts";
import { plainText } from "../../figures/rich-text.ts";
import type { Axes, Frame, Range } from "../../figures/scales.ts";
import { FONTS, type MeasureText } from "../../figures/shapes.ts";
import type { Shares } from "../../figures/view.ts";
import { canvasMeasure } from "./paint.ts";
import { onPinch } from "./pinch.ts";

/** What a plot shows, asked for whenever it draws, and what it reports. */
export interface PlotContent {
	ranges(): Axes<Range>;
	/** What a plot of this width, in CSS pixels, needs beside its axes. */
	layout(width: number, measure: MeasureText): PlotLayout;
	/** Where about `count` ticks lie. */
	ticks(axis: AxisName, range: Range, count: number): number[];
	tick(axis: AxisName, value: number): string;
	colors(): { text: string; grid: string };
	/** Draws inside the axes, and in the room to their right, on a canvas whose unit is the CSS pixel. */
	paint(context: CanvasRenderingContext2D, frame: Frame, room: number): void;
	/** The reader wants to see a part of the plot. */
	zoom(part: Shares): void;
	reset(): void;
	/** The pointer has moved, in CSS pixels from the plot's upper left corner; null once it is elsewhere. */
	point(pointer: Point | null, frame: Frame): void;
}

/** CSS pixels that a drag must cover to select a rectangle. */
const DRAG = 6;
/** How fast Ctrl and the wheel zoom. */
const WHEEL = 1 / 200;

/** Two axes of uPlot with everything that a pointer does to them. `link` is shared by plots that show the pointer together. */
export function createPlot(
	target: HTMLElement,
	size: Size,
	scales: Axes<Scale>,
	link: string | undefined,
	content: PlotContent,
): uPlot {
	const layout = (plot: uPlot) => content.layout(plot.width, canvasMeasure(plot.ctx));
	const axis = (name: AxisName): uPlot.Axis => ({
		stroke: () => content.colors().text,
		font: `${TICK_TEXT}px ${FONTS.sans}`,
		lineGap: TICK_LINE / TICK_TEXT,
		size: (plot) => (name === "x" ? layout(plot).bottom : TICK_ROOM.y),
		gap: 4,
		grid: {
			stroke: () => content.colors().grid,
			width: 1,
			filter: (plot, splits) => splits.map((at) => (name === "x" && layout(plot).categories ? null : at)),
		},
		ticks: { stroke: () => content.colors().grid, width: 1, size: 4 },
		splits: (plot, _index, min, max) =>
			content.ticks(name, { min, max }, tickCount(name, name === "x" ? plot.width : plot.height)),
		filter: (_plot, splits) => splits,
		values: (plot, splits) => {
			const categories = name === "x" ? layout(plot).categories : null;
			return splits.map((at) => categories?.[at]?.map(plainText).join("\n") ?? content.tick(name, at));
		},
	});
	const scale = (name: AxisName): uPlot.Scale => ({
		distr: scales[name] === "log" ? 3 : 1,
		range: () => {
			const { min, max } = content.ranges()[name];
			return [min, max];
		},
	});
	const plot = new uPlot(
		{
			...size,
			legend: { show: false },
			padding: [8, (plot) => layout(plot).right, 0, 0],
			scales: { x: { time: false, ...scale("x") }, y: scale("y") },
			axes: [axis("x"), axis("y")],
			series: [{}, { points: { show: false }, stroke: "transparent", width: 0 }],
			cursor: {
				...{ points: { show: false }, x: true, y: false },
				drag: { x: true, y: true, setScale: false, dist: DRAG },
				...(link ? { sync: { key: link, scales: ["x", null], filters: { pub: isMove, sub: () => true } } } : {}),
			},
			hooks: {
				draw: [
					(self) => {
						self.ctx.save();
						self.ctx.scale(uPlot.pxRatio, uPlot.pxRatio);
						content.paint(self.ctx, frameOf(self, scales), layout(self).right);
						self.ctx.restore();
					},
				],
				setCursor: [(self) => content.point(pointerOf(self), frameOf(self, scales))],
				setSelect: [(self) => select(self, content)],
			},
		},
		dataOf(content.ranges()),
		target,
	);
	listen(plot.over, content);
	return plot;
}

/** Draws again after what is shown has changed. */
export function refreshPlot(plot: uPlot, content: PlotContent): void {
	plot.setData(dataOf(content.ranges()));
}

/** The marks are painted by us; uPlot's own series only spans the axes. */
function dataOf({ x, y }: Axes<Range>): uPlot.AlignedData {
	return [
		[x.min, x.max],
		[y.min, y.max],
	];
}

const isMove = (type: string) => type === "mousemove" || type === "mouseleave";

function frameOf({ bbox, scales: { x, y } }: uPlot, scales: Axes<Scale>): Frame {
	const ratio = uPlot.pxRatio;
	const box = {
		left: bbox.left / ratio,
		top: bbox.top / ratio,
		width: bbox.width / ratio,
		height: bbox.height / ratio,
	};
	return { box, scales, ranges: { x: { min: x!.min!, max: x!.max! }, y: { min: y!.min!, max: y!.max! } } };
}

/** Where the pointer is; null while it drags, and where it is in another plot that is linked to this one. */
function pointerOf({ bbox, select, cursor: { left = -1, top = -1, event } }: uPlot): Point | null {
	if (!event || left < 0 || top < 0 || select.width > 0) return null;
	return [left + bbox.left / uPlot.pxRatio, top + bbox.top / uPlot.pxRatio];
}

/** Zooms to the rectangle that was dragged, and lets go of it. */
function select(plot: uPlot, content: PlotContent): void {
	const { left, top, width, height } = plot.select;
	if (width <= 0 || height <= 0) return;
	const { clientWidth: across, clientHeight: down } = plot.over;
	plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
	content.zoom({ x: [left / across, (left + width) / across], y: [1 - (top + height) / down, 1 - top / down] });
}

function listen(over: HTMLElement, content: PlotContent): void {
	over.addEventListener("dblclick", () => content.reset());
	over.addEventListener(
		"wheel",
		(event) => {
			if (!event.ctrlKey) return;
			event.preventDefault();
			const { left, bottom, width, height } = over.getBoundingClientRect();
			const [x, y] = [(event.clientX - left) / width, (bottom - event.clientY) / height];
			const part = Math.exp(event.deltaY * WHEEL);
			content.zoom({ x: [x - x * part, x + (1 - x) * part], y: [y - y * part, y + (1 - y) * part] });
		},
		{ passive: false },
	);
	onPinch(over, (part) => content.zoom(part));
}
