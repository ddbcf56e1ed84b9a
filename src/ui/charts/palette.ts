import type { Convention } from "../../architecture/flops.ts";

/**
 * Colours of the charts. Sizes run along the middle of "plasma" (Smith & van der Walt 2015), which keeps its order
 * for all common kinds of colour blindness; the ends that fade into the background are cut off, so that every line
 * keeps a contrast of 3:1. Conventions are blue and vermilion of Okabe & Ito (2008), and differ in marker and dash too.
 */
const PLASMA: readonly [number, number, number][] = [
	[13, 8, 135],
	[70, 3, 159],
	[114, 1, 168],
	[156, 23, 158],
	[189, 55, 134],
	[216, 87, 107],
	[237, 121, 83],
	[251, 159, 58],
	[253, 202, 38],
	[240, 249, 33],
];
const LIGHT_RANGE = [0, 0.6] as const;
const DARK_RANGE = [0.4, 0.95] as const;

/** The colour of size number `index` of `count`, small to large. */
export function sizeColour(index: number, count: number, dark: boolean): string {
	const [from, to] = dark ? DARK_RANGE : LIGHT_RANGE;
	const share = count > 1 ? index / (count - 1) : 0.5;
	const position = (from + share * (to - from)) * (PLASMA.length - 1);
	const low = Math.min(Math.floor(position), PLASMA.length - 2);
	const channel = (i: 0 | 1 | 2) =>
		Math.round(PLASMA[low]![i] + (position - low) * (PLASMA[low + 1]![i] - PLASMA[low]![i]));
	return `rgb(${channel(0)}, ${channel(1)}, ${channel(2)})`;
}

/** The colour of a counting convention. */
export function conventionColour(convention: Convention, dark: boolean): string {
	if (convention === "total") return dark ? "#56b4e9" : "#0072b2";
	return dark ? "#f0a35a" : "#c04a00";
}

/** Ink, quiet ink and grid lines of a chart's canvas. */
export function inkColours(dark: boolean): { ink: string; quiet: string; grid: string; surface: string } {
	return dark
		? { ink: "#e9ecf2", quiet: "#a3abba", grid: "rgba(255, 255, 255, 0.07)", surface: "#14171d" }
		: { ink: "#1b2130", quiet: "#5a6375", grid: "rgba(16, 24, 40, 0.07)", surface: "#ffffff" };
}

/** The same colour with another opacity; takes `rgb(…)` and `#rrggbb`. */
export function withOpacity(colour: string, opacity: number): string {
	const parts = colour.startsWith("#")
		? [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
		: colour.match(/\d+/g)!.map(Number);
	return `rgba(${parts.join(", ")}, ${opacity})`;
}
