import { curvesCsv, runsCsv } from "../analysis/reports/csv.ts";
import { decodeModel, type TrainedModel } from "../model/trained-model.ts";
import { runLine } from "../run/run-lines.ts";
import type { RunNote, RunRow } from "../run/run-note.ts";
import type { RunResult } from "../run/run-result.ts";
import { runRow } from "../run/run-row.ts";
import type { Study } from "../study/study.ts";
import { validateStudy } from "../study/validate-study.ts";
import { addRuns } from "./add-runs.ts";
import { database } from "./database.ts";
import { readModel, removeModel, wantWeights, weightsAreWanted } from "./kept-weights.ts";
import { modelZip } from "./model-zip.ts";
import { patched, usedBy } from "./note-patch.ts";
import { runStore as store } from "./run-store.ts";
import type { RunsApi } from "./runs-protocol.ts";
import { sampleText } from "./sample-text.ts";
import { storageProblem } from "./storage-report.ts";
import { textOfFile } from "./text-of-file.ts";

/** The kept model of a run. */
async function modelOf(id: string): Promise<TrainedModel> {
	const bytes = await readModel(id);
	if (!bytes) throw new Error(`run ${id}: the browser no longer has its weights`);
	return decodeModel(bytes);
}

function rowsOf(results: readonly RunResult[], notes: readonly (RunNote | undefined)[]): Promise<RunRow[]> {
	return Promise.all(results.map((result, i) => runRow(result, notes[i])));
}

/** Runs that are read, and handed over, at a time. */
const PORTION = 200;

/** What the page can ask of the stored runs. */
export function storedRuns(): RunsApi {
	async function notesOf(ids: readonly string[]): Promise<(RunNote | undefined)[]> {
		const { store } = (await database()).transaction("notes");
		return Promise.all(ids.map((id) => store.get(id)));
	}

	async function rows(ids: string[]): Promise<RunRow[]> {
		const results = await store.load(ids);
		return rowsOf(results, await notesOf(results.map(({ id }) => id)));
	}

	async function remove(ids: string[]): Promise<void> {
		const kept = (await notesOf(ids)).filter((note) => note?.weightBytes !== undefined);
		const transaction = (await database()).transaction(["runs", "notes"], "readwrite");
		const [runs, notes] = [transaction.objectStore("runs"), transaction.objectStore("notes")];
		for (const id of ids) {
			await runs.delete(id);
			await notes.delete(id);
		}
		await transaction.done;
		for (const note of kept) await removeModel(note!.id);
	}

	/** Removes what was deleted long enough ago, as when the page was closed before the time was over. */
	async function removeDue(): Promise<void> {
		const due = (await (await database()).getAll("notes")).filter(
			({ deleteAt }) => (deleteAt ?? Infinity) < Date.now(),
		);
		await remove(due.map(({ id }) => id));
	}

	return {
		rows,
		remove,
		async list(take) {
			await removeDue();
			let after: IDBKeyRange | null = null;
			for (;;) {
				// Together: a run that is removed between the two would be there without the mark of its deletion.
				const transaction = (await database()).transaction(["runs", "notes"]);
				const results: RunResult[] = await transaction.objectStore("runs").getAll(after, PORTION);
				if (results.length === 0) return;
				const store = transaction.objectStore("notes");
				const notes = await Promise.all(results.map(({ id }) => store.get(id)));
				const portion = await rowsOf(results, notes);
				take(portion.filter(({ deleteAt }) => deleteAt === undefined));
				after = IDBKeyRange.lowerBound(results.at(-1)!.id, true);
			}
		},
		async curves(ids) {
			return (await store.load(ids)).map(({ id, curve }) => ({ id, curve }));
		},
		async patch(ids, patch) {
			try {
				await store.note(ids, (note) => patched(note, patch));
			} catch (error) {
				// Where storage is full there is no room for the mark of a deletion, which must be possible for all that.
				if (patch.deleteAt === undefined || storageProblem(error) !== "full") throw error;
			}
		},
		async add(name, file) {
			const { text, note } = await textOfFile(name, file);
			const lines = await addRuns(store, text);
			const ids = lines.results.map(({ id }) => id);
			const notes = [
				...(note === null ? [] : [`The file ${note}`]),
				...(lines.torn ? ["The file ends in an incomplete line, which is skipped."] : []),
			];
			let study: Study | undefined;
			try {
				if (lines.study !== undefined) study = validateStudy(lines.study);
			} catch (error) {
				notes.push(`The study in the file is not taken: ${(error as Error).message}`);
			}
			const finished = Date.now();
			await store.note(ids, (note) => ({ finished, ...(study ? usedBy(note, study.name) : note) }));
			return { ids, notes, ...(study && { study }) };
		},
		async file(ids, format) {
			const results = await store.load(ids);
			if (format === "jsonl") return new Blob(results.map(runLine), { type: "application/jsonl" });
			return new Blob([format === "csv" ? runsCsv(results) : curvesCsv(results)], { type: "text/csv" });
		},
		keepsWeights: weightsAreWanted,
		keepWeights: wantWeights,
		sample: async (id, request) => sampleText(await modelOf(id), request),
		modelZip: async (id) => new Blob([await modelZip(await modelOf(id))], { type: "application/zip" }),
	};
}
