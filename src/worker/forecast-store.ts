import { database } from "./database.ts";
import type { SetAside } from "./protocol.ts";

/** What is set aside of a study; null if nothing is. */
export async function loadSetAside(study: string): Promise<SetAside | null> {
	return (await (await database()).get("forecasts", study)) ?? null;
}

/**
 * Stores what is set aside of a study, or its forecast; null sets nothing aside. Resolves when that is durable.
 *
 * @throws Error if a forecast of the study is sealed: it is never replaced
 */
export async function saveSetAside(study: string, aside: SetAside | null): Promise<void> {
	const transaction = (await database()).transaction("forecasts", "readwrite", { durability: "strict" });
	const { store, done } = transaction;
	if ((await store.get(study))?.forecast) {
		await done;
		throw new Error("A forecast of this study is sealed. It is kept as it is; change the study to make another.");
	}
	await Promise.all([aside ? store.put(aside) : store.delete(study), done]);
}
