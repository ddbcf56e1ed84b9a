import { type Drawing, isPointShown } from "./drawing.ts";
import type { NoteMark, Point } from "./figure.ts";
import { cssColor, SURFACE } from "./palette.ts";
import { type Box, placer } from "./scales.ts";
import type { DrawnShape, MeasureText } from "./shapes.ts";

const SIZE = 12;
/** CSS pixels between a note's point and its text, and from one line of text to the next. */
const GAP = 8;
const LINE = 15;

/** Puts texts beside their points, keeps them inside the plot and pushes those down that would cover one above. */
export function placeNotes<Note extends NoteMark>(
	notes: readonly { note: Note; at: Point }[],
	box: Box,
	measure: MeasureText,
): { note: Note; at: Point; size: number }[] {
	const ordered = notes
		.map(({ note, at: [x, y] }) => ({ note, x: x + GAP, y: y + (note.shift ?? 0) }))
		.sort((a, b) => a.y - b.y);
	let free = box.top + LINE / 2;
	return ordered.map(({ note, x, y }) => {
		const width = measure({ text: note.text, size: SIZE, bold: note.bold });
		const left = Math.min(x, box.left + box.width - width - 4);
		const top = Math.max(y, free);
		free = top + LINE;
		return { note, at: [left, top], size: SIZE };
	});
}

const isInside = ([x, y]: Point, { left, top, width, height }: Box) =>
	x >= left && x <= left + width && y >= top && y <= top + height;

/** The texts of notes as shapes. */
export function noteShapes(notes: readonly NoteMark[], { frame, view, theme, measure }: Drawing): DrawnShape[] {
	const place = placer(frame);
	const placed = notes
		.filter((note) => isPointShown(note.at, frame))
		.map((note) => ({ note, at: place(note.at) }))
		// In a zoomed figure, the notes of what lies outside would pile up at its edges.
		.filter(({ at }) => view.window === null || isInside(at, frame.box));
	return placeNotes(placed, frame.box, measure).map(({ note, at, size }) => ({
		...{ kind: "text", at, size, text: note.text, bold: note.bold },
		...{ color: cssColor(note.color, theme), halo: SURFACE[theme] },
	}));
}
