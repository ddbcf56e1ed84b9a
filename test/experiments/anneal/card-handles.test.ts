import { describe, expect, test } from "vitest";
import {
	handlesOf,
	ratesOf,
	withoutPoint,
	withPoint,
	withPointAt,
} from "../../../src/experiments/anneal/card-handles.ts";
import { type Card, MAX_POINTS } from "../../../src/experiments/anneal/comparison.ts";
import { readComparison } from "../../../src/experiments/anneal/read-comparison.ts";
import { FIRST } from "../../../src/experiments/anneal/starts.ts";

const STEPS = 1000;
const card = (change: Partial<Card>): Card => ({ ...FIRST.cards[0]!, ...change });
const handle = (of: Card, id: string) => handlesOf(of, STEPS).find((each) => each.id === id)!;

describe("handles of a curve", () => {
	test("are those that the family has", () => {
		const ids = (family: Card["family"]) => handlesOf(card({ family }), STEPS).map(({ id }) => id);
		expect(ids("constant")).toEqual(["peak", "warmup"]);
		expect(ids("cosine")).toEqual(["peak", "warmup", "floor"]);
		expect(ids("inverse-sqrt")).toEqual(["peak", "warmup", "floor"]);
		expect(ids("wsd-linear")).toEqual(["peak", "warmup", "decay", "floor"]);
		expect(ids("piecewise")).toEqual(["peak", "warmup", "point-0", "point-1", "point-2"]);
	});

	test("lie on the curve", () => {
		for (const family of ["constant", "cosine", "wsd-1-sqrt", "linear", "piecewise"] as const) {
			const own = card({ family, floor: 0.1 });
			const rates = ratesOf(own, STEPS);
			for (const { id, at } of handlesOf(own, STEPS).filter(({ id }) => id !== "peak" && id !== "point-0"))
				expect(rates[Math.max(0, Math.round(at[0] * STEPS) - 1)]! / own.peak, `${family} ${id}`).toBeCloseTo(at[1], 2);
		}
	});

	test("the peak is dragged up and down, and keeps two digits; keys step by a tenth of its power of ten", () => {
		const peak = handle(card({}), "peak");
		expect(peak.drag([0.7, 1.5]).peak).toBe(0.0045);
		expect(peak.drag([0, -1]).peak).toBe(0.00006);
		expect(peak.step(3, 1).peak).toBe(0.0031);
		expect(peak.step(0, -2).peak).toBe(0.0028);
		expect(handle(card({ peak: 0.001 }), "peak").step(0, -1).peak).toBe(0.00099);
		expect(handle(card({ peak: 10 }), "peak").step(0, 5).peak).toBe(10);
	});

	test("warmup, decay and floor move along one axis, within the run", () => {
		const own = card({ family: "wsd-linear" });
		expect(handle(own, "warmup").drag([0.2, 9]).warmupSteps).toBe(200);
		expect(handle(own, "warmup").drag([0.9, 0]).warmupSteps).toBe(500);
		expect(handle(own, "warmup").step(-9, 0).warmupSteps).toBe(0);
		expect(handle(own, "decay").drag([0.5004, 0]).decayStart).toBe(0.5);
		expect(handle(own, "decay").drag([1.2, 0]).decayStart).toBe(0.99);
		expect(handle(own, "decay").step(-10, 4).decayStart).toBe(0.7);
		expect(handle(own, "floor").drag([0.1, 0.25]).floor).toBe(0.25);
		expect(handle(own, "floor").step(0, -1).floor).toBe(0);
		expect(handle(own, "decay").text).toBe("after 80 % of the run");
	});

	test("of a fork are its start, which rests at tenths of its trunk, and its floor", () => {
		const own = card({ family: "cosine", tail: { after: 0.5, tokens: null, form: "linear", floor: 0.1 } });
		expect(handlesOf(own, STEPS).map(({ id, moves }) => [id, moves])).toEqual([
			["fork", "x"],
			["floor", "y"],
		]);
		const fork = handle(own, "fork");
		expect(fork.at[1]).toBeCloseTo(ratesOf(own, STEPS)[499]! / own.peak, 12);
		expect(fork.stops).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
		expect([0.33, 0.46, -1, 2].map((x) => fork.drag([x, 0.5]).tail!.after)).toEqual([0.3, 0.5, 0.1, 0.9]);
		expect([1, -1, 10, -10].map((dx) => fork.step(dx, 0).tail!.after)).toEqual([0.6, 0.4, 0.9, 0.1]);
		expect(fork.text).toBe("after 50 % of the trunk");
		expect(handle(own, "floor").drag([1, 0.25]).tail).toEqual({ ...own.tail, floor: 0.25 });
		expect(handle(own, "floor").step(0, 2).tail!.floor).toBe(0.12);
		// Of a longer trunk it rests before the run is over.
		const short = handlesOf(own, 600, STEPS)[0]!;
		expect(short.drag([1, 0]).tail!.after).toBe(0.5);
		expect(short.at[0]).toBeCloseTo(500 / 600, 12);
		expect(short.drag([0.5, 0]).tail!.after).toBe(0.3);
	});

	test("points keep their order, and their ends", () => {
		const own = card({ family: "piecewise" });
		expect(handle(own, "point-1").drag([0.3, 0.6]).points[1]).toEqual([0.3, 0.6]);
		expect(handle(own, "point-1").drag([-1, 2]).points[1]).toEqual([0.005, 1]);
		expect(handle(own, "point-2").drag([0.2, 0.3]).points[2]).toEqual([1, 0.3]);
		expect(handle(own, "point-0").moves).toBe("y");
		expect(["point-0", "point-1", "point-2"].map((id) => handle(own, id).without?.points)).toEqual([
			undefined,
			[own.points[0], own.points[2]],
			undefined,
		]);
		const more = withPoint(own);
		expect(more.points).toEqual([
			[0, 1],
			[0.25, 1],
			[0.5, 1],
			[1, 0],
		]);
		expect(withoutPoint(more).points).toHaveLength(3);
		expect(
			withoutPoint(
				card({
					points: [
						[0, 1],
						[1, 1],
					],
				}),
			).points,
		).toHaveLength(2);
	});
});

