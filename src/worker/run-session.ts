import { runStudy } from "../lab/run-study.ts";
import { canonicalJson, sha256 } from "../run/canonical-json.ts";
import type { StudyEvent } from "../run/events.ts";
import type { RunStore } from "../run/store.ts";
import type { Plan } from "../study/plan.ts";
import { Batcher } from "./batcher.ts";
import { privateCheckpoints } from "./checkpoint-store.ts";
import { loadTokenized } from "./corpora.ts";
import { Gate } from "./gate.ts";
import type { RunOutcome } from "./protocol.ts";
import { openTuned } from "./tuned-gpu.ts";

/** Least time between two batches of events, in milliseconds: each has charts drawn, at the cost of training on processors. */
const BATCH_INTERVAL = 250;

/** One study at work on a device of its own: it can be paused between events, and stopped. */
export class RunSession {
	private readonly gate = new Gate();
	private readonly abort = new AbortController();
	private readonly plan: Plan;
	private readonly store: RunStore;

	constructor(plan: Plan, store: RunStore) {
		this.plan = plan;
		this.store = store;
	}

	pause(): void {
		this.gate.close();
	}

	resume(): void {
		this.gate.open();
	}

	stop(): void {
		this.abort.abort();
		this.gate.open();
	}

	/** Trains what is missing. Rejects when the device is lost, or another tab holds the study. */
	async run(onEvents: (events: StudyEvent[]) => void): Promise<RunOutcome> {
		const name = `isoflop-study-${await sha256(canonicalJson(this.plan.study))}`;
		return navigator.locks.request(name, { ifAvailable: true }, (lock) => {
			if (!lock)
				throw new Error(
					"This study is running in another tab of this browser. Watch it there, or stop it there and press Run again.",
				);
			return this.train(onEvents);
		});
	}

	private async train(onEvents: (events: StudyEvent[]) => void): Promise<RunOutcome> {
		const { plan, store } = this;
		const { signal } = this.abort;
		let gpu = await openTuned();
		const reopen = async () => {
			gpu = await openTuned();
			return gpu;
		};
		const batcher = new Batcher(onEvents, BATCH_INTERVAL);
		const checkpoints = privateCheckpoints;
		try {
			// When stopped, it goes on to where runs in training have left a checkpoint, and then throws.
			for await (const event of runStudy({ gpu, plan, loadTokenized, store, checkpoints, reopen, signal })) {
				batcher.push(event);
				await this.gate.pass();
			}
			return "done";
		} catch (error) {
			if (signal.aborted) return "stopped";
			throw error;
		} finally {
			batcher.flush();
			gpu.device.destroy();
		}
	}
}
