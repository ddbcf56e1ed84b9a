import { canonicalJson } from "../../run/canonical-json.ts";
import type { StudyEvent } from "../../run/events.ts";
import { parseStudy } from "../../study/parse-study.ts";
import { presets } from "../../study/presets.ts";
import { initialProgress, reduceProgress } from "../../study/progress.ts";
import type { Study } from "../../study/study.ts";
import { problemOf } from "../../study/study-error.ts";
import { validateStudy } from "../../study/validate-study.ts";
import type { Lab } from "../app/lab.ts";
import { formatCount, plural } from "../parts/format.ts";
import { estimateSeconds, rememberSpeed } from "./adapter-speed.ts";
import { AnalysisLoop } from "./analysis-loop.ts";
import { KernelTuning } from "./kernel-tuning.ts";
import { finishedCount, initialState, type LabState } from "./lab-state.ts";
import { analysable, viewRuns } from "./run-view.ts";

/**
 * Works between the page and the lab: holds the one `LabState`, turns clicks into calls and events into state. Fires
 * `change` whenever the state is another one. Trains only when `run` is called.
 */
export class LabSession extends EventTarget {
	state: LabState;

	private readonly lab: Lab;
	private readonly memory: Storage | null;
	private readonly loop: AnalysisLoop;
	private readonly kernels: KernelTuning;
	/** Counts preparations, so that a late answer to an earlier question is dropped. */
	private preparation = 0;

	/** @param memory where an adapter's speed is kept between visits; null keeps nothing */
	constructor(lab: Lab, preset: string, memory: Storage | null) {
		super();
		this.lab = lab;
		this.memory = memory;
		this.state = initialState(preset, presets.find(({ id }) => id === preset)!.study);
		this.loop = new AnalysisLoop(lab, (analysis) => this.set({ analysis }));
		this.kernels = new KernelTuning(lab, (change) => this.set(change));
	}

	/** Asks for the adapter's name, its kernels and the corpora, and shows what is stored of the picked study. */
	async start(): Promise<void> {
		const questions = [this.lab.adapter(), this.lab.corpora(), this.kernels.read()] as const;
		const [adapter, corpora, kernels] = await Promise.allSettled(questions);
		if (adapter.status === "fulfilled") this.set({ adapter: adapter.value });
		if (corpora.status === "fulfilled") this.set({ corpora: corpora.value });
		await this.prepare();
		for (const failed of [adapter, corpora, kernels]) if (failed.status === "rejected") this.fail(failed.reason);
	}

	async pickPreset(id: string): Promise<void> {
		const preset = presets.find((candidate) => candidate.id === id);
		if (preset && this.editable) await this.take(preset.study, preset.study);
	}

	/** Takes a changed document. An invalid one stays in the editor with its error; the last valid study stays too. */
	async edit(draft: unknown): Promise<void> {
		if (!this.editable) return;
		try {
			await this.take(validateStudy(draft), draft);
		} catch (error) {
			this.set({ draft, studyError: problemOf(error) });
		}
	}

	/** Takes a document as text. Throws `StudyError` when it is not a valid study. */
	async editText(text: string): Promise<void> {
		const study = parseStudy(text);
		if (this.editable) await this.take(study, study);
	}

	/** Takes files that were dropped or chosen: a study, finished runs, or texts as the study's corpora. */
	async takeFiles(files: readonly File[]): Promise<void> {
		if (!this.editable) return;
		for (const file of files) {
			try {
				if (file.name.endsWith(".json")) await this.editText(await file.text());
				else if (file.name.endsWith(".jsonl")) await this.takeRuns(file);
				else await this.takeText(file);
			} catch (error) {
				this.set({ notice: { kind: "error", title: `${file.name} was not taken`, text: messageOf(error) } });
			}
		}
	}

	async run(): Promise<void> {
		const { study, phase, studyError } = this.state;
		if (phase !== "ready" || studyError || this.state.measuring) return;
		this.set({ phase: "running", notice: null, announcement: "Training has started." });
		let failure: unknown = null;
		let stopped = false;
		try {
			stopped = (await this.lab.run(study, (events) => this.onEvents(events))) === "stopped";
		} catch (error) {
			failure = error;
		}
		if (this.memory && this.state.adapter) rememberSpeed(this.memory, this.state.adapter, this.state.progress);
		await this.prepare();
		const saved = `${finishedCount(this.state)} of ${plural(this.state.progress.runs.length, "run")} finished and stored`;
		if (failure !== null) {
			this.fail(failure, `${saved}.`);
		} else if (stopped) {
			this.set({
				notice: {
					kind: "info",
					title: "Stopped",
					text: `${saved}. Run trains the rest, from a checkpoint where there is one.`,
				},
				announcement: `Stopped. ${saved}.`,
			});
		} else this.set({ announcement: `All done: ${saved}.` });
	}

