import * as Comlink from "comlink";
import { plural } from "../../figures/format.ts";
import type { StorageReport } from "../../worker/protocol.ts";
import { type Environment, tell } from "./environment.ts";
import { phaseOf } from "./selectors.ts";
import type { TrainingEffects } from "./training-effects.ts";

export interface StorageEffects {
	/** Has the worker report how storing goes. */
	watchStorage(): Promise<void>;
	/** Tries again to store the runs that are in memory only. */
	storeAgain(): Promise<void>;
}

export function storageEffects(env: Environment, { readResults }: TrainingEffects): StorageEffects {
	const { lab, store } = env;

	function receive(report: StorageReport): void {
		const before = store.state.storage;
		store.dispatch({ type: "storage-reported", report });
		const restored = report.restored - before.restored;
		if (restored > 0) {
			const text = `What this page had stored in the browser was deleted. ${plural(restored, "run")} that ${restored === 1 ? "was" : "were"} still in memory ${restored === 1 ? "is" : "are"} stored again.`;
			tell(env, text, { title: "Storage was cleared", text });
		}
		if (!before.trouble || report.trouble) return;
		tell(env, "Everything is stored again.");
		// Runs of earlier visits could not be read until now.
		if (phaseOf(store.state) === "ready" && store.state.document.plan) void readResults();
	}

	return {
		watchStorage: () => lab.training.watchStorage(Comlink.proxy(receive)),
		storeAgain: () => lab.training.storeAgain(),
	};
}
