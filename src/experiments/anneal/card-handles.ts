import { formatRate } from "../../figures/format.ts";
import { rateShare, stepAtShare } from "../../run/schedule.ts";
import { FORK_SHARES } from "../../study/moments.ts";
import { completeSchedule, resolveSchedule } from "../../study/study-schedule.ts";
import { hasFloor, isWsd } from "./change-cards.ts";
import { type Card, type CardTail, MAX_POINTS, scheduleOf } from "./comparison.ts";

/** A place on a card's curve: the share of the run, and the share of the peak rate. */
export type Place = readonly [x: number, y: number];

/** Something on a card's curve that is dragged, or moved by keys. */
export interface Handle {
	readonly id: string;
	/** What it moves. */
	readonly label: string;
	/** Where it is. The peak's lies at the left edge, the floor's at the right one. */
	readonly at: Place;
	/** Along which axes it moves. */
	readonly moves: "x" | "y" | "xy";
	/** Its value, for those who cannot see it, with the ends of what it can be. */
	readonly value: number;
	readonly range: readonly [least: number, most: number];
	readonly text: string;
	/** The places along the run where it comes to rest; absent: anywhere. */
	readonly stops?: readonly number[];
	/** The card after it was dragged to a place. */
	drag(place: Place): Card;
	/** The card after it was moved by steps along each axis, up and right being positive. */
	step(dx: number, dy: number): Card;
	/** The card without it; absent where it cannot be removed. */
	readonly without?: Card;
}

/** How far apart points are at least, as a share of the run. */
const GAP = 0.005;

/** The bounds of a peak, as of any learning rate of a study. */
export const PEAKS = [1e-8, 10] as const;

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);
const tidy = (value: number, digits = 3) => Number(value.toPrecision(digits));
const rounded = (share: number) => Number(share.toFixed(3));

/**
 * The rates of a card's run, step by step from the first: `rates[t − 1]` is that of step t.
 *
 * @param trunkSteps steps of a fork's trunk
 */
export function ratesOf(card: Card, steps: number, trunkSteps = steps): Float64Array {
	// No length of a card's schedule follows the model's size.
	const counts = { total: 1, nonEmbedding: 1 };
	const schedule = resolveSchedule(completeSchedule(scheduleOf(card), 0), trunkSteps, 1, counts);
	return Float64Array.from({ length: steps }, (_, i) => card.peak * rateShare(schedule, i + 1, steps));
}

/** What can be dragged on a card's curve, from left to right: of a fork its tail alone. */
export function handlesOf(card: Card, steps: number, trunkSteps = steps): Handle[] {
	if (card.tail) return [forkHandle(card, card.tail, steps, trunkSteps), tailFloorHandle(card, card.tail)];
	const own = card.family === "piecewise" ? pointHandles(card) : isWsd(card) ? [decayHandle(card)] : [];
	return [peakHandle(card), warmupHandle(card, steps), ...own, ...(hasFloor(card) ? [floorHandle(card, steps)] : [])];
}

function peakHandle(card: Card): Handle {
	const set = (peak: number): Card => ({ ...card, peak: clamp(tidy(peak, 2), ...PEAKS) });
	return {
		...{ id: "peak", label: "Peak learning rate", at: [0, 1], moves: "y" },
		...{ value: card.peak, range: PEAKS, text: formatRate(card.peak) },
		drag: ([, y]) => set(card.peak * Math.max(y, 0.02)),
		// A step is a tenth of the rate's power of ten, so that rates stay short.
		step: (_, dy) => set(card.peak + Math.sign(dy) * stepOf(card.peak, dy) * Math.abs(dy)),
	};
}

/** A tenth of the power of ten that a number has, or is about to fall to. */
function stepOf(value: number, direction: number): number {
	const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
	return direction < 0 && tidy(value, 2) === power ? power / 100 : power / 10;
}

function warmupHandle(card: Card, steps: number): Handle {
	const most = Math.max(0, Math.floor(steps / 2));
	const set = (warmup: number): Card => ({ ...card, warmupSteps: clamp(Math.round(warmup), 0, most) });
	const each = Math.max(1, Math.round(steps / 100));
	const share = card.warmupSteps / steps;
	return {
		...{ id: "warmup", label: "End of warmup", moves: "x", value: card.warmupSteps, range: [0, most] },
		at: [Math.min(1, share), heightAt(card, Math.max(1, card.warmupSteps), steps)],
		text: `${card.warmupSteps} steps, ${percent(share)} of the run`,
		drag: ([x]) => set(x * steps),
		step: (dx) => set(card.warmupSteps + dx * each),
	};
}

function decayHandle(card: Card): Handle {
	const set = (share: number): Card => ({ ...card, decayStart: rounded(clamp(share, 0, 0.99)) });
	return {
		...{ id: "decay", label: "Start of decay", at: [card.decayStart, 1], moves: "x" },
		...{
			value: Math.round(100 * card.decayStart),
			range: [0, 99],
			text: `after ${percent(card.decayStart)} of the run`,
		},
		drag: ([x]) => set(x),
		step: (dx) => set(card.decayStart + 0.01 * dx),
	};
}

