import type { RunNote, RunRow } from "../run/run-note.ts";
import type { LossCurve } from "../run/run-result.ts";
import type { Study } from "../study/study.ts";

/** A change to what is known of runs: a field that is null is taken away, one that is absent stays. */
export type NotePatch = {
	[Key in "name" | "tags" | "hidden" | "deleteAt"]?: NonNullable<RunNote[Key]> | null;
};

/** What was taken from a file. */
export interface AddedRuns {
	ids: string[];
	/** The study that the file holds beside them, if it is valid. */
	study?: Study;
	/** What was wrong in the file without keeping its runs from being taken. */
	notes: string[];
}

/** The files that a selection of runs can be saved as. */
export type RunsFile = "jsonl" | "csv" | "curves";

/** How text is drawn from a model. */
export interface SampleRequest {
	prompt: string;
	temperature: number;
	/** Most tokens to draw. */
	tokens: number;
	seed: number;
}

/** The runs worker's interface to the page. It trains nothing and needs no GPU. */
export interface RunsApi {
	/** Removes what was deleted and can no longer be had back, and hands over all other runs in portions of some hundred. */
	list(take: (rows: RunRow[]) => void): Promise<void>;
	/** The rows of these runs, as far as they are stored. */
	rows(ids: string[]): Promise<RunRow[]>;
	curves(ids: string[]): Promise<{ id: string; curve: LossCurve }[]>;
	patch(ids: string[], patch: NotePatch): Promise<void>;
	/** Removes runs with their notes and weights. */
	remove(ids: string[]): Promise<void>;
	/** Adds the runs of a runs.jsonl, packed or not. Rejects with the reason, and then adds none. */
	add(name: string, file: Blob): Promise<AddedRuns>;
	file(ids: string[], format: RunsFile): Promise<Blob>;
	/** Whether the weights of runs are kept when they finish. */
	keepsWeights(): Promise<boolean>;
	keepWeights(isWanted: boolean): Promise<void>;
	/** Continues a text with the kept weights of a run; only what is drawn is returned. */
	sample(id: string, request: SampleRequest): Promise<string>;
	/** The kept weights of a run as a folder of Hugging Face's in a zip file. Rejects for an LSTM. */
	modelZip(id: string): Promise<Blob>;
}
