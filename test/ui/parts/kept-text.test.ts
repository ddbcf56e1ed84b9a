import { expect, it } from "vitest";
import { keptText } from "../../../src/ui/parts/kept-text.ts";

it.each([
	[0, 6, 0, "6 runs, none trained yet"],
	[2, 6, 0, "2 of 6 runs stored; Run trains the rest"],
	[6, 6, 0, "All 6 runs finished and stored"],
	[2, 6, 1, "2 of 6 runs finished, 1 in this tab only; Run trains the rest"],
	[6, 6, 4, "All 6 runs finished, 4 in this tab only"],
])("%i of %i runs, %i of them unsaved", (finished, total, unsaved, text) => {
	expect(keptText(finished, total, unsaved)).toBe(text);
});
