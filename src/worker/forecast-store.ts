import { database } from "./database.ts";
import type { SetAside } from "./protocol.ts";

/** What the database did not take: it goes with the tab, unless the database takes it later. */
const kept = new Map<string, SetAside>();

/** What is set aside of a study; null if nothing is. */
export async function loadSetAside(study: string): Promise<SetAside | null> {
	const own = kept.get(study);
	if (own && (await store(study, own)) !== "failed") kept.delete(study);
	const stored = await (await database().catch(() => null))?.get("forecasts", study).catch(() => undefined);
	return stored ?? kept.get(study) ?? null;
}

/**
 * Stores what is set aside of a study, or its forecast; null sets nothing aside. Resolves when that is durable, or kept in
 * memory where the browser stores nothing.
 *
 * @throws Error if a forecast of the study is sealed: it is never replaced
 */
export async function saveSetAside(study: string, aside: SetAside | null): Promise<void> {
	const outcome = kept.get(study)?.forecast ? "sealed" : await store(study, aside);
	if (outcome === "sealed")
		throw new Error("A forecast of this study is sealed. It is kept as it is; change the study to make another.");
	if (outcome === "failed" && aside) kept.set(study, aside);
	else kept.delete(study);
}

async function store(study: string, aside: SetAside | null): Promise<"stored" | "sealed" | "failed"> {
	try {
		const transaction = (await database()).transaction("forecasts", "readwrite", { durability: "strict" });
		const { store, done } = transaction;
		if ((await store.get(study))?.forecast) {
			await done;
			return "sealed";
		}
		await Promise.all([aside ? store.put(aside) : store.delete(study), done]);
		return "stored";
	} catch {
		// The storage of runs tells of it.
		return "failed";
	}
}
