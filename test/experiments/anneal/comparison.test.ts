import { describe, expect, test } from "vitest";
import { ratesOf } from "../../../src/experiments/anneal/card-handles.ts";
import { cardNames, typedName } from "../../../src/experiments/anneal/card-names.ts";
import {
	changeCard,
	duplicateCard,
	forkCard,
	forkShare,
	isForkable,
	removeCard,
} from "../../../src/experiments/anneal/change-cards.ts";
import { type Card, FAMILIES, trunkStepsOf } from "../../../src/experiments/anneal/comparison.ts";
import { readComparison } from "../../../src/experiments/anneal/read-comparison.ts";
import { FIRST, STARTS, withStart } from "../../../src/experiments/anneal/starts.ts";
import { studyOf } from "../../../src/experiments/anneal/study-of-comparison.ts";
import { stepAtShare } from "../../../src/run/schedule.ts";
import { LAPTOP_GPU, secondsFor } from "../../../src/study/cost.ts";
import { planOf } from "../fixtures.ts";

const start = (id: string) => withStart(FIRST, STARTS.find((each) => each.id === id)!);

describe("a comparison", () => {
	test("is a study with an arm for each card, in one pack where no trunk is shared", async () => {
		const plan = await planOf(studyOf(start("floor")));
		expect(plan.arms.map(({ name, runIds }) => [name, runIds.length])).toEqual([
			["Cosine to 0", 3],
			["Cosine to 10 %", 3],
			["Linear to 0", 3],
		]);
		expect(plan.packs).toHaveLength(1);
		expect(plan.runs.every(({ spec }) => spec.ema === 0.99 && spec.steps === 1954)).toBe(true);
	});

	test("to begin with takes about half a minute of a laptop GPU, and no start more than two", async () => {
		for (const { id } of STARTS) {
			const { totals } = await planOf(studyOf(start(id)));
			expect(secondsFor(totals.cost, LAPTOP_GPU), id).toBeLessThan(id === "anneal" ? 60 : 120);
		}
	});

	test("trains a shared trunk once", async () => {
		const { runs } = await planOf(studyOf(start("decays")));
		const branches = runs.flatMap(({ spec, branch }) => (spec.seed === 1 && branch ? [branch.step / spec.steps] : []));
		expect(branches.map((share) => share.toFixed(2))).toEqual(["0.80", "0.80", "0.50"]);
	});

	test("of budgets has a trunk with a decay at each, and a cosine for each", async () => {
		const comparison = start("budgets");
		const { runs, arms } = await planOf(studyOf(comparison));
		expect(arms.map(({ name }) => name)).toEqual([
			"Constant",
			...["250k", "500k", "1M"].map((tokens) => `WSD 20 % 1−√, ${tokens} tokens`),
			...["250k", "500k", "1M"].map((tokens) => `Cosine to 0, ${tokens} tokens`),
		]);
		expect(runs.filter(({ branch }) => branch)).toHaveLength(9);
	});

	test("survives being kept as text; what is none does not", () => {
		expect(readComparison(JSON.stringify(FIRST))).toEqual(FIRST);
		const forked = forkCard(FIRST, 2);
		expect(readComparison(JSON.stringify(forked))).toEqual(forked);
		for (const text of [
			...[
				"",
				"{}",
				JSON.stringify({ ...FIRST, seeds: 0 }),
				JSON.stringify({ ...FIRST, cards: FIRST.cards.slice(0, 1) }),
			],
			JSON.stringify(changeCard(FIRST, 1, { peak: 20 })),
			JSON.stringify({ ...FIRST, cards: [FIRST.cards[0], FIRST.cards[0]] }),
		])
			expect(readComparison(text)).toBeNull();
	});
});

