import type { FigureAxis, Scale } from "./figure.ts";
import { superscript } from "./format.ts";
import type { Range } from "./scales.ts";

/** Digits that a tick is rounded to, which hides rounding errors of its computation. */
const DIGITS = 9;

const tidy = (value: number) => Number(value.toPrecision(DIGITS));

/** Where an axis has its ticks: at every category of the range, else at about `count` values. */
export function axisTicks({ categories }: FigureAxis, range: Range, scale: Scale, count: number): number[] {
	if (!categories) return ticks(range, scale, count);
	return [...categories.keys()].filter((at) => at >= range.min && at <= range.max);
}

/** Where to put about `count` ticks. */
export function ticks(range: Range, scale: Scale, count: number): number[] {
	return scale === "log" ? logTicks(range, count) : linearTicks(range, count);
}

/** How near ticks may come, as a share of the mean distance of `count` of them. */
const CROWDED = 0.6;

/** Powers of ten, else 1–2–5, else round steps. */
function logTicks({ min, max }: Range, count: number): number[] {
	const decades = Math.log10(max / min);
	const inside = (value: number) => value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9);
	const from = Math.floor(Math.log10(min));
	const powers = Array.from({ length: Math.ceil(decades) + 2 }, (_, i) => tidy(10 ** (from + i)));
	if (decades >= 2) {
		const every = Math.max(1, Math.ceil(decades / count));
		return powers.filter((power) => inside(power) && Math.round(Math.log10(power)) % every === 0);
	}
	for (const mantissas of [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5, 7], [1, 2, 5], [1]]) {
		const found = powers.flatMap((power) => mantissas.map((mantissa) => tidy(mantissa * power))).filter(inside);
		const nearest = Math.min(...found.slice(1).map((tick, i) => Math.log10(tick / found[i]!)));
		if (found.length <= count && found.length >= 3 && nearest >= (CROWDED * decades) / count) return found;
	}
	return linearTicks({ min, max }, count);
}

/** Multiples of 1, 2 or 5 times a power of ten. */
function linearTicks({ min, max }: Range, count: number): number[] {
	const rough = (max - min) / count;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = power * ([1, 2, 5, 10].find((multiple) => multiple * power >= rough) ?? 10);
	const first = Math.ceil(min / step);
	const length = Math.max(0, Math.floor(max / step) - first + 1);
	return Array.from({ length }, (_, i) => tidy((first + i) * step) + 0);
}

/** A tick's number written out: "0.25", "−3", "1200". */
export function plainTick(value: number): string {
	return String(tidy(value)).replace("-", "−");
}

/** Powers of ten up to which numbers are easier to read written out. */
const WRITTEN_OUT = 2;

/** A tick's number as a power of ten, with as many digits as it has: "10⁶", "2.5×10⁶"; near 1 written out: "0.5", "20". */
export function powerTick(value: number): string {
	if (value === 0) return "0";
	const [mantissa, exponent] = tidy(value).toExponential().split("e");
	if (Math.abs(Number(exponent)) <= WRITTEN_OUT) return plainTick(value);
	const power = `10${superscript(Number(exponent))}`;
	if (mantissa === "1") return power;
	return `${mantissa!.replace("-", "−")}×${power}`;
}
