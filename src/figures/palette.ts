import type { Color } from "./figure.ts";

export type Theme = "light" | "dark";

/**
 * Colors of the charts. Sizes run along the middle of "plasma" (Smith & van der Walt 2015), whose order survives all common
 * kinds of color blindness; the ends that fade into the background are cut off, so that every line keeps a contrast of 3:1.
 * Conventions are blue and vermilion of Okabe & Ito (2008), and differ in marker and dash too; groups are their colors,
 * darkened or lightened until lines keep that contrast.
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
const PLASMA_RANGE = { light: [0, 0.6], dark: [0.4, 0.95] } as const;

const ROLES = {
	ink: { light: "#1b2130", dark: "#e9ecf2" },
	quiet: { light: "#5a6375", dark: "#a3abba" },
	total: { light: "#0072b2", dark: "#56b4e9" },
	nonEmbedding: { light: "#c04a00", dark: "#f0a35a" },
} as const;

const GROUPS = [
	{ light: "#0072b2", dark: "#56b4e9" },
	{ light: "#c04a00", dark: "#f0a35a" },
	{ light: "#008a64", dark: "#2fc79a" },
	{ light: "#b0568c", dark: "#e39ac4" },
	{ light: "#8a7400", dark: "#e0d25a" },
	{ light: "#5a6375", dark: "#a3abba" },
] as const;

/** Behind a chart, and its grid lines. */
export const SURFACE = { light: "#ffffff", dark: "#14171d" } as const;
export const GRID = { light: "rgba(16, 24, 40, 0.07)", dark: "rgba(255, 255, 255, 0.07)" } as const;

/** What a color looks like: a CSS color, `rgb(…)` or `#rrggbb`. */
export function cssColor(color: Color, theme: Theme): string {
	if (typeof color === "string") return ROLES[color][theme];
	if ("group" in color) return GROUPS[color.group % GROUPS.length]![theme];
	return "size" in color ? sizeColor(color.size, color.of, theme) : color[theme];
}

function sizeColor(index: number, count: number, theme: Theme): string {
	const [from, to] = PLASMA_RANGE[theme];
	const share = count > 1 ? index / (count - 1) : 0.5;
	const position = (from + share * (to - from)) * (PLASMA.length - 1);
	const low = Math.min(Math.floor(position), PLASMA.length - 2);
	const channel = (i: 0 | 1 | 2) =>
		Math.round(PLASMA[low]![i] + (position - low) * (PLASMA[low + 1]![i] - PLASMA[low]![i]));
	return `rgb(${channel(0)}, ${channel(1)}, ${channel(2)})`;
}

/** The same color with another opacity; takes `rgb(…)` and `#rrggbb`. */
export function withOpacity(color: string, opacity: number): string {
	const parts = color.startsWith("#")
		? [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
		: color.match(/\d+/g)!.map(Number);
	return `rgba(${parts.join(", ")}, ${opacity})`;
}

/** What a color looks like at an opacity from 0 to 1. */
export function fadedColor(color: Color, opacity: number, theme: Theme): string {
	const css = cssColor(color, theme);
	return opacity < 1 ? withOpacity(css, opacity) : css;
}