describe("cards", () => {
	const cards = (...changes: Partial<Card>[]) => changes.map((change, i) => ({ ...FIRST.cards[0]!, id: i, ...change }));
	const names = (...changes: Partial<Card>[]) => cardNames({ cards: cards(...changes), tokens: 1e6 });

	test("have names that say what they do, and what else differs", () => {
		expect(names(...FAMILIES.map((family) => ({ family, floor: 0.1 })))).toEqual([
			...["Constant", "Cosine to 10 %", "WSD 20 % linear to 10 %", "WSD 20 % 1−√ to 10 %", "Linear to 10 %"],
			...["Inverse square root, at least 10 %", "Piecewise, 3 points"],
		]);
		expect(names({}, { peak: 0.006 }, { tokens: 5e5 })).toEqual([
			...["Constant, 0.003, 1M tokens", "Constant, 0.006", "Constant, 0.003, 500k tokens"],
		]);
		expect(names({}, {}, { warmupSteps: 9 })).toEqual([
			...["Constant, warmup 50", "Constant, warmup 50 (2)", "Constant, warmup 9"],
		]);
	});

	test("have the names that they are given, told apart as others are", async () => {
		const given = [{ name: "Mine" }, { name: "Mine", peak: 0.01 }, { name: "Mine" }, { name: "Mine, 0.003 (2)" }, {}];
		expect(names(...given)).toEqual([
			...["Mine, 0.003", "Mine, 0.01", "Mine, 0.003 (2)", "Mine, 0.003 (2) (2)", "Constant"],
		]);
		const longest = {
			name: "😀".repeat(30),
			warmupSteps: 400,
			tail: { after: 0.5, tokens: null, form: "1-sqrt", floor: 0.123 },
		};
		const long = cards(
			longest as Partial<Card>,
			{ ...longest, peak: 1.23e-8 } as Partial<Card>,
			longest as Partial<Card>,
		);
		const { arms } = await planOf(studyOf({ ...FIRST, cards: long }));
		expect(arms.map(({ name }) => name)).toEqual(cardNames({ ...FIRST, cards: long }));
		// A fork has a name of its own.
		const named = changeCard(FIRST, 2, { name: "Mine" });
		expect(cardNames(forkCard(named, 2)).slice(1, 3)).toEqual(["Mine", "Cosine to 10 %, forked at 50 %"]);
		expect(cardNames(duplicateCard(named, 2)).slice(1, 3)).toEqual(["Mine", "Mine (2)"]);
	});

	test("take as names what can be printed on a line", () => {
		expect(["  My \n own\u202e  one ", "", " \t ", "a".repeat(70), `${"a".repeat(59)}😀`].map(typedName)).toEqual([
			...["My own one", undefined, undefined, "a".repeat(60), "a".repeat(59)],
		]);
	});

	test("are copied and removed within two to eight, with numbers of their own", () => {
		let comparison = FIRST;
		for (let i = 0; i < 9; i++) comparison = duplicateCard(comparison, 2);
		expect(comparison.cards).toHaveLength(8);
		expect(new Set(comparison.cards.map(({ id }) => id)).size).toBe(8);
		expect(comparison.cards[1]).toBe(FIRST.cards[1]);
		expect(comparison.cards[2]).toMatchObject({ family: "cosine", floor: 0.1 });
		for (let i = 0; i < 9; i++) comparison = removeCard(comparison, comparison.cards[0]!.id);
		expect(comparison.cards).toHaveLength(2);
		expect(changeCard(FIRST, 2, { peak: 0.1 }).cards[0]).toBe(FIRST.cards[0]);
	});

	test("fork from what is constant of them, and the engine shares their trunk", async () => {
		const forked = forkCard(FIRST, 1, 0.4);
		expect(forked.cards[1]).toMatchObject({ family: "wsd-linear", decayStart: 0.4, peak: 0.003, id: 4 });
		const { runs } = await planOf(studyOf(forked));
		const fork = runs.find(({ spec }) => spec.schedule.cooldown === "linear")!;
		expect(fork.branch!.step).toBe(stepAtShare(0.4, fork.spec.steps));
		expect(fork.branch!.step / fork.spec.steps).toBeCloseTo(0.4, 3);
	});

	test("that fall are forked at any tenth: first in the middle, or in that of what is constant, where a moment is kept", async () => {
		const tail = { after: 0.5, tokens: null, form: "linear", floor: 0 };
		const cosine = forkCard(FIRST, 2);
		expect(cosine.cards[2]).toEqual({ ...FIRST.cards[1], id: 4, tail });
		const wsd = forkCard(cosine, 3);
		expect(wsd.cards[4]).toEqual({ ...FIRST.cards[2], id: 5, tail: { ...tail, after: 0.4, form: "1-sqrt" } });
		expect(cardNames(wsd)).toEqual([
			...[
				"Constant",
				"Cosine to 10 %",
				"Cosine to 10 %, forked at 50 %",
				"WSD 20 % 1−√",
				"WSD 20 % 1−√, forked at 40 %",
			],
		]);
		const { runs, arms } = await planOf(studyOf(wsd));
		const branch = (arm: number) => runs.find(({ id }) => id === arms[arm]!.runIds[0])!.branch;
		expect(branch(2)).toEqual({ parent: arms[1]!.runIds[0], step: 977 });
		expect(branch(4)).toEqual({ parent: arms[0]!.runIds[0], step: 782 });
		expect([
			forkShare(FIRST.cards[1]!, [0.1, 0.2]),
			forkShare(FIRST.cards[1]!, []),
			forkShare(FIRST.cards[0]!),
		]).toEqual([...[0.2, 0.5, 0.6]]);
		// A fork is not forked again.
		expect([isForkable(wsd, wsd.cards[2]!), forkCard(wsd, 4)]).toEqual([false, wsd]);
	});

	test("change with their forks, which have another budget where they are given one", async () => {
		const forked = forkCard(FIRST, 2);
		const { cards } = changeCard(forked, 2, { peak: 0.01, tokens: 500_000 });
		expect(cards[2]).toMatchObject({ peak: 0.01, tokens: null, tail: { tokens: 500_000 } });
		expect(cards[0]).toBe(FIRST.cards[0]);
		const longer = { ...forked, cards };
		expect(trunkStepsOf(longer, cards[2]!)).toBe(977);
		const { runs, arms } = await planOf(studyOf(longer));
		const fork = runs.find(({ id }) => id === arms[2]!.runIds[0])!;
		expect(fork.spec).toMatchObject({ steps: 1954, schedule: { tail: { after: 488, of: 977 } } });
		expect(fork.branch).toEqual({ parent: arms[1]!.runIds[0], step: 488 });
		expect(Array.from(ratesOf(cards[2]!, 1954, 977).slice(0, 488))).toEqual(
			Array.from(ratesOf(cards[1]!, 977).slice(0, 488)),
		);
		// A fork of another card, or one that was changed before, stays.
		expect(changeCard(forked, 1, { peak: 0.01 }).cards[2]).toBe(forked.cards[2]);
		expect(changeCard(forked, 4, { tail: { ...forked.cards[2]!.tail!, floor: 0.1 } }).cards[1]).toBe(forked.cards[1]);
	});

	test("whose forks are alike but for their tails are told apart by them", () => {
		const tail = { after: 0.5, tokens: null, form: "linear", floor: 0 } as const;
		expect(
			names(
				{ family: "cosine", tail },
				{ family: "cosine", tail: { ...tail, form: "1-sqrt", floor: 0.1 } },
				{ family: "cosine", tail: { ...tail, after: 0.7 } },
			),
		).toEqual([
			"Cosine to 0, forked at 50 %, linear to 0",
			"Cosine to 0, forked at 50 %, 1−√ to 10 %",
			"Cosine to 0, forked at 70 %",
		]);
	});
});
