import type { Gpu } from "../gpu/device.ts";
import { classVariants } from "../kernels/class-variants.ts";
import { type RunStudyOptions, runStudy } from "../lab/run-study.ts";
import { encodeModel } from "../model/trained-model.ts";
import { canonicalJson, sha256 } from "../run/canonical-json.ts";
import type { StudyEvent } from "../run/events.ts";
import type { RunSpec } from "../run/run-spec.ts";
import type { Plan } from "../study/plan.ts";
import { Batcher } from "./batcher.ts";
import { privateCheckpoints } from "./checkpoint-store.ts";
import { loadTokenized } from "./corpora.ts";
import { Gate } from "./gate.ts";
import { keptMoments, sharesWithRoom } from "./kept-moments.ts";
import { keepModel, weightsAreWanted } from "./kept-weights.ts";
import { NoteTaker } from "./note-taker.ts";
import type { OnMeasured, RunOutcome } from "./protocol.ts";
import type { NotedRunStore } from "./run-store.ts";
import type { SafeRunStore } from "./safe-run-store.ts";
import { openTunedGpu } from "./tuned-gpu.ts";
import { privateTunings } from "./tuning-store.ts";

/** Milliseconds between batches of events. Each makes the page redraw, which slows training on a CPU. */
const BATCH_INTERVAL = 250;

/** Trains one study on its own device. Can be paused between events, and stopped. */
export class StudyTrainer {
	private readonly gate = new Gate();
	private readonly abort = new AbortController();
	private readonly plan: Plan;
	private readonly store: SafeRunStore;
	private readonly notes: NoteTaker;
	private readonly keepAt: readonly number[];

	/** @param keepAt shares of each run's steps whose checkpoints are kept; none are with an empty list */
	constructor(plan: Plan, store: SafeRunStore, keepAt: readonly number[] = []) {
		this.plan = plan;
		this.store = store;
		this.keepAt = keepAt;
		this.notes = new NoteTaker(store, plan.study.name);
	}

	pause(): void {
		this.gate.close();
		this.notes.pause();
	}

	resume(): void {
		this.gate.open();
		this.notes.resume();
	}

	stop(): void {
		this.abort.abort();
		this.gate.open();
	}

	/** Trains the runs that are not stored yet. Rejects when the device is lost, or another tab is training the study. */
	async run(onEvents: (events: StudyEvent[]) => void, onMeasured?: OnMeasured): Promise<RunOutcome> {
		const name = `isoflop-study-${await sha256(canonicalJson(this.plan.study))}`;
		return navigator.locks.request(name, { ifAvailable: true }, (lock) => {
			if (!lock) throw new Error("This study is running in another tab of this browser. Stop it there to run it here.");
			return this.train(onEvents, onMeasured);
		});
	}

	/** Those of the comparison before are removed, also where there is no room for new ones. */
	private async momentsToKeep(): Promise<RunStudyOptions["keep"]> {
		if (this.keepAt.length === 0) return undefined;
		const estimate = await navigator.storage.estimate().catch(() => ({}));
		return { at: sharesWithRoom(this.plan.runs, this.keepAt, estimate), kept: keptMoments };
	}

	private async train(onEvents: (events: StudyEvent[]) => void, onMeasured?: OnMeasured): Promise<RunOutcome> {
		const { plan, store } = this;
		const { signal } = this.abort;
		store.watch(plan.runs.map(({ id }) => id));
		let gpu = await openTunedGpu(onMeasured);
		const reopen = async () => {
			gpu = await openTunedGpu();
			return gpu;
		};
		const variantsFor = (gpu: Gpu, spec: RunSpec) => classVariants(privateTunings, gpu, spec);
		const batcher = new Batcher(onEvents, BATCH_INTERVAL);
		const checkpoints = privateCheckpoints;
		try {
			// After a stop request this continues until checkpoints are saved, and then throws.
			const keepWeights = (await weightsAreWanted()) ? modelKeeper(store, gpu.name) : undefined;
			const keep = await this.momentsToKeep();
			const options = {
				...{ gpu, plan, loadTokenized, store, checkpoints, keep, reopen, signal, keepWeights },
				...{ packSize: "fastest" as const, variantsFor },
			};
			for await (const event of runStudy(options)) {
				await this.notes.take(event);
				batcher.push(event);
				await this.gate.pass();
			}
			return "done";
		} catch (error) {
			if (signal.aborted) return "stopped";
			throw error;
		} finally {
			gpu.device.destroy();
			// Events have a channel of their own: without waiting, the last ones could come to the page after the outcome.
			await batcher.flush();
		}
	}
}

/** Keeps the models of runs that finish, where the browser keeps files. */
function modelKeeper(store: NotedRunStore, adapter: string): RunStudyOptions["keepWeights"] {
	return async ({ id, spec }, weights) => {
		const bytes = encodeModel({ config: spec.model, weights, about: { id, spec, adapter } });
		const weightBytes = await keepModel(id, bytes);
		if (weightBytes > 0) await store.note([id], (note) => ({ ...note, weightBytes }));
	};
}
