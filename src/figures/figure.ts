import type { Convention } from "../architecture/flops.ts";
import type { RichText } from "./rich-text.ts";

/**
 * A chart as a value: what is drawn, said, listed and saved all comes from it. A pure function makes one from data, and
 * `<isoflop-figure>` shows it.
 */
export interface Figure {
	/** How its files are named, such as "loss". */
	readonly name: string;
	readonly title: RichText;
	readonly x: FigureAxis;
	readonly y: FigureAxis;
	/** Areas and bands are drawn first, then rules, bars, lines, dots and notes, each kind in the order given. */
	readonly marks: readonly Mark[];
	readonly legend: readonly LegendItem[];
	readonly table: FigureTable;
	/** What the picture shows, in words, for those who cannot see it. */
	readonly summary: string;
	/** What to say while there are no marks. */
	readonly empty: string;
}

export type Scale = "log" | "linear";
export type AxisName = "x" | "y";
export type Point = readonly [x: number, y: number];

export interface FigureAxis {
	readonly label: RichText;
	/** The scale to begin with. */
	readonly scale: Scale;
	/** Whether the reader may switch between logarithmic and linear. Default true. */
	readonly switchable?: boolean;
	/** The text of a tick. */
	readonly tick: (value: number) => string;
	/** Room beyond the marks at each end, as a share of their range. */
	readonly pad: number;
	/** More room at the upper end, for notes. */
	readonly padEnd?: number;
	/** Values that the axis shows whatever the marks are, once there is one. */
	readonly includes?: readonly number[];
	/** Figures whose horizontal axes have the same link show the pointer's position together. */
	readonly link?: string;
	/** Names of the positions 0, 1, 2 … along a horizontal axis, which then shows nothing but them: see `categoryAxis`. */
	readonly categories?: readonly string[];
}

/**
 * What a color stands for; the theme decides what it looks like. Sizes run from 0, the smallest, to `of - 1`; groups are what
 * is compared without an order, from 0, and every sixth has the same color.
 */
export type Color =
	| "ink"
	| "quiet"
	| Convention
	| { readonly size: number; readonly of: number }
	| { readonly group: number }
	| { readonly light: string; readonly dark: string };

export type Shape = "circle" | "diamond";
/** Ends of an interval; an infinite one reaches the edge of the plot. */
export type Interval = readonly [low: number, high: number];
export type Mark = LineMark | DotsMark | BarsMark | AreaMark | BandMark | RuleMark | NoteMark;

interface MarkBase {
	readonly color: Color;
	/** Series that the mark belongs to. The legend can hide them; a mark is hidden with any of its series. */
	readonly series?: readonly string[];
	/** Runs that the whole mark comes from. */
	readonly runs?: readonly string[];
	/** False for marks that the axes do not stretch to show in full. */
	readonly stretch?: boolean;
}

export interface LineMark extends MarkBase {
	readonly kind: "line";
	readonly points: readonly Point[];
	/** CSS pixels. */
	readonly width: number;
	readonly dash?: readonly number[];
	/** From 0 to 1; default 1. */
	readonly opacity?: number;
	/** Written where the line ends, in room that the plot leaves to its right. */
	readonly label?: RichText;
	/** A measured series: drawn as means over a few pixels, and smoothed when the reader asks for it. */
	readonly noisy?: boolean;
	/** What to say of a point near the pointer; lines without it are not hit. */
	readonly describe?: (point: Point) => string;
	/** Runs that each point comes from, where they differ along the line. */
	readonly pointRuns?: readonly (readonly string[])[];
}

export interface DotsMark extends MarkBase {
	readonly kind: "dots";
	readonly points: readonly Point[];
	readonly shape: Shape;
	/** Error bars through the dots, along either axis: one for each dot, or null where there is none. */
	readonly intervals?: Partial<Record<AxisName, readonly (Interval | null)[]>>;
	readonly describe?: (index: number) => string;
	/** Runs that each dot comes from. */
	readonly pointRuns?: readonly (readonly string[])[];
}

/** Upright bars between two values, such as the steps of a waterfall; one without height is a line across. */
export interface BarsMark extends MarkBase {
	readonly kind: "bars";
	readonly bars: readonly { readonly at: number; readonly from: number; readonly to: number }[];
	/** Width of a bar in units of the horizontal axis; categories are 1 apart. */
	readonly width: number;
	/** Joins where each bar ends with the next bar. */
	readonly joined?: boolean;
	readonly describe?: (index: number) => string;
}

/** A closed outline, filled with a translucent color. */
export interface AreaMark extends MarkBase {
	readonly kind: "area";
	readonly points: readonly Point[];
}

/** What lies between two curves over the same x, ascending. */
export interface BandMark extends MarkBase {
	readonly kind: "band";
	readonly x: readonly number[];
	readonly low: readonly number[];
	readonly high: readonly number[];
}

/** A straight line across the plot, at a value of one axis. */
export interface RuleMark extends MarkBase {
	readonly kind: "rule";
	readonly axis: AxisName;
	readonly at: number;
	readonly width: number;
	readonly dash?: readonly number[];
}

/** A text to the right of its point. */
export interface NoteMark extends MarkBase {
	readonly kind: "note";
	readonly at: Point;
	readonly text: RichText;
	/** CSS pixels down from the point; negative is up. */
	readonly shift?: number;
	readonly bold?: boolean;
}

export interface LegendItem {
	readonly text: RichText;
	/** The series that a click hides and shows; without one the item only explains. */
	readonly series?: string;
	readonly line?: { readonly color: Color; readonly width: number; readonly dash?: readonly number[] };
	readonly dot?: { readonly color: Color; readonly shape: Shape };
}

export type Cell = RichText | number | null;

/** The data behind the picture, for reading and for CSV. */
export interface FigureTable {
	readonly caption: string;
	readonly columns: readonly TableColumn[];
	readonly rows: readonly (readonly Cell[])[];
}

export interface TableColumn {
	/** The column's name in CSV. */
	readonly id: string;
	readonly name: RichText;
	/** How numbers are shown; CSV keeps all digits. */
	readonly format?: (value: number) => string;
}
