import type { StudyEvent } from "../run/events.ts";
import { usedBy } from "./note-patch.ts";
import type { NotedRunStore } from "./run-store.ts";
import { Stopwatch } from "./stopwatch.ts";

/** Notes, while a study trains, which study used a run, when the run finished and how long it took. */
export class NoteTaker {
	private readonly store: NotedRunStore;
	private readonly study: string;
	/** Since the pack in training began; null where it went on from a checkpoint. */
	private watch: Stopwatch | null = null;

	constructor(store: NotedRunStore, study: string) {
		this.store = store;
		this.study = study;
	}

	pause(): void {
		this.watch?.pause();
	}

	resume(): void {
		this.watch?.resume();
	}

	async take(event: StudyEvent): Promise<void> {
		if (event.type === "planned")
			await this.store.note(
				event.stored.map(({ id }) => id),
				(note) => usedBy(note, this.study),
			);
		else if (event.type === "pack") this.watch = event.from === undefined ? new Stopwatch() : null;
		else if (event.type === "finished") {
			const finished = Date.now();
			const seconds = this.watch?.seconds;
			await this.store.note([event.result.id], (note) => ({
				...usedBy(note, this.study),
				finished,
				...(seconds !== undefined && { seconds }),
			}));
		}
	}
}
