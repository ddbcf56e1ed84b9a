import { describe, expect, it, vi } from "vitest";
import { changeCard, forkCard, removeCard } from "../../../../src/experiments/anneal/change-cards.ts";
import type { Comparison } from "../../../../src/experiments/anneal/comparison.ts";
import { packComparison } from "../../../../src/experiments/anneal/comparison-link.ts";
import { FIRST, STARTS, withStart } from "../../../../src/experiments/anneal/starts.ts";
import { presetNamed } from "../../../../src/experiments/experiments.ts";
import { AnnealSession } from "../../../../src/ui/pages/anneal/anneal-session.ts";
import { costTexts, statusText } from "../../../../src/ui/pages/anneal/anneal-texts.ts";
import { budgetSchemes, rankingsOf, shownCards } from "../../../../src/ui/pages/anneal/anneal-views.ts";
import { openLab } from "../../../../src/ui/state/open-lab.ts";
import { isRunnable } from "../../../../src/ui/state/selectors.ts";
import { type FakeLabOptions, fakeLab } from "../../fake-lab.ts";

/** Small enough to train within a moment in a lab that trains nothing. */
const SMALL: Comparison = { ...FIRST, size: { width: 64, layers: 8, heads: 4 }, tokens: 200_000, seeds: 2 };

function memoryOf(comparison: Comparison | null = SMALL) {
	const values = new Map(comparison ? [["isoflop-schedules", JSON.stringify(comparison)]] : []);
	return {
		getItem: (key: string) => values.get(key) ?? null,
		setItem: (key: string, value: string) => values.set(key, value),
	};
}

/** A session in a lab on the smoke study, opened and planned. */
async function open(options: FakeLabOptions = {}, memory = memoryOf()) {
	const fake = fakeLab(options);
	const { store, effects } = openLab(fake, presetNamed("smoke")!.study, null);
	await effects.start();
	await effects.planStudy();
	const session = new AnnealSession(memory);
	await session.open(await effects.guest());
	return { fake, store, effects, session };
}

const cardsOf = ({ state }: AnnealSession) => shownCards(state);
const settled = (session: AnnealSession) =>
	vi.waitFor(() => {
		expect(session.state.phase).toBe("ready");
		expect(session.state.planned?.comparison).toBe(session.state.comparison);
	}, 5000);

