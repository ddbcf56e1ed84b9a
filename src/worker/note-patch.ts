import type { RunNote } from "../run/run-note.ts";
import type { NotePatch } from "./runs-protocol.ts";

/** A note after a change: null takes a field away, and so do an empty name and an empty list of tags. */
export function patched(note: RunNote, patch: NotePatch): RunNote {
	const entries = Object.entries({ ...note, ...patch });
	const isKept = (value: unknown) =>
		value !== undefined &&
		value !== null &&
		value !== "" &&
		value !== false &&
		!(Array.isArray(value) && value.length === 0);
	return Object.fromEntries(entries.filter(([, value]) => isKept(value))) as unknown as RunNote;
}

/** A note after a study has used its run. */
export function usedBy(note: RunNote, study: string): RunNote {
	return { ...note, studies: [...new Set([...(note.studies ?? []), study])] };
}
