import { describe, expect, it, vi } from "vitest";
import { presets } from "../../../src/study/presets.ts";
import { studySize } from "../../../src/study/study-axes.ts";
import { emptyTexts, statusText } from "../../../src/ui/pages/study/texts.ts";
import { LabSession } from "../../../src/ui/state/lab-session.ts";
import { finishedCount, isComplete } from "../../../src/ui/state/lab-state.ts";
import { type FakeLabOptions, fakeLab } from "../fake-lab.ts";

const smoke = presets.find(({ id }) => id === "smoke")!.study;
const RUNS = studySize(smoke);

async function open(options: FakeLabOptions = {}, preset = "smoke") {
	const lab = fakeLab(options);
	const session = new LabSession(lab, preset, null);
	await session.start();
	return { lab, session };
}

describe("a session", () => {
	it("starts nothing by itself", async () => {
		const { lab, session } = await open();
		expect(lab.calls).toEqual([]);
		expect(session.state).toMatchObject({
			phase: "ready",
			adapter: "Scripted adapter",
			preset: "smoke",
			analysis: null,
		});
		expect(statusText(session.state)).toBe(`${RUNS} runs, none trained yet`);
		expect(emptyTexts(session.state).loss).toMatch(new RegExp(`^Press Run: ${smoke.sizes.length} sizes will train`));
	});

	it("shows stored runs at once, with their fits", async () => {
		const { session } = await open({ stored: RUNS });
		expect(isComplete(session.state)).toBe(true);
		await vi.waitFor(() => expect(session.state.analysis).not.toBeNull(), 5000);
		expect(session.state.analysis!.options.resamples).toBe(1000);
	});

	it("runs to the end", async () => {
		const { session } = await open();
		const seen = new Set<string>();
		session.addEventListener("change", () => seen.add(`${session.state.phase} ${finishedCount(session.state)}`));
		await session.run();
		expect([...seen]).toContain("running 2");
		expect(isComplete(session.state)).toBe(true);
		expect(statusText(session.state)).toBe(`All ${RUNS} runs finished and stored`);
		expect(session.state.announcement).toMatch(/^All done/);
		expect(session.state.notice).toBeNull();
	});

	it("pauses, resumes and stops; what is finished stays", async () => {
		const { lab, session } = await open({ pause: 1 });
		const running = session.run();
		await vi.waitFor(() => expect(finishedCount(session.state)).toBeGreaterThan(1), 5000);
		await session.pause();
		expect(session.state.phase).toBe("paused");
		await new Promise((resolve) => setTimeout(resolve, 20));
		const { progress } = session.state;
		await new Promise((resolve) => setTimeout(resolve, 30));
		expect(session.state.progress).toBe(progress);
		expect(statusText(session.state)).toContain(`of ${RUNS} runs finished, paused`);
		await session.resume();
		await session.stop();
		await running;
		expect(lab.calls).toEqual(["run", "pause", "resume", "stop"]);
		expect(session.state).toMatchObject({ phase: "ready", notice: { kind: "info", title: "Stopped" } });
		expect(finishedCount(session.state)).toBeGreaterThan(1);
		await session.run();
		expect(isComplete(session.state)).toBe(true);
	});

	it("says what is lost and what is saved when training fails", async () => {
		const { session } = await open({ failAfter: 40 });
		await session.run();
		expect(session.state.phase).toBe("ready");
		expect(session.state.notice!.text).toBe(
			`the GPU was lost: the script says so. ${finishedCount(session.state)} of ${RUNS} runs finished and stored.`,
		);
	});

	it("says why runs start over that had a checkpoint, and trains them", async () => {
		const { session } = await open({ discard: "it was made on another adapter" });
		await session.run();
		const { title, text } = session.state.notice!;
		expect(title).toBe("Checkpoints set aside");
		expect(text).toMatch(/^\d+ runs? cannot go on from a checkpoint and start over: it was made on another adapter\.$/);
		expect(isComplete(session.state)).toBe(true);
	});

	it("marks diverged runs and goes on", async () => {
		const { session } = await open({ divergeAt: Math.max(...smoke.learningRates) });
		await session.run();
		const diverged = session.state.progress.runs.filter((run) => run.status === "diverged");
		expect(diverged).toHaveLength(RUNS / smoke.learningRates.length);
		expect(isComplete(session.state)).toBe(true);
	});

	it("keeps an invalid document with its error and will not run it", async () => {
		const { lab, session } = await open();
		const { study } = session.state;
		await session.edit({ ...study, context: -1 });
		expect(session.state.studyError).toMatchObject({
			message: "study: context is -1; it must be a whole number from 1 to 1,024",
			path: ["context"],
		});
		expect(session.state.study).toBe(study);
		await session.run();
		expect(lab.calls).toEqual([]);
		await session.edit({ ...study, corpora: ["poems"] });
		expect(session.state.studyError!.path).toEqual(["corpora", 0]);
		await session.edit({ ...study, seeds: [1, 2, 3] });
		expect(session.state).toMatchObject({ studyError: null, preset: null });
		expect(session.state.progress.runs).toHaveLength((3 * RUNS) / smoke.seeds.length);
		await session.pickPreset("smoke");
		expect(session.state.preset).toBe("smoke");
	});

	it("takes dropped files: a study, a text, and says why not otherwise", async () => {
		const { session } = await open();
		const { study } = session.state;
		await session.takeFiles([new File([JSON.stringify({ ...study, name: "mine" })], "study.json")]);
		expect(session.state.study.name).toBe("mine");
		await session.takeFiles([new File(["some words"], "words.txt")]);
		expect(session.state.study.corpora).toEqual(["file:words.txt"]);
		expect(session.state.notice!.title).toBe("Text added");
		await session.takeFiles([new File(['{"name": 1'], "study.json")]);
		expect(session.state.notice).toMatchObject({ kind: "error", title: "study.json was not taken" });
		expect(session.state.study.corpora).toEqual(["file:words.txt"]);
	});

	it("takes finished runs from a file", async () => {
		const { session: other } = await open({ stored: RUNS });
		const lines = other.state.progress.runs.map((run) => JSON.stringify(run.result)).join("\n");
		const { session } = await open();
		await session.takeFiles([new File([lines], "runs.jsonl")]);
		expect(isComplete(session.state)).toBe(true);
		expect(session.state.notice!.text).toBe(
			`${RUNS} finished runs stored. This study now has ${RUNS} of its ${RUNS} runs.`,
		);
	});

	it("answers the last question when several overlap", async () => {
		const { session } = await open();
		await Promise.all([session.pickPreset("reconcile"), session.pickPreset("paper"), session.pickPreset("minute")]);
		expect(session.state.preset).toBe("minute");
		expect(session.state.plan!.study).toBe(session.state.study);
		expect(session.state.progress.runs).toHaveLength(studySize(session.state.study));
	});

	it("measures the kernels when asked to or at the first run, and forgets them", async () => {
		const { lab, session } = await open({ pause: 1 });
		expect(session.state).toMatchObject({ tuning: null, measuring: false });
		const measuring = session.measureKernels();
		expect(session.state.measuring).toBe(true);
		await Promise.all([session.run(), session.measureKernels(), session.forgetKernels()]);
		await measuring;
		expect(lab.calls).toEqual(["retune"]);
		expect(session.state).toMatchObject({ measuring: false, tuning: { adapter: "Scripted adapter" } });
		await session.forgetKernels();
		expect(session.state.tuning).toBeNull();
		const running = session.run();
		await vi.waitFor(() => expect(session.state.tuning).not.toBeNull(), 5000);
		await session.measureKernels();
		await session.forgetKernels();
		expect(lab.calls).toEqual(["retune", "forgetTuning", "run"]);
		await session.stop();
		await running;
	});

	it("says why the kernels were not measured", async () => {
		const { lab, session } = await open();
		lab.retune = () => Promise.reject(new Error("linear.forward: no variant works"));
		await session.measureKernels();
		expect(session.state).toMatchObject({ measuring: false, tuning: null, phase: "ready" });
		expect(session.state.notice).toMatchObject({ kind: "error", text: "linear.forward: no variant works" });
	});

	it("changes nothing of the study while it runs", async () => {
		const { session } = await open({ pause: 1 });
		const running = session.run();
		await session.pickPreset("paper");
		await session.edit({ ...session.state.study, seeds: [9] });
		expect(session.state.preset).toBe("smoke");
		await session.stop();
		await running;
	});
});
