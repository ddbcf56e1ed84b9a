import { expect, it } from "vitest";
import type { NoteMark } from "../../src/figures/figure.ts";
import { placeNotes } from "../../src/figures/notes.ts";
import { rich } from "../../src/figures/rich-text.ts";
import { estimateWidth } from "../../src/figures/text-width.ts";

const note = (text: string, shift = 0): NoteMark => ({
	kind: "note",
	color: "ink",
	at: [0, 0],
	text: rich(text),
	shift,
});
const box = { left: 0, top: 0, width: 200, height: 100 };
const place = (...notes: Parameters<typeof placeNotes>[0]) =>
	placeNotes(notes, box, estimateWidth).map(({ note, at }) => [note.text[0]!.text, ...at]);

it("notes stand right of their points, shifted as asked", () => {
	expect(place({ note: note("a", -9), at: [50, 50] })).toEqual([["a", 58, 41]]);
});

it("notes do not cover one another", () => {
	const found = place({ note: note("low"), at: [10, 52] }, { note: note("high"), at: [10, 50] });
	expect(found.map(([text]) => text)).toEqual(["high", "low"]);
	expect((found[1]![2] as number) - (found[0]![2] as number)).toBeGreaterThanOrEqual(15);
});

it("notes stay inside the plot", () => {
	const [right] = place({ note: note("a long text at the edge"), at: [199, 50] });
	expect(
		(right![1] as number) + estimateWidth({ text: rich("a long text at the edge"), size: 12 }),
	).toBeLessThanOrEqual(200);
	const [top] = place({ note: note("a"), at: [10, -30] });
	expect(top![2]).toBeGreaterThan(0);
});
