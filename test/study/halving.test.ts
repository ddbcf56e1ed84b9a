import { describe, expect, test } from "vitest";
import type { LossCurve, Stop } from "../../src/run/run-result.ts";
import type { RunSpec } from "../../src/run/run-spec.ts";
import { tokensPerStep } from "../../src/study/cost.ts";
import { type Contender, contestKey, contestOf, finalResults } from "../../src/study/halving.ts";
import { planStudy } from "../../src/study/planner.ts";
import { addStep, emptyCurve } from "../../src/train/curve.ts";
import { corpora, resultOf, studyWith } from "./fixtures.ts";

const STEPS = 1000;
const RATES = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032];
const halving = { at: [0.25, 0.5], margin: 0.05 };

const specs = new Map<string, RunSpec>();
for (const kind of ["constant", "cosine"] as const) {
	const fields = {
		sizes: [{ width: 8, layers: 1, heads: 1 }],
		schedules: [{ kind }],
		steps: [STEPS],
		seeds: [1, 2, 3],
	};
	const plan = await planStudy(studyWith({ ...fields, learningRates: RATES }), corpora);
	for (const { spec } of plan.runs) specs.set(`${kind} ${spec.optimizer.learningRate} ${spec.seed}`, spec);
}

/** The curve that training records of a loss for each step. */
function curveOf(spec: RunSpec, steps: number, loss: (step: number) => number): LossCurve {
	const state = emptyCurve();
	for (let step = 1; step <= steps; step++)
		addStep(state, step * tokensPerStep(spec), { loss: loss(step), gradientNorm: 1, updateRatio: 1 }, null);
	return state.curve;
}

interface Given {
	kind?: "constant" | "cosine";
	seeds?: number[];
	step?: number;
	/** Loss of a rate with a seed after a step. */
	loss: (rate: number, step: number, seed: number) => number;
	divergedAt?: (rate: number, seed: number) => number | null;
}

function contenders({ kind = "constant", seeds = [1, 2, 3], step = 250, loss, divergedAt = () => null }: Given) {
	return RATES.flatMap((rate) =>
		seeds.map((seed): Contender => {
			const spec = specs.get(`${kind} ${rate} ${seed}`)!;
			const end = divergedAt(rate, seed);
			const curve = curveOf(spec, end === null ? step : Math.min(step, end - 1), (at) => loss(rate, at, seed));
			return { id: `${rate} ${seed}`, spec, step, divergedAt: end !== null && end <= step ? end : null, curve };
		}),
	);
}

/** A loss that falls alike for all rates, which differ by as much as their distance from the best, in factors of 2. */
const apart =
	(best: number, nats: number) =>
	(rate: number, step: number, seed: number): number =>
		6 - 0.5 * Math.log(step) + nats * Math.abs(Math.log2(rate / best)) + 0.2 * seed;

const ended = (all: Contender[]) => contestOf(all, halving).ended;
const rateOf = (id: string) => Number(id.split(" ")[0]);
const stoppedRates = (given: Given) => [...new Set([...ended(contenders(given)).keys()].map(rateOf))];

describe("which rates are stopped", () => {
	test("those clearly behind, at most half, the worst first, all seeds together, with the reason", () => {
		const stops = ended(contenders({ loss: apart(0.002, 0.1) }));
		expect([...stops.keys()].sort()).toEqual(
			[0.008, 0.016, 0.032].flatMap((rate) => [1, 2, 3].map((s) => `${rate} ${s}`)),
		);
		const { behind, ...rest } = stops.get("0.032 2") as Stop;
		expect(rest).toEqual({ step: 250, bestRate: 0.002 });
		expect(behind).toBeCloseTo(0.4, 6);
	});

	test("never the neighbors of the best, tried or stopped before", () => {
		expect(stoppedRates({ loss: apart(0.004, 1) })).toEqual([0.001, 0.016, 0.032]);
		expect(stoppedRates({ loss: apart(0.001, 1) })).toEqual([0.008, 0.016, 0.032]);
	});

	test("none that is behind by less than the margin", () => {
		expect(stoppedRates({ loss: apart(0.002, 0.02) })).toEqual([0.016, 0.032]);
		expect(stoppedRates({ loss: apart(0.002, 0.01) })).toEqual([]);
	});

	test("none whose gap varies from seed to seed as much as it is wide; a level that a seed gives to all rates is no scatter", () => {
		const scattered = (rate: number, step: number, seed: number) =>
			apart(0.002, 0.1)(rate, step, seed) + (rate === 0.032 ? 0.5 * (seed - 2) : 0);
		expect(stoppedRates({ loss: scattered })).toEqual([0.008, 0.016]);
	});

	test("with one seed the margin decides", () => {
		expect(stoppedRates({ loss: apart(0.002, 0.1), seeds: [1] })).toEqual([0.008, 0.016, 0.032]);
	});

	test("none that catches up: a low rate, slow at first, whose gap closes by the end", () => {
		const slow = (step: number) => 0.5 - 0.3 * Math.log2(step / 250);
		const others: Record<number, number> = { 0.002: 0.01, 0.004: 0.01, 0.008: 0, 0.016: 0.4, 0.032: 0.4 };
		const late = (rate: number, step: number, seed: number) =>
			apart(0.008, 0)(rate, step, seed) + (others[rate] ?? slow(step));
		expect(stoppedRates({ loss: late })).not.toContain(0.001);
		const slower = (rate: number, step: number, seed: number) =>
			late(rate, step, seed) + (rate === 0.001 ? 0.2 * Math.log2(step / 250) : 0);
		expect(stoppedRates({ loss: slower })).toContain(0.001);
	});

	test("no higher rate where the schedule falls: its loss falls with it", () => {
		expect(stoppedRates({ kind: "cosine", loss: apart(0.004, 0.1) })).toEqual([0.001]);
	});

	test("a rate that diverged with a seed is behind, unless next to the best; the diverged run itself ends", () => {
		const divergedAt = (rate: number, seed: number) => ((rate === 0.032 || rate === 0.004) && seed === 2 ? 200 : null);
		const stops = ended(contenders({ loss: apart(0.002, 0), divergedAt }));
		expect(stops.get("0.032 1")).toEqual({ step: 250, bestRate: expect.any(Number), behind: null });
		expect(stops.get("0.032 2")).toBeNull();
		expect(stops.get("0.004 2")).toBeNull();
	});
});

