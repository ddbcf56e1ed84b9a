import type { Handle } from "../../../experiments/anneal/card-handles.ts";
import type { Card } from "../../../experiments/anneal/comparison.ts";

/** How many steps Page up and Page down, and Shift with an arrow, move. */
const FAR = 10;

const ARROWS: Record<string, readonly [dx: number, dy: number]> = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, 1],
	ArrowDown: [0, -1],
	PageUp: [FAR, FAR],
	PageDown: [-FAR, -FAR],
};

/** The card after a key has moved a handle or removed its point; null for keys that do neither. */
export function cardAfterKey(handle: Handle, { key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">): Card | null {
	const arrow = ARROWS[key];
	if (arrow) {
		const times = shiftKey ? FAR : 1;
		const [dx, dy] = alongHandle(arrow, handle);
		return handle.step(times * dx, times * dy);
	}
	return (["Delete", "Backspace"].includes(key) && handle.without) || null;
}

/** A handle that moves along one axis follows the arrows of both, as sliders do. */
function alongHandle([dx, dy]: readonly [number, number], { moves }: Handle): [number, number] {
	if (moves === "xy") return Math.abs(dx) === FAR ? [0, dy] : [dx, dy];
	const step = dx || dy;
	return moves === "x" ? [step, 0] : [0, step];
}
