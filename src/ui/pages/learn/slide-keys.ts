/** Where a key leads in a presentation. */
export type Move = "next" | "back" | "first" | "last";

const MOVES: Readonly<Record<string, Move>> = {
	ArrowRight: "next",
	PageDown: "next",
	" ": "next",
	ArrowLeft: "back",
	PageUp: "back",
	Home: "first",
	End: "last",
};

/** Fields that use arrows, Home and End themselves, and what a space presses. */
const FIELDS = "input, textarea, select, wa-slider, wa-radio-group, wa-radio, [role='slider'], [role='radio']";
const PRESSED = "button, a, summary, wa-button";

/** The move that a key asks for; null where it belongs to the element that has the focus. */
export function moveOf(event: KeyboardEvent): Move | null {
	if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return null;
	const path = event.composedPath().filter((target): target is Element => target instanceof Element);
	const within = (selector: string) => path.some((element) => element.matches(selector));
	if (within(FIELDS) || (event.key === " " && within(PRESSED))) return null;
	return MOVES[event.key] ?? null;
}