describe("the course of a contest", () => {
	const until = (all: Contender[]) => Object.fromEntries(contestOf(all, halving).until);
	const all = (step: number) => contenders({ step, loss: apart(0.002, 0.1) });

	test("all train to the first decision, and wait there for the last of them", () => {
		expect(new Set(Object.values(until(all(0))))).toEqual(new Set([250]));
		const mixed = all(250).map((each, i) => (i === 4 ? { ...each, step: 249 } : each));
		expect(until(mixed)).toEqual({ [mixed[4]!.id]: 250 });
		expect(contestOf(mixed, halving).ended.size).toBe(0);
	});

	test("those that are left train to the next, and to the end", () => {
		expect(until(all(250))).toEqual(
			Object.fromEntries([0.001, 0.002, 0.004].flatMap((rate) => [1, 2, 3].map((s) => [`${rate} ${s}`, 500]))),
		);
	});

	/** Stopped at the first decision and stored as such; the others have come to `step`. */
	const later = (step: number) => {
		const stops = ended(all(250));
		return all(step).map((each): Contender => {
			const stopped = stops.get(each.id);
			if (!stopped) return each;
			const result = { ...resultOf(each, "stopped"), stopped };
			return { ...each, step: 250, curve: all(250).find(({ id }) => id === each.id)!.curve, result };
		});
	};

	test("a decision that is made again, from longer curves and stored stops, is the same", () => {
		for (const step of [250, 300, 499]) {
			expect(new Set(Object.values(until(later(step))))).toEqual(new Set([500]));
			expect(contestOf(later(step), halving).ended.size).toBe(0);
			// Also where only some stops were stored before the study was interrupted.
			const torn = later(step).map(
				({ result, ...each }, i): Contender => (i % 2 === 0 && result ? { ...each, result } : each),
			);
			const again = contestOf(torn, halving).ended;
			const first = ended(all(250));
			expect([...again.keys()]).toEqual(torn.filter((each) => first.has(each.id) && !each.result).map(({ id }) => id));
			for (const [id, stop] of again) expect(stop).toEqual(first.get(id));
		}
	});

	test("a run that has finished already stays in the contest and is never stopped", () => {
		const finished = all(250).map((each) =>
			each.id.startsWith("0.032") ? { ...each, step: STEPS, result: resultOf(each) } : each,
		);
		const { ended, until } = contestOf(finished, halving);
		expect([...ended.keys()].some((id) => id.startsWith("0.032"))).toBe(false);
		expect([...until.keys()].some((id) => id.startsWith("0.032"))).toBe(false);
		expect(ended.has("0.016 1")).toBe(true);
	});
});

test("runs compete that differ in seed and learning rate only", () => {
	const [a, b, c] = [specs.get("constant 0.001 1")!, specs.get("constant 0.032 2")!, specs.get("cosine 0.001 1")!];
	expect(contestKey(a)).toBe(contestKey(b));
	expect(contestKey(a)).not.toBe(contestKey(c));
	expect(contestKey(a)).not.toBe(contestKey({ ...a, batchSequences: 64 }));
});

test("a stopped run is final only in a study that stops at that step", () => {
	const run = { id: "a", spec: specs.get("constant 0.001 1")! };
	const stopped = { ...resultOf(run, "stopped"), stopped: { step: 250, bestRate: 0.004, behind: 0.3 } };
	expect(finalResults([stopped], {})).toEqual([]);
	expect(finalResults([stopped], { halving: { at: [0.5], margin: 0.05 } })).toEqual([]);
	expect(finalResults([stopped], { halving })).toEqual([stopped]);
	expect(finalResults([resultOf(run), resultOf(run, "diverged")], {}).length).toBe(2);
});
