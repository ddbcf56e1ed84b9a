import type { RunResult } from "../run/run-result.ts";
import { answered, NoAnswerError, Patience } from "./answered.ts";
import type { NoteChange, NotedRunStore } from "./run-store.ts";
import { type StorageReport, type StorageTrouble, storageProblem, storageReason } from "./storage-report.ts";

/** What finished runs are stored in, which may fail. */
export interface FallibleStorage {
	store: NotedRunStore;
	/** How often others have emptied the store. */
	losses(): number;
	/** Bytes in use and allowed. */
	estimate(): Promise<{ usage?: number; quota?: number }>;
	/** How long an answer is waited for, in milliseconds. */
	patience: number;
}

/**
 * Finished runs in a store that may be full, refused, silent or cleared at any time. What it does not take is kept in memory,
 * and offered to it again at every later call. Nothing here rejects.
 */
export class SafeRunStore implements NotedRunStore {
	private readonly storage: FallibleStorage;
	private readonly listener: (report: StorageReport) => void;
	private readonly patience: Patience;
	/** Runs that are not stored, and those of the watched study. */
	private readonly memory = new Map<string, RunResult>();
	/** About how many bytes each run needs that is not stored. */
	private readonly unsaved = new Map<string, number>();
	/** Changes of notes since `watch`; the first `noted` are stored. */
	private changes: { ids: readonly string[]; change: NoteChange }[] = [];
	private noted = 0;
	private watched: ReadonlySet<string> = new Set();
	private failure: { error: unknown } | null = null;
	private losses: number;
	/** Runs that were stored once and are to be stored again. */
	private readonly lost = new Set<string>();
	private restored = 0;
	/** What the last report was about. */
	private told = ", 0";
	/** One call after another works on the store. */
	private queue: Promise<unknown> = Promise.resolve();

	/** @param listener receives a report whenever one would say something else than before */
	constructor(storage: FallibleStorage, listener: (report: StorageReport) => void = () => {}) {
		this.storage = storage;
		this.listener = listener;
		this.losses = storage.losses();
		this.patience = new Patience("the browser's database", storage.patience);
	}

	/** Keeps these runs in memory when they are read or saved, in case the store is cleared. Earlier ones are let go. */
	watch(ids: readonly string[]): void {
		this.watched = new Set(ids);
		for (const id of this.memory.keys()) if (!this.unsaved.has(id)) this.release(id);
		this.forgetNoted();
	}

	/** What is stored of these runs, and what is kept in memory. */
	load(ids: readonly string[]): Promise<RunResult[]> {
		return this.next(async () => {
			const found = await this.attempt(() => this.storage.store.load(ids));
			if (!found) return ids.flatMap((id) => this.memory.get(id) ?? []);
			if (!this.hasUnsaved()) this.failure = null;
			const results = new Map(found.map((result) => [result.id, result]));
			for (const result of found) if (this.watched.has(result.id)) this.memory.set(result.id, result);
			for (const id of ids) {
				const kept = this.memory.get(id);
				if (kept && this.unsaved.has(id)) results.set(id, kept);
				// Somebody has deleted it on purpose.
				else if (kept && !results.has(id)) this.memory.delete(id);
			}
			return [...results.values()];
		});
	}

	save(result: RunResult): Promise<void> {
		return this.saveAll([result]);
	}

	saveAll(results: readonly RunResult[]): Promise<void> {
		for (const result of results) this.keep(result);
		return this.next(async () => {});
	}

	note(ids: readonly string[], change: NoteChange): Promise<void> {
		if (ids.length > 0) this.changes.push({ ids, change });
		return this.next(async () => {});
	}

	/** Tries again to store what is in memory only, or else whether the store answers. */
	async storeAgain(): Promise<void> {
		await this.load([]);
	}

	async report(): Promise<StorageReport> {
		return { trouble: await this.trouble(), restored: this.restored };
	}