describe("a comparison", () => {
	it("is planned when it is shown, and trains nothing by itself", async () => {
		const { fake, session } = await open();
		expect(fake.calls).toEqual([]);
		expect(statusText(session.state, 0, null)).toBe("6 runs, none trained yet");
		const costs = Object.fromEntries(costTexts(session.state, null));
		expect(costs.Runs).toBe("6");
		expect(costs["Training tokens"]).toMatch(/^881k; shared trunks save 27 %$/);
		expect(costs.Time).toMatch(/on a typical laptop GPU$/);
		expect(cardsOf(session)[2]!.trunk).toBe("Shares the first 313 of 391 steps with Constant, which trains them once.");
	});

	it("trains to the end, ranks its schedules, and fits the law of annealing", async () => {
		const { store, session } = await open();
		const seen = new Set<string | undefined>();
		store.subscribe(() => seen.add(store.state.device.guest?.page));
		const statuses = new Set<string>();
		store.subscribe(() => statuses.add(statusText(session.state, 0, store.state.device.measured)));
		await session.run();
		expect(statuses).toContain("Measuring this GPU's kernels: 2 of 6");
		expect([...seen]).toEqual(["Anneal", undefined]);
		expect(statusText(session.state, 0, null)).toBe("All 6 runs finished and stored");
		const [ranking] = rankingsOf(cardsOf(session), 1);
		expect(ranking!.comparison.standings.map(({ name, raw }) => [name, raw.rank])).toEqual([
			["WSD 20 % 1−√", 1],
			["Cosine to 10 %", 2],
			["Constant", 3],
		]);
		await vi.waitFor(() => expect(session.state.law?.estimate).toBeGreaterThan(0), 10_000);
		// What has been trained is not forecast.
		expect(cardsOf(session).map(({ view }) => view.expected)).toEqual([null, null, null]);
	});

	it("expects a loss of a schedule that is being dragged, keeps it when that trains, and shows both", async () => {
		const { session } = await open();
		await session.run();
		await vi.waitFor(() => expect(session.state.law).not.toBeNull(), 10_000);
		session.edit(changeCard(session.state.comparison, 2, { floor: 0.5 }));
		const dragged = cardsOf(session)[1]!.view.expected!;
		expect(cardsOf(session)[1]!.view.curves).toEqual([]);
		expect(cardsOf(session)[0]!.view.curves).toHaveLength(2);
		session.edit(changeCard(session.state.comparison, 2, { floor: 0 }));
		const lower = cardsOf(session)[1]!.view.expected!;
		expect(lower.loss.at(-1)).not.toBe(dragged.loss.at(-1));
		await settled(session);
		await session.run();
		const { forecast, view } = cardsOf(session)[1]!;
		expect(forecast!.expected).toBe(lower.loss.at(-1));
		expect(Math.abs(forecast!.trained / forecast!.expected - 1)).toBeLessThan(0.05);
		expect(view.expected).toEqual(lower);
	});

	it("forks a trunk that trains once; another model forgets what was shown", async () => {
		const { session } = await open();
		session.edit(forkCard(session.state.comparison, 1, 0.5));
		await settled(session);
		const [, fork] = cardsOf(session);
		expect(fork!.trunk).toMatch(/^Shares the first 19[56] of 391 steps with Constant/);
		await session.run();
		expect(cardsOf(session)[1]!.trunk).toMatch(/^Shares the first 19[56] of 391 steps with Constant, bit for bit\.$/);
		// The trunk has ended, and kept no checkpoint for a branch between tenths.
		session.edit(forkCard(session.state.comparison, 1, 0.72));
		await settled(session);
		expect(cardsOf(session)[1]!.trunk).toMatch(
			/^Shares the first 28[12] of 391 steps with Constant, which is trained and kept no checkpoint there/,
		);
		// Two seeds of 512 tokens per step: three whole runs of 391 steps, and two that shared 195 and 313 of them.
		expect(Object.fromEntries(costTexts(session.state, null))["Training tokens"]).toMatch(/^1\.48M/);
		session.edit({ ...session.state.comparison, vocabulary: 256 });
		expect(session.state).toMatchObject({ planned: null, law: null, phase: "preparing" });
		expect(cardsOf(session).every(({ trained }) => trained.runs.length === 0)).toBe(true);
	});

	it("forks a cosine that is trained: only the other half of its steps train", async () => {
		const { fake, session } = await open();
		await session.run();
		const card = (id: number) => session.state.comparison.cards.find((each) => each.id === id)!;
		expect(session.keptShares(card(2))).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
		// What its trunk has kept is kept of the schedule that decays, too.
		expect(session.keptShares(card(3))).toHaveLength(9);
		const before = fake.steps;
		session.edit(forkCard(session.state.comparison, 2, 0.5));
		await settled(session);
		const fork = cardsOf(session)[2]!;
		expect([fork.name, fork.trunk]).toEqual([
			"Cosine to 10 %, forked at 50 %",
			"Shares the first 195 of 391 steps with Cosine to 10 %, which has trained them: only the other 196 train.",
		]);
		// Of two seeds: the first study's 3 runs share 313 steps, the fork 195.
		expect(costTexts(session.state, null)[1]![1]).toMatch(/^1\.08M; shared trunks save 32 %$/);
		await session.run();
		expect(fake.steps - before).toBe(2 * 196);
		// Without its trunk it would train all its steps, and says so.
		session.edit(removeCard(session.state.comparison, 2));
		session.edit(changeCard(session.state.comparison, 4, { tail: { ...card(4).tail!, floor: 0.2 } }));
		await settled(session);
		expect(cardsOf(session)[1]!.trunk).toBe("No schedule here is its trunk: all its steps are its own.");
	});

	it("keeps the moments of the last comparison that trained, of no other", async () => {
		const { session } = await open();
		await session.run();
		const first = session.state.kept;
		expect(new Set(first.map(({ parent }) => parent)).size).toBe(6);
		session.edit(changeCard(session.state.comparison, 1, { peak: 0.01 }));
		await settled(session);
		expect(session.state.kept).toEqual(first);
		await session.run();
		const ids = new Set(session.state.planned!.plan.runs.map(({ id }) => id));
		expect(session.state.kept.every(({ parent }) => ids.has(parent))).toBe(true);
	});

	it("ranks each budget by itself, and sums what they cost", async () => {
		const { session } = await open({}, memoryOf(withStart(SMALL, STARTS.find(({ id }) => id === "budgets")!)));
		await session.run();
		const cards = cardsOf(session);
		const rankings = rankingsOf(cards, cards[0]!.card.id);
		expect(rankings.map(({ comparison }) => [comparison.reference, comparison.standings.length])).toEqual([
			["Constant", 3],
			["WSD 20 % 1−√, 100k tokens", 2],
			["WSD 20 % 1−√, 50k tokens", 2],
		]);
		expect(budgetSchemes(cards).map(({ name, budgets }) => [name, budgets.length])).toEqual([
			["WSD, 1−√ decay", 3],
			["Cosine", 3],
		]);
	});

	it("is kept for the next visit", async () => {
		const memory = memoryOf(null);
		const { session } = await open({}, memory);
		expect(session.state.comparison).toEqual(FIRST);
		session.edit(changeCard(session.state.comparison, 3, { decayStart: 0.6 }));
		await settled(session);
		expect(new AnnealSession(memory).state.comparison).toEqual(session.state.comparison);
	});

	it("of a link is shown without training, and kept for the next visit once it is changed or trained", async () => {
		const memory = memoryOf();
		const { fake, session } = await open({}, memory);
		const sent: Comparison = { ...SMALL, corpus: "moby-dick", seeds: 1 };
		const packed = await packComparison(sent);
		expect(await session.openLink(packed)).toEqual({ shown: "The comparison", texts: [] });
		expect(session.state.comparison).toEqual(sent);
		await settled(session);
		expect([session.isLinked, statusText(session.state, 0, null)]).toEqual([true, "3 runs, none trained yet"]);
		expect(fake.calls).toEqual([]);
		expect(new AnnealSession(memory).state.comparison).toEqual(SMALL);
		session.edit(changeCard(session.state.comparison, 1, { peak: 0.01 }));
		await settled(session);
		expect(session.isLinked).toBe(false);
		expect(new AnnealSession(memory).state.comparison).toEqual(session.state.comparison);
		await session.openLink(packed);
		await settled(session);
		await session.run();
		expect(new AnnealSession(memory).state.comparison).toEqual(sent);
	});

	it("of a link is refused with the reason, and nothing changes", async () => {
		const { store, effects, session } = await open({ pause: 2 });
		const guest = await effects.guest();
		const { comparison } = session.state;
		const opened = (packed: string) => guest.openGuestLink("A link", () => session.openLink(packed));
		expect(await opened("<script>")).toBe(false);
		expect(store.state.messages.notice).toMatchObject({
			kind: "error",
			text: "the link is damaged: it has characters that no packed comparison has. Nothing was changed.",
		});
		const own = await packComparison({ ...SMALL, corpus: "file:mine.txt" });
		const running = session.run();
		expect(await opened(own)).toBe(false);
		expect(store.state.messages.notice!.text).toMatch(/^a comparison is training; stop it/);
		expect(session.state.comparison).toBe(comparison);
		await session.stop();
		await running;
		expect(await opened(own)).toBe(true);
		expect(store.state.messages.notice!.text).toBe(
			"The comparison is shown. Nothing trains until you press Run. It reads file:mine.txt, which no link holds: add that file here first.",
		);
	});

	it("says what is wrong with it, and recovers", async () => {
		const { session } = await open();
		session.edit(changeCard(session.state.comparison, 1, { peak: 11 }));
		await vi.waitFor(() => expect(session.state.problem).not.toBeNull(), 5000);
		expect(session.state.problem!.message).toContain("learningRates");
		await session.run();
		session.edit(changeCard(session.state.comparison, 1, { peak: 0.01 }));
		await settled(session);
		expect(session.state.problem).toBeNull();
	});
});