describe("a press on a piecewise curve", () => {
	const own = card({ family: "piecewise" });

	test("adds a point there, between its neighbors", () => {
		const added = withPointAt(own, [0.7, 0.45])!;
		expect(added.card.points).toEqual([own.points[0], own.points[1], [0.7, 0.45], own.points[2]]);
		expect(handle(added.card, added.handle).at).toEqual([0.7, 0.45]);
		expect(withPointAt(own, [-0.2, 1.4])).toMatchObject({ card: { points: { 1: [0.005, 1] } }, handle: "point-1" });
		expect(withPointAt(own, [0.4999, -1])!.card.points[1]).toEqual([0.495, 0]);
	});

	test("adds none where there is no room, or too many", () => {
		expect(withPointAt(own, [1.2, 0.5])!.card.points[2]).toEqual([0.995, 0.5]);
		const close = {
			...own,
			points: [
				[0, 1],
				[0.5, 1],
				[0.507, 1],
				[1, 0],
			] as const,
		};
		expect(withPointAt(close, [0.503, 0.5])).toBeNull();
		let full: Card = own;
		for (let i = 0; i < 99; i++) full = withPoint(full);
		expect(full.points).toHaveLength(MAX_POINTS);
		expect(withPointAt(full, [0.3, 0.5])).toBeNull();
		expect(readComparison(JSON.stringify({ ...FIRST, cards: [FIRST.cards[1], full] }))).not.toBeNull();
	});
});

test("rates are those that training uses", () => {
	const rates = ratesOf(card({ family: "wsd-linear", warmupSteps: 100 }), STEPS);
	expect(rates).toHaveLength(STEPS);
	expect(rates[49]).toBeCloseTo(0.0015, 12);
	expect(rates[799]).toBe(0.003);
	expect(rates[899]).toBeCloseTo(0.0015, 12);
	expect(rates[999]).toBe(0);
});
