import { database } from "./database.ts";

/** How many seconds stored runs took, as far as that was noted; see `RunNote`. */
export async function runSeconds(ids: readonly string[]): Promise<Record<string, number>> {
	const { store } = (await database()).transaction("notes");
	const notes = await Promise.all(ids.map((id) => store.get(id)));
	const known = notes.flatMap((note) => (note?.seconds === undefined ? [] : [[note.id, note.seconds] as const]));
	return Object.fromEntries(known);
}
