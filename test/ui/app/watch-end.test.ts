import { expect, it } from "vitest";
import { presetNamed } from "../../../src/experiments/experiments.ts";
import { watchEnd } from "../../../src/ui/app/watch-end.ts";
import { openLab } from "../../../src/ui/state/open-lab.ts";
import { fakeLab } from "../fake-lab.ts";

function watched(options: Parameters<typeof fakeLab>[0] = {}) {
	const { store, effects } = openLab(fakeLab(options), presetNamed("smoke")!.study, null);
	const ends: string[] = [];
	watchEnd(store, (text) => ends.push(text));
	return { store, effects, ends };
}

it("says once how the study ended", async () => {
	const { effects, ends } = watched({ ticks: 2 });
	await effects.start();
	await effects.planStudy();
	expect(ends).toEqual([]);
	await effects.run();
	expect(ends).toEqual([expect.stringMatching(/^All done: (\d+) of \1 runs finished and stored\.$/)]);
});

it("says why it failed", async () => {
	const { effects, ends } = watched({ ticks: 2, failAfter: 5 });
	await effects.start();
	await effects.planStudy();
	await effects.run();
	expect(ends).toEqual([expect.stringMatching(/^the GPU was lost: the script says so\./)]);
});

it("names the page that trained for itself", () => {
	const { store, ends } = watched();
	store.dispatch({ type: "guest-training", page: "Anneal", tokensPerSecond: 0 });
	store.dispatch({ type: "guest-training", page: "Anneal", tokensPerSecond: 1e6 });
	store.dispatch({ type: "guest-ended" });
	expect(ends).toEqual(["Anneal: training has ended."]);
});
