import type { RunStore } from "../run/store.ts";
import { database } from "./database.ts";

/** Finished runs in IndexedDB, keyed by the hash of their spec. */
export const runStore: RunStore = {
	async load(ids) {
		const { store } = (await database()).transaction("runs");
		const found = await Promise.all(ids.map((id) => store.get(id)));
		return found.filter((result) => result !== undefined);
	},
	async save(result) {
		const transaction = (await database()).transaction("runs", "readwrite", { durability: "strict" });
		await Promise.all([transaction.store.put(result), transaction.done]);
	},
};