	async pause(): Promise<void> {
		if (this.state.phase !== "running") return;
		this.set({ phase: "paused", announcement: "Paused." });
		await this.lab.pause();
	}

	async resume(): Promise<void> {
		if (this.state.phase !== "paused") return;
		this.set({ phase: "running", announcement: "Resumed." });
		await this.lab.resume();
	}

	async stop(): Promise<void> {
		if (this.state.phase !== "running" && this.state.phase !== "paused") return;
		this.set({ phase: "stopping" });
		await this.lab.stop();
	}

	/** Measures anew which variants of the kernels are fastest, for runs that start afterwards. */
	async measureKernels(): Promise<void> {
		if (this.editable && !this.state.measuring) await this.kernels.measure().catch((error) => this.fail(error));
	}

	/** Forgets which those are: the next `run` measures it. */
	async forgetKernels(): Promise<void> {
		if (this.editable && !this.state.measuring) await this.kernels.forget().catch((error) => this.fail(error));
	}

	dismissNotice(): void {
		this.set({ notice: null });
	}

	private get editable(): boolean {
		return this.state.phase === "ready" || this.state.phase === "preparing";
	}

	private async take(study: Study, draft: unknown): Promise<void> {
		const text = canonicalJson(study);
		const preset = presets.find((candidate) => canonicalJson(candidate.study) === text)?.id ?? null;
		this.set({ study, draft, preset, studyError: null, notice: null });
		await this.prepare();
	}

	private async takeText(file: File): Promise<void> {
		const info = await this.lab.addText(file.name, await file.text());
		this.set({ corpora: await this.lab.corpora() });
		await this.edit({ ...this.state.study, corpora: [info.id] });
		const text = `${file.name} (${formatCount(info.bytes)} bytes) is now what this study reads.`;
		this.set({ notice: { kind: "info", title: "Text added", text }, announcement: text });
	}

	private async takeRuns(file: File): Promise<void> {
		const added = plural(await this.lab.addRuns(await file.text()), "finished run");
		await this.prepare();
		const { progress } = this.state;
		const text = `${added} stored. This study now has ${finishedCount(this.state)} of its ${plural(progress.runs.length, "run")}.`;
		this.set({ notice: { kind: "info", title: "Runs added", text }, announcement: text });
	}

	/** Plans the study and shows the runs of it that are stored. */
	private async prepare(): Promise<void> {
		const turn = ++this.preparation;
		const { study } = this.state;
		const other = this.state.plan?.study !== study;
		this.set({ phase: "preparing" });
		this.loop.reset();
		try {
			const { plan, stored } = await this.lab.prepare(study);
			if (turn !== this.preparation) return;
			const { adapter } = this.state;
			const progress = reduceProgress(initialProgress, { type: "planned", runs: plan.runs, stored, adapter });
			const estimate = this.memory && adapter ? estimateSeconds(this.memory, adapter, progress) : null;
			this.set({ phase: "ready", plan: { ...plan, study }, progress, estimate });
			const runs = analysable(viewRuns(progress.runs));
			if (other || runs.length === 0) this.set({ analysis: null });
			this.loop.request(runs, "final");
		} catch (error) {
			if (turn !== this.preparation) return;
			this.set({ phase: "ready", plan: null, progress: initialProgress, analysis: null, studyError: problemOf(error) });
		}
	}

	private onEvents(events: StudyEvent[]): void {
		const before = finishedCount(this.state);
		const progress = events.reduce(reduceProgress, this.state.progress);
		const adapter = progress.adapter || this.state.adapter;
		this.set({ progress, adapter });
		for (const event of events) {
			if (event.type === "discarded") this.tellDiscarded(event);
			// By then the device is open, and was measured where it was not before.
			if (event.type === "planned") this.kernels.read().catch((error) => this.fail(error));
		}
		const after = finishedCount(this.state);
		if (after > before) this.set({ announcement: `${after} of ${plural(progress.runs.length, "run")} finished.` });
		this.loop.request(analysable(viewRuns(progress.runs)), "quick");
	}

	private tellDiscarded({ ids, reason }: Extract<StudyEvent, { type: "discarded" }>): void {
		const text = `${plural(ids.length, "run")} cannot go on from a checkpoint and start over: ${reason}.`;
		this.set({ notice: { kind: "info", title: "Checkpoints set aside", text }, announcement: text });
	}

	private fail(error: unknown, advice = ""): void {
		const text = [messageOf(error), advice].filter(Boolean).join(" ");
		this.set({ notice: { kind: "error", title: "Something went wrong", text }, announcement: text });
	}

	private set(change: Partial<LabState>): void {
		this.state = { ...this.state, ...change };
		this.dispatchEvent(new Event("change"));
	}
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
