import type { Place } from "../../../experiments/anneal/card-handles.ts";

/** CSS pixels around a schedule's curve: room for the handles at its edges. */
const MARGIN = { left: 16, right: 16, top: 12, bottom: 8 };
/** Height of the plot, in CSS pixels. */
export const HEIGHT = 128;

/** What a plot shows: the learning rate at its upper edge, and the card's peak, of which places hold shares. */
export interface CurveScale {
	readonly top: number;
	readonly peak: number;
}

/** From shares of the run and of the card's peak to CSS pixels in a plot `width` wide. */
export function toPixels([x, y]: Place, width: number, { top, peak }: CurveScale): [x: number, y: number] {
	const across = width - MARGIN.left - MARGIN.right;
	const down = HEIGHT - MARGIN.top - MARGIN.bottom;
	return [MARGIN.left + across * x, MARGIN.top + down * (1 - (y * peak) / top)];
}

/** The place under the pointer in a plot that fills `box`: the inverse of `toPixels`. */
export function placeUnder(
	{ clientX, clientY }: Pick<MouseEvent, "clientX" | "clientY">,
	box: Pick<DOMRect, "left" | "top" | "width" | "height">,
	{ top, peak }: CurveScale,
): Place {
	const across = box.width - MARGIN.left - MARGIN.right;
	const down = box.height - MARGIN.top - MARGIN.bottom;
	const rate = (1 - (clientY - box.top - MARGIN.top) / down) * top;
	return [(clientX - box.left - MARGIN.left) / across, rate / peak];
}
