import type { NoteMark, Point } from "./figure.ts";
import type { Box } from "./scales.ts";
import type { MeasureText } from "./shapes.ts";

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
