import type { Point } from "../../figures/figure.ts";
import type { Shares } from "../../figures/view.ts";

/** Fingers nearer than this, in CSS pixels, do not zoom. */
const NEAREST = 16;

/** Reports two fingers that move on an element, as the part of it that they ask for. One finger scrolls the page. */
export function onPinch(element: HTMLElement, zoom: (part: Shares) => void): void {
	const fingers = new Map<number, Point>();
	const lift = (event: PointerEvent) => fingers.delete(event.pointerId);
	element.style.touchAction = "pan-x pan-y";
	element.addEventListener("pointerdown", (event) => {
		if (event.pointerType === "touch") fingers.set(event.pointerId, [event.clientX, event.clientY]);
	});
	element.addEventListener("pointermove", (event) => {
		if (!fingers.has(event.pointerId)) return;
		const before = [...fingers.values()];
		fingers.set(event.pointerId, [event.clientX, event.clientY]);
		if (fingers.size === 2) zoom(pinchPart(before, [...fingers.values()], element.getBoundingClientRect()));
	});
	for (const type of ["pointerup", "pointercancel", "pointerleave"] as const) element.addEventListener(type, lift);
}

/** The part of a box that must fill it for what lay under two fingers to lie under them again. */
export function pinchPart(
	before: readonly Point[],
	after: readonly Point[],
	box: { left: number; bottom: number; width: number; height: number },
): Shares {
	const distance = ([a, b]: readonly Point[]) => Math.max(NEAREST, Math.hypot(a![0] - b![0], a![1] - b![1]));
	const share = distance(before) / distance(after);
	const middle = ([a, b]: readonly Point[]): Point => [
		((a![0] + b![0]) / 2 - box.left) / box.width,
		(box.bottom - (a![1] + b![1]) / 2) / box.height,
	];
	const [from, to] = [middle(before), middle(after)];
	const along = (axis: 0 | 1) => {
		const start = from[axis] - to[axis] * share;
		return [start, start + share] as const;
	};
	return { x: along(0), y: along(1) };
}
