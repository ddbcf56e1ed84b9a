/** A picture on two logarithmic axes, as plain data: charts are pure functions to a scene, and one element draws it. */
export interface Scene {
	x: SceneAxis;
	y: SceneAxis;
	/** Drawn in this order, below lines: closed outlines filled with a translucent colour. */
	areas: { points: ScenePoint[]; colour: string }[];
	lines: SceneLine[];
	dots: SceneDot[];
	notes: SceneNote[];
}

export type ScenePoint = readonly [x: number, y: number];

export interface SceneAxis {
	/** Ends of the axis, both above 0. */
	min: number;
	max: number;
	/** A tick's text. */
	format: (value: number) => string;
}

export interface SceneLine {
	points: ScenePoint[];
	colour: string;
	/** CSS pixels. */
	width: number;
	dash?: number[];
	/** What the pointer is told near the line; lines without one are not hit. */
	describe?: (point: ScenePoint) => string;
}

export interface SceneDot {
	point: ScenePoint;
	colour: string;
	shape: "circle" | "diamond";
	describe?: string;
}

/** A text right of its point. */
export interface SceneNote {
	point: ScenePoint;
	text: string;
	colour: string;
	/** CSS pixels up (negative) or down from the point. */
	shift: number;
	bold?: boolean;
}

/** Smallest and largest of the values, widened by `share` of their distance in logs (at least a factor 1.1). */
export function logRange(values: Iterable<number>, share = 0.06): { min: number; max: number } | null {
	let min = Infinity;
	let max = 0;
	for (const value of values) {
		if (!(value > 0) || value === Infinity) continue;
		min = Math.min(min, value);
		max = Math.max(max, value);
	}
	if (max === 0) return null;
	const factor = Math.max((max / min) ** share, 1.1);
	return { min: min / factor, max: max * factor };
}

/** Where to put ticks on a logarithmic axis: powers of ten, else 1–2–5, else round steps; about `count` of them. */
export function logTicks(min: number, max: number, count: number): number[] {
	const decades = Math.log10(max / min);
	const inside = (value: number) => value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9);
	const from = Math.floor(Math.log10(min));
	const powers = Array.from({ length: Math.ceil(decades) + 2 }, (_, i) => 10 ** (from + i));
	if (decades >= 2) {
		const every = Math.max(1, Math.ceil(decades / count));
		return powers.filter((power) => inside(power) && Math.round(Math.log10(power)) % every === 0);
	}
	for (const mantissas of [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5, 7], [1, 2, 5], [1]]) {
		const ticks = powers.flatMap((power) => mantissas.map((m) => Number((m * power).toPrecision(6)))).filter(inside);
		if (ticks.length <= count && ticks.length >= 3) return ticks;
	}
	const rough = (max - min) / count;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = power * ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10);
	const first = Math.ceil(min / step);
	return Array.from({ length: Math.floor(max / step) - first + 1 }, (_, i) =>
		Number(((first + i) * step).toPrecision(6)),
	);
}
