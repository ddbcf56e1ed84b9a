import { canonicalJson } from "../run/canonical-json.ts";
import type { Moment, PlannedRun } from "../run/events.ts";
import type { CheckpointStore, KeptMoments } from "../run/store.ts";
import { momentsOf } from "../study/moments.ts";
import { type Checkpoint, checkUsable, decodeCheckpoint, encodeCheckpoint } from "../train/checkpoint.ts";

/** Runs that start at the same step with the same variants, and their checkpoints in the same order; none at step 0. */
export interface StartingGroup {
	runs: PlannedRun[];
	from?: Checkpoint[];
}

/** Runs that have a checkpoint but cannot continue from it, and why. */
export interface Discarded {
	ids: string[];
	reason: string;
}

/** Which moments of runs are kept for forks that nobody has planned yet. */
export interface KeepMoments {
	/** Shares of each run's steps, as of `FORK_SHARES`. */
	readonly at: readonly number[];
	/** Lists them. Those of other runs than the study's are removed when the study begins. */
	readonly kept: KeptMoments;
}

/** The ids of runs that have ended. */
type Ended = Pick<ReadonlySet<string>, "has">;

/**
 * The checkpoints of a study: each training run's newest under its id, and those that other runs branch off from under the id
 * and the step. They are saved in the background, one file at a time and in order: once one is durable, so are all earlier ones.
 * They are removed when nothing of the study needs them any more, but for moments to be kept.
 */
export class StudyCheckpoints {
	private saving: Promise<void> = Promise.resolve();
	private failure: { error: unknown } | null = null;
	private readonly moments: readonly Moment[];
	private readonly momentNames: ReadonlySet<string>;

	constructor(
		private readonly store: CheckpointStore,
		private readonly runs: readonly PlannedRun[],
		private readonly keep?: KeepMoments,
	) {
		this.moments = keep ? momentsOf(runs, keep.at) : [];
		this.momentNames = new Set(this.moments.map(branchName));
		if (keep) this.enqueue(() => this.prune(keep.kept));
	}

	/** Removes the moments that were kept of other runs. */
	private async prune(kept: KeptMoments): Promise<void> {
		for (const moment of await kept.list()) {
			if (this.runs.some(({ id }) => id === moment.parent)) continue;
			await this.store.remove(branchName(moment));
			await kept.remove(moment);
		}
	}

	/** Where runs can start on this adapter: at their own checkpoint, at that of the run they branch off, or at step 0. */
	async startingGroups(
		runs: readonly PlannedRun[],
		adapter: string,
	): Promise<{ groups: StartingGroup[]; discarded: Discarded[] }> {
		await this.saving;
		const groups = new Map<string, StartingGroup>();
		const discarded = new Map<string, Discarded>();
		for (const run of runs) {
			const discard = (reason: string) => {
				const same = discarded.get(reason) ?? { ids: [], reason };
				discarded.set(reason, { ...same, ids: [...new Set([...same.ids, run.id])] });
			};
			const checkpoint = await this.find(run, adapter, discard);
			const key = checkpoint ? `${checkpoint.step} ${canonicalJson(checkpoint.variants)}` : "";
			const group = groups.get(key) ?? { runs: [], ...(checkpoint && { from: [] }) };
			groups.set(key, group);
			group.runs.push(run);
			if (checkpoint) group.from!.push(checkpoint);
		}
		return { groups: [...groups.values()], discarded: [...discarded.values()] };
	}

	/** The checkpoint at which a run can start on this adapter, if any: its own, or that of the run it branches off. */
	async startOf(run: PlannedRun, adapter: string): Promise<Checkpoint | undefined> {
		await this.settled();
		return this.find(run, adapter, () => {});
	}

	private async find(run: PlannedRun, adapter: string, discard: (reason: string) => void) {
		return (await this.own(run, adapter, discard)) ?? (await this.parent(run, adapter, discard));
	}

	private async own(run: PlannedRun, adapter: string, discard: (reason: string) => void) {
		const checkpoint = await this.read(run.id, adapter, discard);
		const isOwn = checkpoint && canonicalJson(checkpoint.spec) === canonicalJson(run.spec);
		return isOwn ? checkpoint : undefined;
	}

	private async parent({ branch }: PlannedRun, adapter: string, discard: (reason: string) => void) {
		const checkpoint = branch && (await this.read(branchName(branch), adapter, discard));
		const isBranchPoint = checkpoint?.step === branch?.step && checkpoint?.id === branch?.parent;
		return isBranchPoint ? checkpoint : undefined;
	}

	/**
	 * The usable checkpoint with this name, if any. If it is incomplete, from another version or adapter, or made with kernels
	 * that no longer exist, `discard` receives the reason, and the run is trained again.
	 */
	private async read(
		name: string,
		adapter: string,
		discard: (reason: string) => void,
	): Promise<Checkpoint | undefined> {
		const bytes = await this.store.load(name);
		if (!bytes) return undefined;
		try {
			const checkpoint = decodeCheckpoint(bytes);
			checkUsable(checkpoint, adapter);
			return checkpoint;
		} catch (reason) {
			discard((reason as Error).message);
			return undefined;
		}
	}

	/** Steps at which unfinished runs of the study branch off from these runs, and of their moments that are to be kept. */
	branchSteps(runs: readonly PlannedRun[], finished: Ended): number[] {
		const ids = new Set(runs.map((run) => run.id));
		const steps = this.runs
			.filter(({ id, branch }) => branch && ids.has(branch.parent) && !finished.has(id))
			.map(({ branch }) => branch!.step);
		const kept = this.moments.filter(({ parent }) => ids.has(parent)).map(({ step }) => step);
		return [...new Set([...steps, ...kept])].sort((a, b) => a - b);
	}

	/** Starts saving. The next call, or `settled`, throws if it fails. */
	save(checkpoints: readonly Checkpoint[], finished: Ended): void {
		this.throwFailure();
		for (const checkpoint of checkpoints) {
			const branch = { parent: checkpoint.id, step: checkpoint.step };
			const name = branchName(branch);
			const isKept = this.momentNames.has(name);
			const isBranchPoint = isKept || this.childrenOf(branch, finished).length > 0;
			this.enqueue(async () => {
				const bytes = encodeCheckpoint(checkpoint);
				if (isKept) await this.keep!.kept.add(branch);
				// A run that goes on from its own checkpoint does not come by here again.
				if (isBranchPoint) await this.store.save(name, bytes);
				await this.store.save(checkpoint.id, bytes);
			});
		}
	}

	/** Starts removing the checkpoints that a finished run no longer needs. */
	remove(run: PlannedRun, finished: Ended): void {
		this.enqueue(() => this.store.remove(run.id));
		const { branch } = run;
		if (!branch || this.momentNames.has(branchName(branch)) || this.childrenOf(branch, finished).length > 0) return;
		this.enqueue(() => this.store.remove(branchName(branch)));
	}

	/** Resolves when all saves and removals started so far are durable; throws if one failed. */
	async settled(): Promise<void> {
		await this.saving;
		this.throwFailure();
	}

	private childrenOf({ parent, step }: Moment, finished: Ended) {
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

function branchName({ parent, step }: Moment): string {
	return `${parent}-${step}`;
}
