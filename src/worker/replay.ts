import { DEFAULT_FIT_OPTIONS } from "../analysis/fit-points.ts";
import { fitByEveryMethod } from "../analysis/fit-rows.ts";
import type { LeftOut } from "../analysis/fitting/fit.ts";
import { type Mapping, matchColumns } from "../analysis/points/column-names.ts";
import { possibleConventions } from "../analysis/points/conventions.ts";
import { mergedExperiments } from "../analysis/points/merge-files.ts";
import { type PointsFile, pointsOfTable } from "../analysis/points/points-file.ts";
import { drawPoints, type SyntheticStudy, syntheticCsv } from "../analysis/points/synthetic-points.ts";
import { readTable, type Table } from "../analysis/points/table.ts";
import { evenly } from "../maths/evenly.ts";
import { holdsRuns, readRunLines } from "../run/run-lines.ts";
import { holdOutPoints } from "../study/hold-out-points.ts";
import { rowsOfComparableRuns } from "../study/run-points.ts";
import type { NamedFile, ReplayApi, ReplayFit, ReplayRefusal, ReplayRequest, ReplayTable } from "./replay-protocol.ts";
import { textOfFile } from "./text-of-file.ts";

/** What `isoflop fit` without options makes of files, or of the table of a synthetic study. Never rejects. */
export const replay: ReplayApi["replay"] = async (request, watch) => {
	const { source, mapping } = request;
	// Of the file that is being read.
	let table: Table | null = null;
	try {
		watch({ kind: "reading" });
		const files = source.kind === "files" ? await textsOf(source.files) : [syntheticFile(source.study)];
		const runs = source.kind === "files" ? files.filter(({ name, text }) => holdsRuns(name, text)) : [];
		if (runs.length > 0 && runs.length < files.length)
			throw new Error("some of the files hold runs and others points; choose files of one kind");
		const given =
			runs.length > 0
				? givenRuns(runs)
				: givenRows(
						files.map(({ name, text, note }) => ({
							...{ name, note },
							read: named(name, () => {
								table = readTable(text);
								return pointsOfTable(table, mapping);
							}),
						})),
					);
		return named(namesOf(files), () => fitted(given, request, watch));
	} catch (error) {
		const { message } = error as Error;
		return { kind: "refused", message, table: foundColumns(table, mapping) } satisfies ReplayRefusal;
	}
};

/** A file as text, and what is to be said of how it was read. */
interface TextFile {
	name: string;
	text: string;
	note: string | null;
}

async function textsOf(files: readonly NamedFile[]): Promise<TextFile[]> {
	const texts: TextFile[] = [];
	for (const { name, file } of files) texts.push({ name, ...(await textOfFile(name, file)) });
	return texts;
}

function syntheticFile(study: SyntheticStudy): TextFile {
	return { name: "synthetic study", text: syntheticCsv(drawPoints(study)), note: null };
}

function namesOf(files: readonly { name: string }[]): string {
	return files.map(({ name }) => name).join(", ");
}

/** What is said of how files were read; of several, with their names. */
function notesOf(files: readonly { name: string; note: string | null }[]): string[] {
	return files.flatMap(({ name, note }) =>
		note === null ? [] : [`${files.length === 1 ? "The file" : `The file ${name}`} ${note}.`],
	);
}

/** Adds the file's name to what is wrong in it. */
function named<T>(name: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
	}
}

/** What is to be fitted, and what is said of it. */
interface Given extends Pick<ReplayFit, "table" | "rows" | "leftOut" | "leftOutCount"> {
	experiments: PointsFile["experiments"];
	runsLeftOut: LeftOut[];
	vocabulary: number;
	notes: string[];
}

/** Rows listed as left out, and points that are drawn. */
const MOST_LISTED = 200;
const MOST_DRAWN = 5000;

function givenRows(files: readonly { name: string; note: string | null; read: PointsFile }[]): Given {
	const { header, columns } = files[0]!.read;
	const rows = files.reduce((sum, { read }) => sum + read.rows, 0);
	const leftOut = files.flatMap(({ name, read }) =>
		read.leftOut.map((each) => (files.length === 1 ? each : { ...each, file: name })),
	);
	const filled = mergedExperiments(files).filter((experiment) => experiment.rows.length > 0);
	if (filled.length === 0)
		throw new Error(`${namesOf(files)}: none of its ${rows} rows has a loss that counts; there is nothing to fit`);
	return {
		table: { header, columns },
		...{ rows, leftOut: leftOut.slice(0, MOST_LISTED), leftOutCount: leftOut.length },
		...{ experiments: filled, runsLeftOut: [], vocabulary: DEFAULT_FIT_OPTIONS.vocabulary, notes: notesOf(files) },
	};
}

function givenRuns(files: readonly TextFile[]): Given {
	const notes = notesOf(files);
	const results = files.flatMap(({ name, text }) => {
		const { results, torn } = named(name, () => readRunLines(text));
		if (torn)
			notes.push(`The file ${files.length === 1 ? "" : `${name} `}ends in an incomplete line, which is skipped.`);
		return results;
	});
	if (results.length === 0) throw new Error(`${namesOf(files)}: it has no runs; a study makes some`);
	const { rows, leftOut } = named(namesOf(files), () => rowsOfComparableRuns(results));
	return {
		...{ table: null, rows: results.length, leftOut: [], leftOutCount: 0 },
		...{ experiments: [{ name: null, rows }], runsLeftOut: leftOut, vocabulary: results[0]!.spec.model.vocabulary },
		notes,
	};
}

function fitted(given: Given, request: ReplayRequest, watch: Parameters<ReplayApi["replay"]>[1]): ReplayFit {
	const { experiments, vocabulary, table, rows, leftOut, leftOutCount } = given;
	const chosen = experiments.find(({ name }) => name === request.experiment) ?? experiments[0]!;
	const { conventions, resamples, holdOut } = request;
	const options = { vocabulary, conventions, resamples };
	const fit = fitByEveryMethod(chosen.rows, options, given.runsLeftOut, (title, done, of) =>
		watch({ kind: "fitting", title, done, of }),
	);
	if (holdOut) watch({ kind: "predicting" });
	const { seed, interval } = DEFAULT_FIT_OPTIONS;
	return {
		...{ kind: "fitted", table, rows, leftOut, leftOutCount },
		experiments: experiments.map(({ name }) => name),
		experiment: chosen.name,
		possible: possibleConventions(chosen.rows),
		conventions: fit.conventions,
		analysis: { ...fit.analysis, notes: [...given.notes, ...fit.analysis.notes] },
		readings: fit.readings,
		points: evenly(fit.prepared.raw, MOST_DRAWN),
		slices: fit.prepared.slices,
		heldOut: holdOut && holdOutPoints(fit.prepared.raw, holdOut, { vocabulary, resamples, seed, interval }),
	};
}

/** The columns of a file that is refused; null if it is no table. None is found where the header or the mapping is at fault. */
function foundColumns(table: Table | null, mapping: Mapping): ReplayTable | null {
	if (table === null) return null;
	try {
		return { header: table.header, columns: Object.fromEntries(matchColumns(table.header, mapping)) };
	} catch {
		return { header: table.header, columns: {} };
	}
}
