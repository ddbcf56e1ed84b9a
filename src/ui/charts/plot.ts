import uPlot from "uplot";
import type { AxisName, Point, Scale } from "../../figures/figure.ts";
import { type Size, TICK_ROOM, tickCount } from "../../figures/layout.ts";
import type { Axes, Frame, Range } from "../../figures/scales.ts";
import { FONTS } from "../../figures/shapes.ts";
import { ticks } from "../../figures/ticks.ts";
import type { Shares } from "../../figures/view.ts";
import { onPinch } from "./pinch.ts";

/** What a plot shows, asked for whenever it draws, and what it reports. */
export interface PlotContent {
	ranges(): Axes<Range>;
	tick(axis: AxisName, value: number): string;
	colors(): { text: string; grid: string };
	/** Draws inside the axes on a canvas whose unit is the CSS pixel. */
	paint(context: CanvasRenderingContext2D, frame: Frame): void;
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
	const axis = (name: AxisName): uPlot.Axis => ({
		stroke: () => content.colors().text,
		font: `12px ${FONTS.sans}`,
		size: TICK_ROOM[name],
		gap: 4,
		grid: { stroke: () => content.colors().grid, width: 1 },
		ticks: { stroke: () => content.colors().grid, width: 1, size: 4 },
		splits: (plot, _index, min, max) =>
			ticks({ min, max }, scales[name], tickCount(name, name === "x" ? plot.width : plot.height)),
		filter: (_plot, splits) => splits,
		values: (_plot, splits) => splits.map((value) => content.tick(name, value)),
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
			padding: [8, 12, 0, 0],
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
						content.paint(self.ctx, frameOf(self, scales));
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
