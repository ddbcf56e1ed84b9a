import type { Figure } from "./figure.ts";
import { SAVED, type Size } from "./layout.ts";
import type { Theme } from "./palette.ts";
import { plainText, type Span } from "./rich-text.ts";
import {
	BASELINE,
	type ClipShape,
	type DrawnShape,
	FONTS,
	type PathShape,
	SCRIPT_SHIFT,
	SCRIPT_SIZE,
	type TextShape,
} from "./shapes.ts";
import { figureSheet } from "./sheet.ts";
import { estimateWidth } from "./text-width.ts";
import { initialView, type View } from "./view.ts";

/** How a figure is drawn in a file: its size in CSS pixels, its colors, and what a reader has hidden, zoomed or switched. */
export interface SvgOptions extends Partial<Size> {
	/** Default light. */
	readonly theme?: Theme;
	readonly view?: View;
}

/** The figure as an SVG document, 960 × 600 by default, with its title and its summary as alternative text. */
export function figureSvg(
	figure: Figure,
	{ width = SAVED.width, height = SAVED.height, theme = "light", view = initialView(figure) }: SvgOptions = {},
): string {
	const shapes = figureSheet(figure, view, { width, height }, theme, estimateWidth).map(shapeSvg).join("\n");
	return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONTS.sans}" role="img">
<title>${escapeXml(plainText(figure.title))}</title>
<desc>${escapeXml(figure.summary)}</desc>
${shapes}
</svg>
`;
}

function shapeSvg(shape: DrawnShape): string {
	switch (shape.kind) {
		case "path":
			return `<path d="${pathData(shape)}"${paintAttributes(shape)}/>`;
		case "circle":
			return `<circle cx="${short(shape.center[0])}" cy="${short(shape.center[1])}" r="${shape.radius}"${paintAttributes(shape)}/>`;
		case "text":
			return textSvg(shape);
		case "clip":
			return clipSvg(shape);
	}
}

/** A nested `<svg>` clips what it holds, and needs no id as a clip path does. */
function clipSvg({ box, shapes }: ClipShape): string {
	const { left, top, width, height } = box;
	const place = `x="${left}" y="${top}" width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}"`;
	return `<svg ${place} overflow="hidden">\n${shapes.map(shapeSvg).join("\n")}\n</svg>`;
}

function pathData({ lines, closed }: PathShape): string {
	const line = (points: PathShape["lines"][number]) => points.map(([x, y]) => `${short(x)} ${short(y)}`).join("L");
	return lines
		.filter((points) => points.length > 0)
		.map((points) => `M${line(points)}${closed ? "Z" : ""}`)
		.join("");
}

function paintAttributes({ fill, stroke, width, dash }: Pick<PathShape, "fill" | "stroke" | "width" | "dash">): string {
	const line = stroke ? ` stroke="${stroke}" stroke-width="${width ?? 1}" stroke-linejoin="round"` : "";
	return ` fill="${fill ?? "none"}"${line}${dash ? ` stroke-dasharray="${dash.join(" ")}"` : ""}`;
}

function textSvg({ at: [x, y], text, size, color, anchor, bold, serif, halo }: TextShape): string {
	const baseline = short(y + BASELINE * size);
	const attributes = [
		`x="${short(x)}" y="${baseline}" font-size="${size}" fill="${color}" xml:space="preserve"`,
		anchor ? ` text-anchor="${anchor}"` : "",
		bold ? ' font-weight="600"' : "",
		serif ? ` font-family="${FONTS.serif}"` : "",
		halo ? ` stroke="${halo}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"` : "",
	].join("");
	let shift = 0;
	const spans = text.map((span) => {
		const wanted = SCRIPT_SHIFT[span.style] * size;
		const dy = wanted - shift;
		shift = wanted;
		return spanSvg(span, size, dy);
	});
	return `<text ${attributes}>${spans.join("")}</text>`;
}

function spanSvg({ text, style }: Span, size: number, dy: number): string {
	const attributes = [
		dy === 0 ? "" : ` dy="${short(dy)}"`,
		style === "italic" ? ` font-style="italic" font-family="${FONTS.serif}"` : "",
		style === "sub" || style === "sup" ? ` font-size="${short(SCRIPT_SIZE * size)}"` : "",
	].join("");
	return attributes ? `<tspan${attributes}>${escapeXml(text)}</tspan>` : escapeXml(text);
}

/** A coordinate with at most two decimals. */
function short(value: number): string {
	return String(Math.round(100 * value) / 100);
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as XML holds it. Control characters, which XML cannot hold, are left out. */
function escapeXml(text: string): string {
	return [...text.replace(/[&<>"]/g, (character) => ENTITIES[character]!)]
		.filter((character) => character >= " " || "\t\n\r".includes(character))
		.join("");
}
