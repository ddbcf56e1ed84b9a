import { beforeEach, describe, expect, it, vi } from "vitest";
import { studyHash } from "../../../src/study/forecast.ts";
import type { Study } from "../../../src/study/study.ts";
import { validateStudy } from "../../../src/study/validate-study.ts";
import { choicesOf } from "../../../src/ui/pages/study/forecast-choices.ts";
import { openLab } from "../../../src/ui/state/open-lab.ts";
import { resultsOf } from "../../../src/ui/state/run-view.ts";
import { finishedCount, isComplete, phaseOf } from "../../../src/ui/state/selectors.ts";
import { type FakeLab, type FakeLabOptions, fakeLab } from "../fake-lab.ts";

const study: Study = validateStudy({
	...{ name: "five sizes", corpora: ["sotu"], vocabularies: [256], context: 16, batchSequences: [32] },
	sizes: [8, 12, 16, 24, 32].map((width) => ({ width, layers: 1, heads: 2 })),
	...{ learningRates: [0.01], seeds: [1, 2], steps: [100] },
});
const [RUNS, ASIDE] = [10, 2];

async function open(options: FakeLabOptions = {}, fake: FakeLab = fakeLab(options)) {
	const { store, effects } = openLab(fake, study, null);
	await effects.start();
	await effects.planStudy();
	return { fake, store, effects };
}

let lab: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
	lab = await open();
});

/** Seconds on a machine that has other work. */
const LONG = 120_000;

describe("a study with runs set aside", () => {
	it(
		"trains the rest, seals what it predicts, trains what was set aside, and judges",
		async () => {
			const { fake, store, effects } = lab;
			await effects.setAside("largest");
			const seen = new Set<string>();
			store.subscribe(() => {
				const { forecast, work } = store.state;
				seen.add(
					`${forecast.isSealing ? "sealing" : forecast.sealed ? "sealed" : "open"} ${finishedCount(store.state)}`,
				);
				expect(work.progress.runs).toHaveLength(RUNS);
			});
			await effects.run();
			expect(fake.calls.filter((call) => call !== "probe")).toEqual([
				"keepSetAside largest",
				"run",
				"keepSetAside largest sealed",
				"run",
			]);
			expect([...seen]).toContain(`sealing ${RUNS - ASIDE}`);
			expect([...seen]).toContain(`sealed ${RUNS}`);
			expect([...seen].filter((each) => each.startsWith("open"))).not.toContain(`open ${RUNS - ASIDE + 1}`);
			expect(isComplete(store.state)).toBe(true);
			await vi.waitFor(() => expect(store.state.forecast.judgement?.waiting).toBe(0), LONG);
			const { sealed, judgement } = store.state.forecast;
			expect(sealed!.heldOut).toHaveLength(ASIDE);
			expect(sealed!.study.hash).toBe(await studyHash(study));
			expect(judgement!.runs.filter(({ came }) => came !== null)).toHaveLength(ASIDE);
		},
		LONG,
	);

	it(
		"keeps its choice and its seal over a reload, and never loses a sealed forecast",
		async () => {
			const { fake, store, effects } = lab;
			await effects.setAside("largest");
			const chosen = await open({}, fake);
			expect(chosen.store.state.forecast).toMatchObject({ by: "largest", sealed: null });
			await effects.run();
			const again = await open({}, fake);
			expect(again.store.state.forecast.sealed).toEqual(store.state.forecast.sealed);
			await vi.waitFor(() => expect(again.store.state.forecast.judgement?.waiting).toBe(0), LONG);
			await again.effects.setAside(null);
			expect(again.store.state.forecast.sealed).not.toBeNull();
			await expect(fake.training.keepSetAside(await studyHash(study), null)).rejects.toThrow("is sealed");
		},
		LONG,
	);

	it("forgets the choice with another study, and takes it back when asked", async () => {
		const { store, effects } = lab;
		await effects.setAside("largest");
		await effects.edit({ ...study, name: "other" });
		expect(store.state.forecast.by).toBeNull();
		await effects.setStudy(study);
		expect(store.state.forecast.by).toBe("largest");
		await effects.setAside(null);
		await effects.edit({ ...study, name: "other" });
		await effects.setStudy(study);
		expect(store.state.forecast.by).toBeNull();
	});

	it(
		"stops between its parts when asked, and goes on with what is sealed",
		async () => {
			const { fake, store, effects } = lab;
			await effects.setAside("largest");
			const unsubscribe = store.subscribe(() => {
				if (store.state.forecast.isSealing && phaseOf(store.state) === "running") void effects.stop();
			});
			await effects.run();
			unsubscribe();
			expect(store.state.forecast.sealed).not.toBeNull();
			expect(finishedCount(store.state)).toBe(RUNS - ASIDE);
			expect(fake.calls.filter((call) => call === "run")).toHaveLength(1);
			await effects.run();
			expect(isComplete(store.state)).toBe(true);
		},
		LONG,
	);

	it("says why there is no forecast, and trains nothing that was set aside", async () => {
		// Every run diverges: there is nothing to fit.
		const { store, effects } = await open({ divergeAt: 0.001 });
		await effects.setAside("largest");
		await effects.run();
		expect(store.state.forecast).toMatchObject({ sealed: null, isSealing: false });
		expect(store.state.forecast.error).toContain("no run has a usable loss curve");
		expect(store.state.messages.notice).toMatchObject({ kind: "error" });
		expect(finishedCount(store.state)).toBe(RUNS - ASIDE);
	});
});

describe("the choice of what is set aside", () => {
	it("has the reason where a study or its results leave none", async () => {
		const { store } = lab;
		const { plan } = store.state.document;
		const [largest, budget] = choicesOf(plan!, []);
		expect(largest).toMatchObject({
			by: "largest",
			title: "largest size",
			aside: ASIDE,
			kept: RUNS - ASIDE,
			reason: null,
		});
		expect(budget!.reason).toBeNull();
		const trained = await open({ stored: RUNS });
		const [seen] = choicesOf(plan!, resultsOf(trained.store.state.work.progress.runs));
		expect(seen!.reason).toContain("2 of the 2 runs");
		const { plan: few } = (await open()).store.state.document;
		const small = { ...few!, runs: few!.runs.filter(({ spec }) => spec.model.width < 20) };
		expect(choicesOf(small, []).map(({ reason }) => reason)[0]).toBe(
			"without the largest size it has 2 sizes; a law of parameters and tokens needs 3",
		);
	});
});