describe("training", () => {
	it("pauses, resumes and stops; the comparison cannot change meanwhile", async () => {
		const { fake, session } = await open({ pause: 2 });
		const running = session.run();
		await vi.waitFor(() => expect(session.state.progress.pack).not.toBeNull(), 5000);
		await session.pause();
		const { comparison } = session.state;
		session.edit(changeCard(comparison, 1, { peak: 0.01 }));
		expect(session.state.comparison).toBe(comparison);
		await session.resume();
		await session.stop();
		await running;
		expect(fake.calls).toEqual(["run", "pause", "resume", "stop"]);
		expect(session.state.phase).toBe("ready");
	});

	it("is one at a time: neither the study nor the comparison starts while the other trains", async () => {
		const { fake, store, effects, session } = await open({ pause: 1 });
		const running = session.run();
		await vi.waitFor(() => expect(store.state.device.guest).not.toBeNull());
		expect(isRunnable(store.state)).toBe(false);
		await effects.run();
		await effects.forgetKernels();
		expect(fake.calls).toEqual(["run"]);
		await session.stop();
		await running;
		const study = effects.run();
		await session.run();
		expect(session.state.failure).toBe("The study is training; one study trains at a time.");
		await effects.stop();
		await study;
		expect(fake.calls).toEqual(["run", "stop", "run", "stop"]);
	});

	it("that fails says why, and leaves the comparison as it was", async () => {
		const { store, session } = await open({ failAfter: 5 });
		await session.run();
		expect(session.state).toMatchObject({ phase: "ready", failure: "the GPU was lost: the script says so." });
		expect(store.state.device.guest).toBeNull();
	});
});
