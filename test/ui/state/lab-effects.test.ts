import { describe, expect, it, vi } from "vitest";
import { presets } from "../../../src/experiments/experiments.ts";
import { runLine, studyLine } from "../../../src/run/run-lines.ts";
import { studySize } from "../../../src/study/study-axes.ts";
import { packStudy } from "../../../src/study/study-link.ts";
import { emptyTexts, statusText } from "../../../src/ui/pages/study/texts.ts";
import { openLab } from "../../../src/ui/state/open-lab.ts";
import {
	estimateOf,
	finishedCount,
	isComplete,
	isRunnable,
	phaseOf,
	presetOf,
} from "../../../src/ui/state/selectors.ts";
import { type FakeLabOptions, fakeLab } from "../fake-lab.ts";

const smoke = presets.find(({ id }) => id === "smoke")!.study;
const RUNS = studySize(smoke);

function memoryOf(initial: Record<string, string> = {}) {
	const values = new Map(Object.entries(initial));
	return {
		getItem: (key: string) => values.get(key) ?? null,
		setItem: (key: string, value: string) => values.set(key, value),
	};
}

/** A lab on the smoke study, started and planned. */
async function open(options: FakeLabOptions = {}, memory: Parameters<typeof openLab>[2] = null) {
	const fake = fakeLab(options);
	const { store, effects } = openLab(fake, smoke, memory);
	await effects.start();
	await effects.planStudy();
	return { fake, store, effects };
}

describe("a link", () => {
	const linked = { ...smoke, name: "linked", seeds: [7] };

	it("shows its study and trains nothing", async () => {
		const { fake, store, effects } = await open();
		expect(await effects.openLink(await packStudy(linked))).toBe(true);
		expect(store.state.document.study).toEqual(linked);
		expect(store.state.messages.notice).toMatchObject({
			...{ kind: "info", text: "“linked” is shown. Nothing trains until you press Run." },
		});
		expect(fake.calls).toEqual([]);
	});

	it("names texts of the sender's that are missing here", async () => {
		const { store, effects } = await open();
		await effects.openLink(await packStudy({ ...linked, corpora: ["file:mine.txt"] }));
		expect(store.state.messages.notice!.text).toContain("It reads file:mine.txt, which no link holds");
	});

	it("that is hostile, or comes while a study trains, changes nothing and says why", async () => {
		const { store, effects } = await open({ pause: 5 });
		const { document } = store.state;
		expect(await effects.openLink("<script>")).toBe(false);
		expect(store.state.messages.notice).toMatchObject({ kind: "error", title: "The link was not opened" });
		expect(store.state.document).toBe(document);
		const running = effects.run();
		expect(await effects.openLink(await packStudy(linked))).toBe(false);
		expect(store.state.messages.notice!.text).toBe(
			"a study is training; stop it, and open the link again. Nothing was changed.",
		);
		expect(store.state.document.study).toBe(document.study);
		await effects.stop();
		await running;
	});
});

describe("storage", () => {
	it("that is full keeps no run from being trained, counted and exported; it says how many are in memory only", async () => {
		const { fake, store, effects } = await open({ room: 2 });
		await effects.run();
		expect(isComplete(store.state)).toBe(true);
		expect(store.state.work.progress.runs.every(({ result }) => result !== undefined)).toBe(true);
		expect(store.state.storage.trouble).toMatchObject({ problem: "full", runs: RUNS - 2 });
		expect(store.state.messages).toMatchObject({
			notice: null,
			announcement: `All done: ${RUNS} of ${RUNS} runs finished, ${RUNS - 2} in this tab's memory only.`,
		});
		expect(statusText(store.state)).toBe(`All ${RUNS} runs finished, ${RUNS - 2} in this tab only`);
		fake.room = 3;
		await effects.storeAgain();
		expect(store.state.storage.trouble).toMatchObject({ runs: RUNS - 3 });
		fake.room = RUNS;
		await effects.storeAgain();
		expect(store.state.storage.trouble).toBeNull();
		expect(store.state.messages.announcement).toBe("Everything is stored again.");
		expect(statusText(store.state)).toBe(`All ${RUNS} runs finished and stored`);
	});

	it("that the browser refuses is told before anything trains, and training works", async () => {
		const { store, effects } = await open({ refusal: "refused" });
		expect(store.state.storage.trouble).toMatchObject({ problem: "refused", runs: 0 });
		expect(phaseOf(store.state)).toBe("ready");
		expect(isRunnable(store.state)).toBe(true);
		await effects.run();
		expect(isComplete(store.state)).toBe(true);
		expect(statusText(store.state)).toBe(`All ${RUNS} runs finished, ${RUNS} in this tab only`);
	});

	it("that was cleared is told with what was stored again", async () => {
		const { fake, store, effects } = await open({ stored: 3 });
		fake.restore(2);
		const text =
			"What this page had stored in the browser was deleted. 2 runs that were still in memory are stored again.";
		expect(store.state.messages.notice).toEqual({ kind: "info", title: "Storage was cleared", text });
		await effects.run();
		expect(isComplete(store.state)).toBe(true);
	});

	it("takes runs of a file as far as it has room", async () => {
		const { store: other } = await open({ stored: RUNS });
		const lines = other.state.work.progress.runs.map((run) => runLine(run.result!)).join("");
		const { store, effects } = await open({ room: 1 });
		await effects.takeFiles([new File([lines], "runs.jsonl")]);
		expect(store.state.messages.notice!.text).toBe(
			`${RUNS} finished runs taken. This study now has ${RUNS} of its ${RUNS} runs.`,
		);
	});

	it("has its errors told by their names where they have no message", async () => {
		const { fake, store, effects } = await open();
		fake.training.run = () => Promise.reject(new DOMException("", "QuotaExceededError"));
		await effects.run();
		expect(store.state.messages.notice!.text).toBe(`QuotaExceededError 0 of ${RUNS} runs finished and stored.`);
	});
});

