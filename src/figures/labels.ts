import { type Drawing, isPointShown, isVisible } from "./drawing.ts";
import { drawnPoints } from "./drawn-points.ts";
import type { Mark, NoteMark, Point } from "./figure.ts";
import { NOTE_GAP, NOTE_SIZE, placeNotes } from "./notes.ts";
import { cssColor, SURFACE } from "./palette.ts";
import { placer } from "./scales.ts";
import type { DrawnShape, MeasureText } from "./shapes.ts";
import type { View } from "./view.ts";

/** The largest share of a plot's width that is left to labels. */
const MOST = 0.35;

/** CSS pixels to the right of a plot that the labels of its lines need; 0 without labels. */
export function labelRoom(marks: readonly Mark[], view: View, width: number, measure: MeasureText): number {
	const widths = marks.map((mark) => {
		if (mark.kind !== "line" || !mark.label || !isVisible(mark, view)) return 0;
		return measure({ text: mark.label, size: NOTE_SIZE, bold: true }) + 2 * NOTE_GAP;
	});
	return Math.ceil(Math.min(MOST * width, Math.max(0, ...widths)));
}

/** The labels of lines, beside the last point of each that the plot shows. */
export function labelShapes(marks: readonly Mark[], drawing: Drawing, room: number): DrawnShape[] {
	const { frame, view, theme, measure } = drawing;
	const { left, top, width, height } = frame.box;
	const place = placer(frame);
	const isInside = ([x, y]: Point) => x >= left - 1 && x <= left + width + 1 && y >= top - 1 && y <= top + height + 1;
	const labels = marks.flatMap((mark): { note: NoteMark; at: Point }[] => {
		if (mark.kind !== "line" || !mark.label || !isVisible(mark, view)) return [];
		const at = drawnPoints(mark, drawing)
			.filter((point) => isPointShown(point, frame))
			.map(place)
			.findLast(isInside);
		return at ? [{ note: { kind: "note", color: mark.color, at, text: mark.label, bold: true }, at }] : [];
	});
	return placeNotes(labels, { ...frame.box, width: width + room }, measure).map(({ note, at }) => ({
		...{ kind: "text", at, size: NOTE_SIZE, text: note.text, bold: note.bold },
		...{ color: cssColor(note.color, theme), halo: SURFACE[theme] },
	}));
}