	private async trouble(): Promise<StorageTrouble | null> {
		if (!this.failure) return null;
		const { error } = this.failure;
		const none: { usage?: number; quota?: number } = {};
		const asked = answered(this.storage.estimate(), "the browser's storage", 1000).catch(() => none);
		const { usage = null, quota = null } = await asked;
		const bytes = [...this.unsaved.values()].reduce((sum, size) => sum + size, 0);
		const runs = this.unsaved.size;
		return { problem: storageProblem(error), reason: storageReason(error), runs, bytes, usage, quota };
	}

	/** Stores what is not stored yet and does the work, after all that was asked before, and reports what has changed. */
	private next<Result>(work: () => Promise<Result>): Promise<Result> {
		const result = this.queue.then(async () => {
			this.noticeLoss();
			await this.flush();
			const done = await work();
			await this.tell();
			return done;
		});
		this.queue = result;
		return result;
	}

	private async tell(): Promise<void> {
		const { failure, unsaved, restored } = this;
		const news = `${failure ? `${storageProblem(failure.error)} ${unsaved.size}` : ""}, ${restored}`;
		if (news === this.told) return;
		this.told = news;
		this.listener(await this.report());
	}

	private keep(result: RunResult): void {
		this.memory.set(result.id, result);
		this.unsaved.set(result.id, JSON.stringify(result).length);
	}

	/** Lets go of a run that is stored, unless it is watched. */
	private release(id: string): void {
		if (!this.watched.has(id)) this.memory.delete(id);
		this.unsaved.delete(id);
		if (this.lost.delete(id)) this.restored++;
	}

	/** If the store has been emptied, what is in memory is to be stored again. */
	private noticeLoss(): void {
		const losses = this.storage.losses();
		if (losses === this.losses) return;
		this.losses = losses;
		for (const result of this.memory.values()) {
			if (!this.unsaved.has(result.id)) this.lost.add(result.id);
			this.keep(result);
		}
		this.noted = 0;
	}

	private hasUnsaved(): boolean {
		return this.unsaved.size > 0 || this.noted < this.changes.length;
	}

	/** Stores what is not stored yet, as far as that goes. */
	private async flush(): Promise<void> {
		if (!this.hasUnsaved() || !(await this.saveRuns())) return;
		for (; this.noted < this.changes.length; this.noted++) {
			const { ids, change } = this.changes[this.noted]!;
			if (!(await this.succeeds(() => this.storage.store.note(ids, change)))) return;
		}
		this.failure = null;
		if (this.watched.size === 0) this.forgetNoted();
	}

	/** Stores all runs at once, or as many as there is room for. Returns whether that were all. */
	private async saveRuns(): Promise<boolean> {
		const results = [...this.unsaved.keys()].map((id) => this.memory.get(id)!);
		const { store } = this.storage;
		const portions = this.failure ? [] : [results];
		for (const portion of [...portions, ...results.map((result) => [result])]) {
			if (portion.every(({ id }) => !this.unsaved.has(id))) continue;
			if (await this.succeeds(() => store.saveAll(portion))) for (const { id } of portion) this.release(id);
			else if (portion.length === 1 || storageProblem(this.failure!.error) !== "full") return false;
		}
		return true;
	}

	private forgetNoted(): void {
		this.changes = this.changes.slice(this.noted);
		this.noted = 0;
	}

	private async succeeds(work: () => Promise<void>): Promise<boolean> {
		return (await this.attempt(() => work().then(() => true))) ?? false;
	}

	/** The result of work on the store; undefined if it fails, for a reason that is then in `failure`. */
	private async attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
		try {
			return await this.patience.wait(work());
		} catch (error) {
			// It may answer after all.
			if (error instanceof NoAnswerError && this.failure?.error !== error)
				void error.late.then(() => this.storeAgain());
			this.failure = { error };
			return undefined;
		}
	}
}
