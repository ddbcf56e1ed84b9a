import { figureCsv } from "../../figures/csv.ts";
import type { Figure } from "../../figures/figure.ts";
import { SAVED } from "../../figures/layout.ts";
import type { Theme } from "../../figures/palette.ts";
import { figureSheet } from "../../figures/sheet.ts";
import { figureSvg } from "../../figures/svg.ts";
import type { View } from "../../figures/view.ts";
import { download } from "../parts/download.ts";
import { canvasMeasure, paintShapes } from "./paint.ts";

export type FileFormat = "png" | "svg" | "csv";

/** Pixels of a PNG for each CSS pixel. */
const PNG_SCALE = 2;

/** Saves the figure as the reader sees it now; CSV holds its table. Loaded when the first file is asked for. */
export async function saveFigure(figure: Figure, view: View, format: FileFormat, theme: Theme): Promise<void> {
	const name = `${figure.name}.${format}`;
	if (format === "csv") download(name, figureCsv(figure), "text/csv");
	else if (format === "svg") download(name, figureSvg(figure, { theme, view }), "image/svg+xml");
	else download(name, await figurePng(figure, view, theme), "image/png");
}

async function figurePng(figure: Figure, view: View, theme: Theme): Promise<Blob> {
	const canvas = document.createElement("canvas");
	canvas.width = Math.round(PNG_SCALE * SAVED.width);
	canvas.height = Math.round(PNG_SCALE * SAVED.height);
	const context = canvas.getContext("2d");
	if (!context) throw new Error("The browser gives no canvas to draw the picture on.");
	context.scale(PNG_SCALE, PNG_SCALE);
	paintShapes(context, figureSheet(figure, view, SAVED, theme, canvasMeasure(context)));
	return new Promise((resolve, reject) => {
		canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser could not write the PNG."))));
	});
}
