import type { Figure } from "../../figures/figure.ts";
import { panBy, type View, ZOOM_STEP, zoomBy } from "../../figures/view.ts";

/** A share of the plot that an arrow key moves a zoomed figure by. */
const PAN = 0.15;

const KEYS: Record<string, (figure: Figure, view: View) => View> = {
	"+": (figure, view) => zoomBy(figure, view, ZOOM_STEP),
	"=": (figure, view) => zoomBy(figure, view, ZOOM_STEP),
	"-": (figure, view) => zoomBy(figure, view, 1 / ZOOM_STEP),
	"0": (_figure, view) => ({ ...view, window: null }),
	ArrowLeft: (figure, view) => panBy(figure, view, -PAN, 0),
	ArrowRight: (figure, view) => panBy(figure, view, PAN, 0),
	ArrowUp: (figure, view) => panBy(figure, view, 0, PAN),
	ArrowDown: (figure, view) => panBy(figure, view, 0, -PAN),
};

/** The view after a key: zoom by + and -, all of the figure by 0, a zoomed one moved by arrows; null for keys of the page. */
export function viewAfterKey(figure: Figure, view: View, key: string): View | null {
	if (key.startsWith("Arrow") && view.window === null) return null;
	return Object.hasOwn(KEYS, key) ? KEYS[key]!(figure, view) : null;
}
