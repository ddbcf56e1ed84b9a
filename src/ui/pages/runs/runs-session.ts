import type { RunRow } from "../../../run/run-note.ts";
import type { AddedRuns, NotePatch, RunsApi } from "../../../worker/runs-protocol.ts";

import { rowText } from "./run-filter.ts";

/** Runs that were deleted and can be had back for a while. */
export interface Deletion {
	rows: readonly RunRow[];
	/** What else had used them. */
	uses: string;
}

export interface RunsState {
	/** All stored runs but those that were deleted, by id. */
	readonly rows: ReadonlyMap<string, RunRow>;
	readonly isListing: boolean;
	readonly selected: ReadonlySet<string>;
	readonly deletion: Deletion | null;
	/** What was added last. */
	readonly added: AddedRuns | null;
	/** What went wrong last. */
	readonly problem: string;
}

/** How long a deletion can be undone, milliseconds. */
const UNDO_TIME = 20_000;

/** The stored runs as the page shows them, and what can be done to them. Failures are told in `problem`. */
export class RunsSession {
	state: RunsState = {
		...{ rows: new Map(), isListing: false, selected: new Set(), deletion: null, added: null, problem: "" },
	};
	private readonly api: RunsApi;
	private readonly listeners = new Set<() => void>();
	private timer: ReturnType<typeof setTimeout> | undefined;

	constructor(api: RunsApi) {
		this.api = api;
	}

	/** Calls back after each change, until the returned function is called. */
	subscribe(listener: () => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	/** Reads all that is stored. */
	async list(): Promise<void> {
		if (this.state.isListing) return;
		this.set({ isListing: true });
		const before = this.state.rows;
		const found = new Map<string, RunRow>();
		await this.attempt(async () => {
			const take = (rows: RunRow[]) => {
				const deleted = new Set(this.deleted());
				// Some deletions cannot be marked in the store.
				for (const row of rows.filter(({ id }) => !deleted.has(id))) {
					found.set(row.id, row);
					rowText(row);
				}
				// What is known already stays until it is read again.
				this.set({ rows: new Map([...this.state.rows, ...found]) });
			};
			await this.api.list(take);
			this.forget([...before.keys()].filter((id) => !found.has(id)));
		});
		this.set({ isListing: false });
	}

	/** Reads runs that have been stored meanwhile. */
	async read(ids: readonly string[]): Promise<void> {
		if (ids.length === 0) return;
		await this.attempt(async () => {
			const rows = new Map(this.state.rows);
			for (const row of await this.api.rows([...ids])) rows.set(row.id, row);
			this.set({ rows });
		});
	}

	select(ids: Iterable<string>): void {
		this.set({ selected: new Set(ids) });
	}

	/** Changes names, tags, or whether runs are hidden. */
	async patch(ids: readonly string[], patch: Omit<NotePatch, "deleteAt">): Promise<void> {
		await this.attempt(async () => {
			await this.api.patch([...ids], patch);
			await this.read(ids);
		});
	}

	/** Gives runs some tags, and takes others from them. */
	async tag(ids: readonly string[], add: readonly string[], take: readonly string[]): Promise<void> {
		for (const id of ids) {
			const kept = (this.state.rows.get(id)?.tags ?? []).filter((tag) => !take.includes(tag));
			await this.patch([id], { tags: [...new Set([...kept, ...add])] });
		}
	}

	/** Deletes runs; for a while they can be had back. */
	async delete(ids: readonly string[], uses: string): Promise<void> {
		await this.endDeletion();
		const rows = ids.flatMap((id) => this.state.rows.get(id) ?? []);
		if (rows.length === 0) return;
		await this.attempt(async () => {
			await this.api.patch([...ids], { deleteAt: Date.now() + UNDO_TIME });
			this.forget(ids);
			this.set({ deletion: { rows, uses } });
			this.timer = setTimeout(() => void this.endDeletion(), UNDO_TIME);
		});
	}

	/** Has the deleted runs back. Returns their ids. */
	async undo(): Promise<readonly string[]> {
		const ids = this.deleted();
		if (ids.length === 0) return [];
		clearTimeout(this.timer);
		await this.attempt(async () => {
			await this.api.patch([...ids], { deleteAt: null });
			this.set({ deletion: null });
			await this.read(ids);
			this.select(ids);
		});
		return ids;
	}

	/** Removes what was deleted for good: its time is over, or the reader leaves. */
	async endDeletion(): Promise<void> {
		const ids = this.deleted();
		if (ids.length === 0) return;
		clearTimeout(this.timer);
		this.set({ deletion: null });
		await this.attempt(() => this.api.remove([...ids]));
	}

	/** Adds the runs of files, those that can be read. Returns their ids. */
	async add(files: readonly File[]): Promise<readonly string[]> {
		const ids: string[] = [];
		for (const file of files) {
			await this.attempt(async () => {
				const added = await this.api.add(file.name, file);
				await this.read(added.ids);
				this.set({ added });
				ids.push(...added.ids);
			}, `${file.name} was not taken: `);
		}
		return ids;
	}

	/** Closes what is said of files and failures. */
	dismiss(): void {
		this.set({ problem: "", added: null });
	}

	/** Does something that may fail, and tells why it did. */
	async attempt(action: () => Promise<void>, subject = ""): Promise<void> {
		try {
			await action();
		} catch (error) {
			this.set({ problem: subject + (error as Error).message });
		}
	}

	private deleted(): string[] {
		return this.state.deletion?.rows.map(({ id }) => id) ?? [];
	}

	private forget(ids: readonly string[]): void {
		const gone = new Set(ids);
		const rows = new Map([...this.state.rows].filter(([id]) => !gone.has(id)));
		this.set({ rows, selected: new Set([...this.state.selected].filter((id) => !gone.has(id))) });
	}

	private set(changes: Partial<RunsState>): void {
		this.state = { ...this.state, ...changes };
		for (const listener of this.listeners) listener();
	}
}
