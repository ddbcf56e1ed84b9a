import type { AxisName, Figure, Scale } from "./figure.ts";
import { type Axes, figureRanges, type Range, shareOf, valueAt } from "./scales.ts";

/** How a reader looks at a figure: what they have switched, hidden, smoothed and zoomed into. */
export interface View {
	readonly scales: Axes<Scale>;
	/** What is zoomed into; null for everything. */
	readonly window: Axes<Range> | null;
	/** Series that are hidden. */
	readonly hidden: ReadonlySet<string>;
	/** Noisy lines are smoothed over about so many points; 1 leaves them alone. */
	readonly smoothing: number;
	/** Runs that stand out. */
	readonly highlight: readonly string[];
}

/** Shares of the plot, from its lower left corner. */
export type Shares = Axes<readonly [from: number, to: number]>;

/** How much a click or a key zooms. */
export const ZOOM_STEP = 1.5;

/** The smallest window, as a share of the full range. */
const SMALLEST = 1 / 2000;

/** How a figure is shown at first. */
export function initialView({ x, y }: Figure): View {
	return { scales: { x: x.scale, y: y.scale }, window: null, hidden: new Set(), smoothing: 1, highlight: [] };
}

/** What the axes show: the window, or all of the figure. Null when the scales can show none of it. */
export function shownRanges(figure: Figure, view: View): Axes<Range> | null {
	const full = figureRanges(figure, view.scales);
	return full && (view.window ?? full);
}

/**
 * Zooms to a part of what is shown, kept within the whole figure. A part that is as large as the figure resets the zoom; one
 * too small to tell ticks apart changes nothing.
 */
export function zoomTo(figure: Figure, view: View, part: Shares): View {
	const full = figureRanges(figure, view.scales);
	if (!full) return view;
	const shown = view.window ?? full;
	const along = (axis: AxisName) => {
		const scale = view.scales[axis];
		const [from, to] = part[axis].map((share) => shareOf(valueAt(share, shown[axis], scale), full[axis], scale)) as [
			number,
			number,
		];
		const width = Math.min(to - from, 1);
		const start = Math.min(Math.max(from, 0), 1 - width);
		return { width, range: { min: valueAt(start, full[axis], scale), max: valueAt(start + width, full[axis], scale) } };
	};
	const [x, y] = [along("x"), along("y")];
	if (!(x.width > SMALLEST && y.width > SMALLEST)) return view;
	const whole = x.width > 1 - 1e-9 && y.width > 1 - 1e-9;
	return { ...view, window: whole ? null : { x: x.range, y: y.range } };
}

/** Zooms in by a factor, out by one below 1, around a place given in shares of the plot. */
export function zoomBy(figure: Figure, view: View, factor: number, center: Axes<number> = { x: 0.5, y: 0.5 }): View {
	const around = (share: number) => [share - share / factor, share + (1 - share) / factor] as const;
	return zoomTo(figure, view, { x: around(center.x), y: around(center.y) });
}

/** Moves what is shown by shares of the plot. */
export function panBy(figure: Figure, view: View, dx: number, dy: number): View {
	if (!view.window) return view;
	return zoomTo(figure, view, { x: [dx, 1 + dx], y: [dy, 1 + dy] });
}

/** Switches an axis between logarithmic and linear, and shows the whole figure. */
export function switchScale(view: View, axis: AxisName): View {
	const scale = view.scales[axis] === "log" ? "linear" : "log";
	return { ...view, scales: { ...view.scales, [axis]: scale }, window: null };
}

/** Hides a series, or shows it again. */
export function toggleSeries(view: View, series: string): View {
	const hidden = new Set(view.hidden);
	if (!hidden.delete(series)) hidden.add(series);
	return { ...view, hidden };
}
