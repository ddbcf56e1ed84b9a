import type { Theme } from "../app/theme.ts";
import { download } from "../parts/download.ts";
import { figureCsv } from "./csv.ts";
import type { Figure } from "./figure.ts";
import type { Size } from "./layout.ts";
import { canvasMeasure, paintShapes } from "./paint.ts";
import { figureSheet } from "./sheet.ts";
import { figureSvg } from "./svg.ts";
import type { View } from "./view.ts";

export type FileFormat = "png" | "svg" | "csv";

/** Pixels of a PNG for each CSS pixel. */
const PNG_SCALE = 2;

/** Saves the figure as the reader sees it now; CSV holds its table. Loaded when the first file is asked for. */
export async function saveFigure(
	figure: Figure,
	view: View,
	format: FileFormat,
	size: Size,
	theme: Theme,
): Promise<void> {
	const name = `${figure.name}.${format}`;
	if (format === "csv") download(name, figureCsv(figure), "text/csv");
	else if (format === "svg") download(name, figureSvg(figure, size, theme, view), "image/svg+xml");
	else download(name, await figurePng(figure, view, size, theme), "image/png");
}

async function figurePng(figure: Figure, view: View, size: Size, theme: Theme): Promise<Blob> {
	const canvas = document.createElement("canvas");
	canvas.width = Math.round(PNG_SCALE * size.width);
	canvas.height = Math.round(PNG_SCALE * size.height);
	const context = canvas.getContext("2d");
	if (!context) throw new Error("The browser gives no canvas to draw the picture on.");
	context.scale(PNG_SCALE, PNG_SCALE);
	paintShapes(context, figureSheet(figure, view, size, theme, canvasMeasure(context)));
	return new Promise((resolve, reject) => {
		canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser could not write the PNG."))));
	});
}
