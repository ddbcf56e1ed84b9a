import type { Point } from "./figure.ts";
import type { RichText } from "./rich-text.ts";
import type { Box } from "./scales.ts";

/** What is left of a figure once it has a size and a theme: shapes in CSS pixels, which a canvas and an SVG file both draw. */
export type DrawnShape = PathShape | CircleShape | TextShape | ClipShape;

interface Painted {
	readonly stroke?: string;
	/** CSS pixels. */
	readonly width?: number;
	readonly dash?: readonly number[];
	readonly fill?: string;
}

export interface PathShape extends Painted {
	readonly kind: "path";
	/** Polylines, drawn as one path. */
	readonly lines: readonly (readonly Point[])[];
	readonly closed?: boolean;
}

export interface CircleShape extends Painted {
	readonly kind: "circle";
	readonly center: Point;
	readonly radius: number;
}

export interface TextShape {
	readonly kind: "text";
	/** Where the text begins or ends, on the middle of its height. */
	readonly at: Point;
	readonly text: RichText;
	/** Height of the font, CSS pixels. */
	readonly size: number;
	readonly color: string;
	readonly anchor?: "start" | "middle" | "end";
	readonly bold?: boolean;
	/** Set in the serif face. */
	readonly serif?: boolean;
	/** Color of an outline that keeps the text readable over lines. */
	readonly halo?: string;
}

/** Shapes of which only what lies in the box is drawn. */
export interface ClipShape {
	readonly kind: "clip";
	readonly box: Box;
	readonly shapes: readonly DrawnShape[];
}

/** The page's faces, with substitutes for where they are not installed. */
export const FONTS = {
	sans: "'Inter Variable', Inter, system-ui, sans-serif",
	serif: "'Source Serif 4 Variable', 'Source Serif 4', Charter, Georgia, serif",
} as const;

/** From the middle of a text's height down to its baseline, as a share of its size. */
export const BASELINE = 0.35;

/** Size and shift of sub- and superscripts, as a share of the text's size; positive is down. */
export const SCRIPT_SIZE = 0.72;
export const SCRIPT_SHIFT = { normal: 0, italic: 0, sub: 0.25, sup: -0.35 } as const;

/** The width of a text in CSS pixels. */
export type MeasureText = (text: Pick<TextShape, "text" | "size" | "bold" | "serif">) => number;
