import { type Drawing, isPointShown } from "./drawing.ts";
import type { NoteMark, Point } from "./figure.ts";
import { cssColor, SURFACE } from "./palette.ts";
import { type Box, placer } from "./scales.ts";
import type { DrawnShape, MeasureText } from "./shapes.ts";

/** Height of the text of notes, and CSS pixels from a note's point to its text. */
export const NOTE_SIZE = 12;
export const NOTE_GAP = 8;
/** From one line of text to the next. */
const LINE = 15;

/** Rounds in which texts that cover each other move apart; more than a dozen in one place take a few more to settle. */
const ROUNDS = 60;

/** Puts texts beside their points, moves those apart that would cover each other, and keeps them inside the box. */
export function placeNotes<Note extends NoteMark>(
	notes: readonly { note: Note; at: Point }[],
	{ left, top, width, height }: Box,
	measure: MeasureText,
): { note: Note; at: Point }[] {
	const placed = notes
		.map(({ note, at: [x, y] }) => {
			const wide = measure({ text: note.text, size: NOTE_SIZE, bold: note.bold });
			const from = Math.min(x + NOTE_GAP, left + width - wide - 4);
			return { note, from, to: from + wide, y: y + (note.shift ?? 0) };
		})
		.sort((a, b) => a.y - b.y);
	for (let round = 0; round < ROUNDS; round++) moveApart(placed);
	const overlapping = ({ from, to }: { from: number; to: number }, others: typeof placed) =>
		others.filter((other) => other.from < to && from < other.to);
	for (const [i, note] of placed.entries()) {
		const above = overlapping(note, placed.slice(0, i)).map((other) => other.y + LINE);
		note.y = Math.max(note.y, top + LINE / 2, ...above);
	}
	for (const [i, note] of [...placed.entries()].reverse()) {
		const below = overlapping(note, placed.slice(i + 1)).map((other) => other.y - LINE);
		note.y = Math.min(note.y, top + height - LINE / 2, ...below);
	}
	return placed.map(({ note, from, y }) => ({ note, at: [from, y] }));
}

/** Moves each text half of what it covers of the next lower one, which moves as much the other way. */
function moveApart(notes: { from: number; to: number; y: number }[]): void {
	for (const [i, upper] of notes.entries()) {
		const lower = notes.slice(i + 1).find(({ from, to }) => from < upper.to && upper.from < to);
		const covered = lower ? LINE - (lower.y - upper.y) : 0;
		if (!lower || covered <= 0) continue;
		upper.y -= covered / 2;
		lower.y += covered / 2;
	}
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
	return placeNotes(placed, frame.box, measure).map(({ note, at }) => ({
		...{ kind: "text", at, size: NOTE_SIZE, text: note.text, bold: note.bold },
		...{ color: cssColor(note.color, theme), halo: SURFACE[theme] },
	}));
}