describe("the lab", () => {
	it("starts nothing by itself", async () => {
		const { fake, store } = await open();
		expect(fake.calls).toEqual([]);
		expect(phaseOf(store.state)).toBe("ready");
		expect(presetOf(store.state)).toBe("smoke");
		expect(store.state.device).toMatchObject({ adapter: "Scripted adapter", problem: null });
		expect(store.state.result.analysis).toBeNull();
		expect(statusText(store.state)).toBe(`${RUNS} runs, none trained yet`);
		expect(emptyTexts(store.state).loss).toMatch(new RegExp(`^Press Run: ${smoke.sizes.length} sizes will train`));
	});

	it("shows stored runs at once, with their fits", async () => {
		const { store } = await open({ stored: RUNS });
		expect(isComplete(store.state)).toBe(true);
		await vi.waitFor(() => expect(store.state.result.analysis).not.toBeNull(), 5000);
		expect(store.state.result.analysis!.options.resamples).toBe(1000);
	});

	it("runs to the end", async () => {
		const { store, effects } = await open();
		const seen = new Set<string>();
		store.subscribe(() => seen.add(`${phaseOf(store.state)} ${finishedCount(store.state)}`));
		await effects.run();
		expect([...seen]).toContain("running 2");
		expect(isComplete(store.state)).toBe(true);
		expect(statusText(store.state)).toBe(`All ${RUNS} runs finished and stored`);
		expect(store.state.messages.announcement).toMatch(/^All done/);
		expect(store.state.messages.notice).toBeNull();
	});

	it("pauses, resumes and stops; what is finished stays", async () => {
		const { fake, store, effects } = await open({ pause: 1 });
		const running = effects.run();
		await vi.waitFor(() => expect(finishedCount(store.state)).toBeGreaterThan(1), 5000);
		await effects.pause();
		expect(phaseOf(store.state)).toBe("paused");
		await new Promise((resolve) => setTimeout(resolve, 20));
		const { progress } = store.state.work;
		await new Promise((resolve) => setTimeout(resolve, 30));
		expect(store.state.work.progress).toBe(progress);
		expect(statusText(store.state)).toContain(`of ${RUNS} runs finished, paused`);
		await effects.resume();
		await effects.stop();
		await running;
		expect(fake.calls).toEqual(["run", "pause", "resume", "stop"]);
		expect(phaseOf(store.state)).toBe("ready");
		expect(store.state.messages.notice).toMatchObject({ kind: "info", title: "Stopped" });
		expect(finishedCount(store.state)).toBeGreaterThan(1);
		await effects.run();
		expect(isComplete(store.state)).toBe(true);
	});

	it("says what is lost and what is saved when training fails", async () => {
		const { store, effects } = await open({ failAfter: 40 });
		await effects.run();
		expect(phaseOf(store.state)).toBe("ready");
		expect(store.state.messages.notice!.text).toBe(
			`the GPU was lost: the script says so. ${finishedCount(store.state)} of ${RUNS} runs finished and stored.`,
		);
	});

	it("says why runs start over that had a checkpoint, and trains them", async () => {
		const { store, effects } = await open({ discard: "it was made on another adapter" });
		await effects.run();
		const { title, text } = store.state.messages.notice!;
		expect(title).toBe("Checkpoints not used");
		expect(text).toMatch(
			/^\d+ runs? cannot resume from a checkpoint and will start over: it was made on another adapter\.$/,
		);
		expect(isComplete(store.state)).toBe(true);
	});

	it("marks diverged runs and goes on", async () => {
		const { store, effects } = await open({ divergeAt: Math.max(...smoke.learningRates) });
		await effects.run();
		const diverged = store.state.work.progress.runs.filter((run) => run.status === "diverged");
		expect(diverged).toHaveLength(RUNS / smoke.learningRates.length);
		expect(isComplete(store.state)).toBe(true);
	});

	it("keeps an invalid document with its error and will not run it", async () => {
		const { fake, store, effects } = await open();
		const { study } = store.state.document;
		await effects.edit({ ...study, context: -1 });
		expect(store.state.document.error).toMatchObject({
			message: "study: context is -1; it must be a whole number from 1 to 1,024",
			path: ["context"],
		});
		expect(store.state.document.study).toBe(study);
		await effects.run();
		expect(fake.calls).toEqual([]);
		await effects.edit({ ...study, corpora: ["poems"] });
		expect(store.state.document.error!.path).toEqual(["corpora", 0]);
		await effects.edit({ ...study, seeds: [1, 2, 3] });
		expect(store.state.document.error).toBeNull();
		expect(presetOf(store.state)).toBeNull();
		expect(store.state.work.progress.runs).toHaveLength((3 * RUNS) / smoke.seeds.length);
		await effects.pickPreset("smoke");
		expect(presetOf(store.state)).toBe("smoke");
	});

	it("takes dropped files: a study, a text, and says why not otherwise", async () => {
		const { store, effects } = await open();
		const { study } = store.state.document;
		await effects.takeFiles([new File([JSON.stringify({ ...study, name: "mine" })], "study.json")]);
		expect(store.state.document.study.name).toBe("mine");
		await effects.takeFiles([new File(["some words"], "words.txt")]);
		expect(store.state.document.study.corpora).toEqual(["file:words.txt"]);
		expect(store.state.messages.notice!.title).toBe("Text added");
		const wide = Buffer.from(`\ufeff${JSON.stringify({ ...study, name: "wide" })}`, "utf16le");
		await effects.takeFiles([new File([wide], "study.json")]);
		expect(store.state.document.study.name).toBe("wide");
		await effects.takeFiles([new File(["some words", Uint8Array.of(0x93)], "words.txt")]);
		expect(store.state.messages.notice!.text).toMatch(
			/is now the text of this study\. It has 1 byte that is not UTF-8 and was replaced by U\+FFFD, the first in line 1/,
		);
		await effects.takeFiles([new File(['{"name": 1'], "study.json")]);
		expect(store.state.messages.notice).toMatchObject({ kind: "error", title: "study.json was not taken" });
		expect(store.state.document.study.corpora).toEqual(["file:words.txt"]);
	});

	it("takes finished runs from a file", async () => {
		const { store: other } = await open({ stored: RUNS });
		const lines = other.state.work.progress.runs.map((run) => runLine(run.result!)).join("");
		const { store, effects } = await open();
		await effects.takeFiles([new File([lines], "runs.jsonl")]);
		expect(isComplete(store.state)).toBe(true);
		expect(store.state.messages.notice!.text).toBe(
			`${RUNS} finished runs stored. This study now has ${RUNS} of its ${RUNS} runs.`,
		);
	});

	it("opens the study of a file of results, with its runs", async () => {
		const { store: other, effects: theirs } = await open({ stored: RUNS });
		await theirs.edit({ ...other.state.document.study, name: "from a colleague" });
		const { study } = other.state.document;
		const runs = other.state.work.progress.runs.map((run) => runLine(run.result!)).join("");
		const { store, effects } = await open();
		await effects.takeFiles([new File([studyLine(study) + runs], "results.jsonl")]);
		expect(store.state.document.study.name).toBe("from a colleague");
		expect(isComplete(store.state)).toBe(true);
		expect(store.state.messages.notice!.title).toBe("Runs added");

		const { store: third, effects: fourth } = await open();
		const before = third.state.document.study;
		await fourth.takeFiles([new File([studyLine({ ...study, context: 0 }) + runs], "results.jsonl")]);
		expect(third.state.document.study).toBe(before);
		expect(third.state.messages.notice!.text).toMatch(
			/^\d+ finished runs stored\. The study in the file was not taken: .*context is 0; it must be/,
		);
	});

	it("answers the last question when several overlap", async () => {
		const { store, effects } = await open();
		await Promise.all([effects.pickPreset("reconcile"), effects.pickPreset("paper"), effects.pickPreset("minute")]);
		expect(presetOf(store.state)).toBe("minute");
		expect(store.state.document.plan!.study).toBe(store.state.document.study);
		expect(store.state.work.progress.runs).toHaveLength(studySize(store.state.document.study));
	});

	it("measures the kernels when asked to or at the first run, and forgets them", async () => {
		const { fake, store, effects } = await open({ pause: 1 });
		expect(store.state.device).toMatchObject({ tuning: null, measuring: false });
		const measuring = effects.measureKernels();
		expect(store.state.device).toMatchObject({ measuring: true, measured: { done: 1, total: 6 } });
		await Promise.all([effects.run(), effects.measureKernels(), effects.forgetKernels()]);
		await measuring;
		expect(fake.calls).toEqual(["retune"]);
		expect(store.state.device).toMatchObject({
			...{ measuring: false, measured: null },
			tuning: { adapter: "Scripted adapter" },
		});
		await effects.forgetKernels();
		expect(store.state.device.tuning).toBeNull();
		const statuses = new Set<string>();
		store.subscribe(() => statuses.add(statusText(store.state)));
		const running = effects.run();
		await vi.waitFor(() => expect(store.state.device.tuning).not.toBeNull(), 5000);
		expect(statuses).toContain("Measuring this GPU's kernels: 2 of 6");
		expect(store.state.device.measured).toBeNull();
		await effects.measureKernels();
		await effects.forgetKernels();
		expect(fake.calls).toEqual(["retune", "forgetTuning", "run"]);
		await effects.stop();
		await running;
	});

	it("says why the kernels were not measured", async () => {
		const { fake, store, effects } = await open();
		fake.training.retune = () => Promise.reject(new Error("linear.forward: no variant works"));
		await effects.measureKernels();
		expect(store.state.device).toMatchObject({ measuring: false, tuning: null });
		expect(phaseOf(store.state)).toBe("ready");
		expect(store.state.messages.notice).toMatchObject({ kind: "error", text: "linear.forward: no variant works" });
	});

	it("changes nothing of the study while it runs", async () => {
		const { store, effects } = await open({ pause: 1 });
		const running = effects.run();
		await effects.pickPreset("paper");
		await effects.edit({ ...store.state.document.study, seeds: [9] });
		expect(presetOf(store.state)).toBe("smoke");
		await effects.stop();
		await running;
	});

	it("plans a study once per change, and not again to run it", async () => {
		const { fake, effects } = await open();
		expect(fake.planned).toEqual(["smoke"]);
		await effects.planStudy();
		await effects.run();
		await effects.pickPreset("smoke");
		expect(fake.planned).toEqual(["smoke"]);
		await Promise.all([effects.pickPreset("minute"), effects.planStudy(), effects.planStudy()]);
		await effects.edit({ ...smoke, seeds: [7] });
		expect(fake.planned).toEqual(["smoke", "minute", "smoke"]);
	});

	it("plans again after a failure, as the texts may have changed", async () => {
		const { fake, store, effects } = await open({ failAfter: 40 });
		await effects.run();
		expect(fake.planned).toEqual(["smoke", "smoke"]);
		expect(store.state.document.plan!.study).toBe(store.state.document.study);
	});

	it("sends the analysis only the curves that changed", async () => {
		const { fake, store, effects } = await open({ pause: 30, stored: 3 });
		await vi.waitFor(() => expect(store.state.result.analysis).not.toBeNull(), 5000);
		expect(fake.sent).toEqual([3]);
		const running = effects.run();
		await vi.waitFor(() => expect(fake.sent.length).toBeGreaterThan(2), 20_000);
		await effects.stop();
		await running;
		// Those that train at the time; the stored ones come again at the start and at the end, as other objects.
		const [, , ...whileTraining] = fake.sent.slice(0, -1);
		for (const count of whileTraining) expect(count).toBeLessThan(RUNS);
		expect(fake.sent.at(2)).toBeLessThanOrEqual(smoke.learningRates.length + 1);
	});

	it("says which adapter is missing", async () => {
		const none = await open({ noAdapter: true });
		expect(none.store.state.device).toMatchObject({ adapter: "", problem: "no-adapter" });
		const insecure = await open({ problem: "insecure" });
		expect(insecure.store.state.device).toMatchObject({ adapter: "", problem: "insecure" });
		await insecure.effects.run();
		expect(insecure.store.state.messages.notice).toBeNull();
	});

	it("estimates the time by the adapter's last study", async () => {
		const speed = JSON.stringify({ "Scripted adapter": { flopsPerSecond: 1e9, secondsPerDispatch: 1e-5 } });
		const { store } = await open({}, memoryOf({ "isoflop-speed": speed }));
		expect(estimateOf(store.state)).toBeGreaterThan(0);
		const { store: other } = await open({}, memoryOf());
		expect(estimateOf(other.state)).toBeNull();
	});
});
