import type { PlannedRun } from "../study/events.ts";
import { canonicalJson } from "../study/run-spec.ts";
import type { CheckpointStore } from "../study/store.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../train/checkpoint.ts";

/** Runs that go on from one step with one choice of variants, and their checkpoints in the same order; none at step 0. */
export interface StartingGroup {
	runs: PlannedRun[];
	from?: Checkpoint[];
}

/**
 * The checkpoints of a study: the newest of each run in training under its id, and those that other runs begin from
 * under the id and the step. Saving goes on beside training, one file after the other and in order, so that when a
 * checkpoint is durable everything that was passed before it is.
 */
export class StudyCheckpoints {
	private saving: Promise<void> = Promise.resolve();
	private failure: { error: unknown } | null = null;

	constructor(
		private readonly store: CheckpointStore,
		private readonly runs: readonly PlannedRun[],
	) {}

	/** Where runs can go on from on this adapter: their own checkpoints, those of the runs they branch off, or the start. */
	async startingGroups(runs: readonly PlannedRun[], adapter: string): Promise<StartingGroup[]> {
		await this.saving;
		const groups = new Map<string, StartingGroup>();
		for (const run of runs) {
			const checkpoint = (await this.own(run, adapter)) ?? (await this.parent(run, adapter));
			const key = checkpoint ? `${checkpoint.step} ${canonicalJson(checkpoint.variants)}` : "";
			const group = groups.get(key) ?? { runs: [], ...(checkpoint && { from: [] }) };
			groups.set(key, group);
			group.runs.push(run);
			if (checkpoint) group.from!.push(checkpoint);
		}
		return [...groups.values()];
	}

	private async own(run: PlannedRun, adapter: string): Promise<Checkpoint | undefined> {
		const checkpoint = await this.read(run.id);
		const isIts = checkpoint?.adapter === adapter && canonicalJson(checkpoint.spec) === canonicalJson(run.spec);
		return isIts ? checkpoint : undefined;
	}

	private async parent({ branch }: PlannedRun, adapter: string): Promise<Checkpoint | undefined> {
		const checkpoint = branch && (await this.read(branchName(branch)));
		const isIts =
			checkpoint?.adapter === adapter && checkpoint.step === branch!.step && checkpoint.id === branch!.parent;
		return isIts ? checkpoint : undefined;
	}

	/** A file that is missing, was cut short or is of another version is as good as none: the run trains again. */
	private async read(name: string): Promise<Checkpoint | undefined> {
		const bytes = await this.store.load(name);
		try {
			return bytes && decodeCheckpoint(bytes);
		} catch {
			return undefined;
		}
	}

	/** Steps at which others of the study that are not finished branch off from some of these runs. */
	branchSteps(runs: readonly PlannedRun[], finished: ReadonlySet<string>): number[] {
		const ids = new Set(runs.map((run) => run.id));
		const steps = this.runs
			.filter(({ id, branch }) => branch && ids.has(branch.parent) && !finished.has(id))
			.map(({ branch }) => branch!.step);
		return [...new Set(steps)].sort((a, b) => a - b);
	}

	/** Begins to save; what failed is thrown by the next call or by `settled`. */
	save(checkpoints: readonly Checkpoint[], finished: ReadonlySet<string>): void {
		this.throwFailure();
		for (const checkpoint of checkpoints) {
			const names = [checkpoint.id];
			const branch = { parent: checkpoint.id, step: checkpoint.step };
			if (this.childrenOf(branch, finished).length > 0) names.push(branchName(branch));
			this.enqueue(async () => {
				const bytes = encodeCheckpoint(checkpoint);
				for (const name of names) await this.store.save(name, bytes);
			});
		}
	}

	/** Begins to remove what a finished run no longer needs. */
	remove(run: PlannedRun, finished: ReadonlySet<string>): void {
		this.enqueue(() => this.store.remove(run.id));
		const { branch } = run;
		if (branch && this.childrenOf(branch, finished).length === 0)
			this.enqueue(() => this.store.remove(branchName(branch)));
	}

	/** Resolves when everything that was begun is durable. */
	async settled(): Promise<void> {
		await this.saving;
		this.throwFailure();
	}

	private childrenOf({ parent, step }: NonNullable<PlannedRun["branch"]>, finished: ReadonlySet<string>) {
		return this.runs.filter(({ id, branch }) => branch?.parent === parent && branch.step === step && !finished.has(id));
	}

	private enqueue(work: () => Promise<void>): void {
		this.saving = this.saving.then(work).catch((error: unknown) => {
			this.failure ??= { error };
		});
	}

	private throwFailure(): void {
		if (this.failure) throw this.failure.error;
	}
}

function branchName({ parent, step }: NonNullable<PlannedRun["branch"]>): string {
	return `${parent}-${step}`;
}
