import type { RunRow } from "../../../run/run-note.ts";
import type { RunState } from "../../../study/progress.ts";
import type { RunsApi, RunsFile } from "../../../worker/runs-protocol.ts";
import { download } from "../../parts/download.ts";
import type { RunsSession } from "./runs-session.ts";
import type { Labels } from "./selection-bar.ts";
import { idsOf } from "./shown-runs.ts";
import { usesText } from "./uses-text.ts";

/** The study of the lab, as far as its runs are concerned. */
export interface LabStudy {
	readonly runs: readonly RunState[];
	/** The study's name. */
	readonly study: string;
	readonly isTraining: boolean;
}

/** What can be done with stored runs, and what the Study page must know of it. */
export class RunActions {
	private readonly session: RunsSession;
	private readonly api: Pick<RunsApi, "file">;
	private readonly lab: () => LabStudy;
	private readonly readResults: () => Promise<void>;
	private readonly focusTable: () => Promise<void>;

	/**
	 * @param readResults has the Study page read its results again
	 * @param focusTable puts the focus back into the table, of which a line has gone or come
	 */
	constructor(
		session: RunsSession,
		api: Pick<RunsApi, "file">,
		lab: () => LabStudy,
		readResults: () => Promise<void>,
		focusTable: () => Promise<void>,
	) {
		this.session = session;
		this.api = api;
		this.lab = lab;
		this.readResults = readResults;
		this.focusTable = focusTable;
	}

	/** Stores the runs of files. */
	async add(files: readonly File[]): Promise<void> {
		await this.changed(await this.session.add(files));
	}

	/** Names and tags runs. */
	async label({ name, add, take }: Labels, rows: readonly RunRow[]): Promise<void> {
		const ids = idsOf(rows);
		if (name !== undefined) await this.session.patch(ids, { name });
		if (add.length + take.length > 0) await this.session.tag(ids, add, take);
	}

	/** Deletes runs, until they are taken back; none that a study in training uses. */
	async delete(rows: readonly RunRow[]): Promise<void> {
		const { runs, study, isTraining } = this.lab();
		const open = new Set(runs.map(({ id }) => id));
		await this.session.attempt(async () => {
			if (isTraining && rows.some(({ id }) => open.has(id)))
				throw new Error(
					`the study “${study}” is training and uses some of these runs; stop it before they are deleted`,
				);
		}, "Not deleted: ");
		if (isTraining && rows.some(({ id }) => open.has(id))) return;
		await this.session.delete(idsOf(rows), usesText(rows, { name: study, ids: open }));
		await this.changed(idsOf(rows));
		await this.focusTable();
	}

	/** Takes the last deletion back. */
	async undo(): Promise<void> {
		await this.changed(await this.session.undo());
		await this.focusTable();
	}

	/** Hands the runs over as a file. */
	async save(format: RunsFile, rows: readonly RunRow[]): Promise<void> {
		await this.session.attempt(async () => {
			const file = await this.api.file(idsOf(rows), format);
			const [name, type] =
				format === "jsonl" ? ["runs.jsonl", "application/jsonl"] : [`${FILES[format]}.csv`, "text/csv"];
			download(name!, file, type!);
		});
	}

	/** Has the Study page read its results again if some of them are others now. */
	private async changed(ids: readonly string[]): Promise<void> {
		const { runs, isTraining } = this.lab();
		if (!isTraining && runs.some(({ id }) => ids.includes(id))) await this.readResults();
	}
}

const FILES: Record<Exclude<RunsFile, "jsonl">, string> = { csv: "runs", curves: "curves" };