/** Lies where moments are kept: at tenths of the trunk. */
function forkHandle(card: Card, tail: CardTail, steps: number, trunkSteps: number): Handle {
	const stops = FORK_SHARES.filter((share) => stepAtShare(share, trunkSteps) < steps);
	const [least, most] = [stops[0] ?? FORK_SHARES[0], stops.at(-1) ?? FORK_SHARES[0]];
	const set = (share: number): Card => {
		return { ...card, tail: { ...tail, after: clamp(Math.round(10 * share) / 10, least, most) } };
	};
	const step = Math.max(1, stepAtShare(tail.after, trunkSteps));
	const rates = ratesOf(card, steps, trunkSteps);
	return {
		...{ id: "fork", label: "Start of fork", moves: "x" },
		at: [Math.min(1, step / steps), rates[Math.min(step, steps) - 1]! / card.peak],
		...{ value: Math.round(100 * tail.after), range: [100 * least, 100 * most] },
		text: `after ${percent(tail.after)} of the trunk`,
		stops: stops.map((share) => stepAtShare(share, trunkSteps) / steps),
		drag: ([x]) => set((x * steps) / trunkSteps),
		step: (dx) => set(tail.after + 0.1 * dx),
	};
}

function tailFloorHandle(card: Card, tail: CardTail): Handle {
	const set = (floor: number): Card => ({ ...card, tail: { ...tail, floor: rounded(clamp(floor, 0, 1)) } });
	return {
		...{ id: "floor", label: "Floor", at: [1, tail.floor], moves: "y" },
		...{ value: Math.round(100 * tail.floor), range: [0, 100], text: `${percent(tail.floor)} of the peak` },
		drag: ([, y]) => set(y),
		step: (_, dy) => set(tail.floor + 0.01 * dy),
	};
}

function floorHandle(card: Card, steps: number): Handle {
	const set = (floor: number): Card => ({ ...card, floor: rounded(clamp(floor, 0, 1)) });
	return {
		...{ id: "floor", label: "Floor", at: [1, heightAt(card, steps, steps)], moves: "y" },
		...{ value: Math.round(100 * card.floor), range: [0, 100], text: `${percent(card.floor)} of the peak` },
		drag: ([, y]) => set(y),
		step: (_, dy) => set(card.floor + 0.01 * dy),
	};
}

/** Points keep their order; the first and the last stay at the ends of the run. */
function pointHandles(card: Card): Handle[] {
	return card.points.map(([x, y], i) => {
		const [before, after] = [card.points[i - 1]?.[0], card.points[i + 1]?.[0]];
		const isEnd = before === undefined || after === undefined;
		const set = (at: number, share: number): Card => {
			const place = isEnd ? x : rounded(clamp(at, before + GAP, after - GAP));
			return { ...card, points: card.points.with(i, [place, rounded(clamp(share, 0, 1))]) };
		};
		return {
			...{ id: `point-${i}`, label: `Point ${i + 1}`, at: [x, y], moves: isEnd ? "y" : "xy" },
			...{ value: Math.round(100 * y), range: [0, 100], text: `${percent(y)} of the peak at ${percent(x)} of the run` },
			...(!isEnd && { without: { ...card, points: card.points.toSpliced(i, 1) } }),
			drag: ([toX, toY]) => set(toX, toY),
			step: (dx, dy) => set(x + 0.01 * dx, y + 0.01 * dy),
		};
	});
}

/**
 * A point more at a place of the curve, and the id of its handle; null where there is no room between its neighbors, or there are as
 * many points as can be.
 */
export function withPointAt(card: Card, [x, y]: Place): { card: Card; handle: string } | null {
	if (card.points.length >= MAX_POINTS) return null;
	const at = 1 + card.points.slice(1, -1).filter(([other]) => other <= x).length;
	const [least, most] = [card.points[at - 1]![0] + GAP, card.points[at]![0] - GAP];
	if (least > most) return null;
	const point = [rounded(clamp(x, least, most)), rounded(clamp(y, 0, 1))] as const;
	return { card: { ...card, points: card.points.toSpliced(at, 0, point) }, handle: `point-${at}` };
}

/** A point more, in the middle of the widest gap, on the line there; the same card if there are as many as can be. */
export function withPoint(card: Card): Card {
	if (card.points.length >= MAX_POINTS) return card;
	const gaps = card.points.slice(1).map(([x], i) => x - card.points[i]![0]);
	const at = gaps.indexOf(Math.max(...gaps));
	const [[x0, y0], [x1, y1]] = [card.points[at]!, card.points[at + 1]!];
	const middle = [rounded((x0 + x1) / 2), rounded((y0 + y1) / 2)] as const;
	return { ...card, points: [...card.points.slice(0, at + 1), middle, ...card.points.slice(at + 1)] };
}

/** Without the point before the last; the same card if only its ends are left. */
export function withoutPoint(card: Card): Card {
	return card.points.length > 2 ? { ...card, points: card.points.toSpliced(card.points.length - 2, 1) } : card;
}

function heightAt(card: Card, step: number, steps: number): number {
	return ratesOf(card, steps)[Math.min(step, steps) - 1]! / card.peak;
}

function percent(share: number): string {
	return `${Number((100 * share).toPrecision(3))} %`;
}
