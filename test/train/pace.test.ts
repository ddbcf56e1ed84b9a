import fc from "fast-check";
import { expect, test } from "vitest";
import { Pace } from "../../src/train/pace.ts";
import { submitted } from "./submitted.ts";

const DISPATCHES = 40;
/** Of the dispatches of a micro-step that take equally long. */
const equal = Array.from({ length: DISPATCHES + 1 }, (_, i) => i / DISPATCHES);

/**
 * Milliseconds of each submit on a simulated GPU: two are in flight, so each is sized before the one before it is
 * measured, and the time between completions is the GPU's time for one.
 */
function submits(flops: number, speed: (submit: number) => number, count: number): number[] {
	const pace = new Pace(flops);
	const times: number[] = [];
	const flight: number[] = [];
	const next = submitted(equal);
	for (let submit = 0; submit < count; submit++) {
		while (flight.length < 2) flight.push(next(pace.work).cost);
		const work = flight.shift()!;
		const time = (work * flops) / speed(submit);
		times.push(time);
		pace.measured(work, time);
	}
	return times;
}

/** FLOP per millisecond: from a software adapter to a large GPU. */
const anySpeed = fc.double({ min: 1e6, max: 1e10, noNaN: true });
/** Micro-steps from a toy's to those of a model with all its words. */
const anyFlops = fc.double({ min: 1e5, max: 1e11, noNaN: true });

test("submits come to 30 to 50 ms, or hold as much or as little as they can, and none is over 250 ms on the way", () => {
	fc.assert(
		fc.property(anyFlops, anySpeed, (flops, speed) => {
			const times = submits(flops, () => speed, 400);
			const microStep = flops / speed;
			for (const time of times) expect(time).toBeLessThanOrEqual(Math.max(250, (microStep / DISPATCHES) * 1.001));
			const settled = times.at(-1)!;
			if (microStep > 25 || microStep < 50 / 128) return;
			expect(settled).toBeGreaterThan(30);
			expect(settled).toBeLessThan(50);
		}),
	);
});

test("small micro-steps are put together for 30 to 50 ms, large ones are cut", () => {
	for (const microStep of [1.5, 2, 3, 4, 5, 7, 9])
		expect(submits(microStep * 1e8, () => 1e8, 100).at(-1)!).toBeGreaterThan(30);
	for (const microStep of [100, 400, 1500]) {
		const settled = submits(microStep * 1e8, () => 1e8, 400).at(-1)!;
		expect(settled).toBeGreaterThan(Math.min(30, microStep / DISPATCHES));
		expect(settled).toBeLessThan(50);
	}
});

test("a GPU that slows down, as when something else needs it, gets less at once", () => {
	const times = submits(1e8, (submit) => (submit < 100 ? 1e8 : 2.5e7), 200);
	expect(times[99]!).toBeGreaterThan(30);
	// The two submits in flight are as long as the slowdown makes them, and the next is right again.
	expect(Math.max(...times)).toBeLessThanOrEqual(160);
	expect(Math.max(...times.slice(102))).toBeLessThan(50);
});

test("parts of a micro-step that take other times than their costs say do not mislead it", () => {
	// One dispatch in 40 takes nearly all the time.
	const pace = new Pace(2e9);
	const next = submitted(equal);
	const times: number[] = [];
	for (let submit = 0; submit < 2000; submit++) {
		const { cost, launches } = next(pace.work);
		const time = launches.reduce((sum, launch) => sum + (launch === 5 ? 200 : 0.1), 0);
		times.push(time);
		pace.measured(cost, time);
	}
	expect(Math.max(...times)).toBeLessThan(250);
});
