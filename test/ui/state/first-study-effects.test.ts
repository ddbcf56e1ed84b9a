import { describe, expect, it } from "vitest";
import { presetNamed } from "../../../src/experiments/experiments.ts";
import { whyFirst } from "../../../src/ui/pages/study/texts.ts";
import { openLab } from "../../../src/ui/state/open-lab.ts";
import { estimateOf, phaseOf, presetOf } from "../../../src/ui/state/selectors.ts";
import { type FakeLabOptions, fakeLab } from "../fake-lab.ts";

const minute = presetNamed("minute")!.study;

/** A lab as the page opens it: on `minute`, with its adapter found. */
async function open(options: FakeLabOptions = {}, memory: Parameters<typeof openLab>[2] = null) {
	const fake = fakeLab(options);
	const { store, effects } = openLab(fake, minute, memory);
	await effects.start();
	await effects.planStudy();
	return { fake, store, effects };
}
const always = () => true;
const GPU = { flopsPerSecond: 2e12, secondsPerDispatch: 8e-6 };
const SLOW = { flopsPerSecond: 5e9, secondsPerDispatch: 1e-4 };

describe("the study of the first screen", () => {
	it("is what the adapter finishes in about a minute, and says so", async () => {
		const { fake, store, effects } = await open({ probed: GPU });
		expect(whyFirst(store.state)).toBe("");
		await effects.chooseFirst(always);
		expect(fake.calls).toEqual(["probe"]);
		expect(presetOf(store.state)).toBe("reconcile");
		expect(phaseOf(store.state)).toBe("ready");
		expect(estimateOf(store.state)).toBeLessThan(60);
		expect(whyFirst(store.state)).toMatch(/^Chosen because this GPU takes about \d+ s for it\.$/);
		expect(store.state.device.probed).toBe(true);
	});

	it("is the one there is, if that suits the adapter", async () => {
		const { fake, store, effects } = await open();
		const { plan } = store.state.document;
		await effects.chooseFirst(always);
		expect(presetOf(store.state)).toBe("minute");
		expect(store.state.document.plan).toBe(plan);
		expect(fake.planned).toEqual(["minute", "smoke", "minute", "reconcile"]);
		expect(whyFirst(store.state)).toMatch(/^Chosen because this GPU takes about /);
	});

	it.each([null, SLOW])("is the smallest on a slow adapter, and on one that cannot be measured", async (probed) => {
		const { store, effects } = await open({ probed });
		await effects.chooseFirst(always);
		expect(presetOf(store.state)).toBe("smoke");
		expect(whyFirst(store.state)).toMatch(
			probed ? /^Chosen because this GPU takes about / : /its speed is not known yet\.$/,
		);
	});

	it("goes by the adapter's last study, without measuring again", async () => {
		const stored = JSON.stringify({ "Scripted adapter": GPU });
		const { fake, store, effects } = await open({}, { getItem: () => stored, setItem: () => {} });
		await effects.chooseFirst(always);
		expect(fake.calls).toEqual([]);
		expect(presetOf(store.state)).toBe("reconcile");
		expect(store.state.device.probed).toBe(false);
	});

	it("replaces nothing that was chosen or begun, before or meanwhile", async () => {
		const edited = await open({ probed: GPU });
		const choosing = edited.effects.chooseFirst(always);
		await edited.effects.edit({ ...minute, seeds: [7] });
		await choosing;
		expect(presetOf(edited.store.state)).toBeNull();
		expect(whyFirst(edited.store.state)).toBe("");

		const unwanted = await open({ probed: GPU });
		await unwanted.effects.chooseFirst(() => false);
		expect(presetOf(unwanted.store.state)).toBe("minute");
		expect(unwanted.fake.calls).toEqual([]);

		const training = await open({ probed: GPU, pause: 1 });
		const running = training.effects.run();
		await training.effects.chooseFirst(always);
		expect(presetOf(training.store.state)).toBe("minute");
		await training.effects.stop();
		await running;
	});

	it("stays where there is no adapter, and where the measurement fails it is the smallest", async () => {
		const none = await open({ noAdapter: true });
		await none.effects.chooseFirst(always);
		expect(presetOf(none.store.state)).toBe("minute");
		const broken = await open();
		broken.fake.training.probe = () => Promise.reject(new Error("lost"));
		await broken.effects.chooseFirst(always);
		expect(presetOf(broken.store.state)).toBe("smoke");
	});

	it("is no longer the page's choice once somebody picks one", async () => {
		const { store, effects } = await open({ probed: GPU });
		await effects.chooseFirst(always);
		await effects.pickPreset("smoke");
		expect(whyFirst(store.state)).toBe("");
	});
});
