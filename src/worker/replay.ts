import { DEFAULT_FIT_OPTIONS } from "../analysis/fit-points.ts";
import { fitByEveryMethod } from "../analysis/fit-rows.ts";
import type { LeftOut } from "../analysis/fitting/fit.ts";
import { type Mapping, matchColumns } from "../analysis/points/column-names.ts";
import { possibleConventions } from "../analysis/points/conventions.ts";
import { type PointsFile, pointsOfTable } from "../analysis/points/points-file.ts";
import { drawPoints, syntheticCsv } from "../analysis/points/synthetic-points.ts";
import { readTable, type Table } from "../analysis/points/table.ts";
import { evenly } from "../maths/evenly.ts";
import { holdsRuns, readRunLines } from "../run/run-lines.ts";
import { rowsOfComparableRuns } from "../study/run-points.ts";
import type { ReplayApi, ReplayFit, ReplayRefusal, ReplayRequest, ReplayTable } from "./replay-protocol.ts";
import { textOfFile } from "./text-of-file.ts";

/** What `isoflop fit` without options makes of a file, or of the table of a synthetic study. Never rejects. */
export const replay: ReplayApi["replay"] = async (request, watch) => {
	const { source, mapping } = request;
	const name = source.kind === "file" ? source.name : "synthetic study";
	let table: Table | null = null;
	try {
		watch({ kind: "reading" });
		const { text, note } =
			source.kind === "file"
				? await textOfFile(name, source.file)
				: { text: syntheticCsv(drawPoints(source.study)), note: null };
		const notes = note === null ? [] : [`The file ${note}.`];
		return named(name, () => {
			if (source.kind === "file" && holdsRuns(name, text)) return fitted(givenRuns(text, notes), request, watch);
			table = readTable(text);
			return fitted(givenRows(pointsOfTable(table, mapping), notes), request, watch);
		});
	} catch (error) {
		const { message } = error as Error;
		return { kind: "refused", message, table: foundColumns(table, mapping) } satisfies ReplayRefusal;
	}
};

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

function givenRows({ header, columns, rows, leftOut, experiments }: PointsFile, notes: string[]): Given {
	const filled = experiments.filter((experiment) => experiment.rows.length > 0);
	if (filled.length === 0) throw new Error(`none of its ${rows} rows has a loss that counts; there is nothing to fit`);
	return {
		table: { header, columns },
		...{ rows, leftOut: leftOut.slice(0, MOST_LISTED), leftOutCount: leftOut.length },
		...{ experiments: filled, runsLeftOut: [], vocabulary: DEFAULT_FIT_OPTIONS.vocabulary, notes },
	};
}

function givenRuns(text: string, notes: string[]): Given {
	const { results, torn } = readRunLines(text);
	if (results.length === 0) throw new Error("it has no runs; a study makes some");
	const { rows, leftOut } = rowsOfComparableRuns(results);
	return {
		...{ table: null, rows: results.length, leftOut: [], leftOutCount: 0 },
		...{ experiments: [{ name: null, rows }], runsLeftOut: leftOut, vocabulary: results[0]!.spec.model.vocabulary },
		notes: torn ? [...notes, "The file ends in an incomplete line, which is skipped."] : notes,
	};
}

function fitted(given: Given, request: ReplayRequest, watch: Parameters<ReplayApi["replay"]>[1]): ReplayFit {
	const { experiments, vocabulary, table, rows, leftOut, leftOutCount } = given;
	const chosen = experiments.find(({ name }) => name === request.experiment) ?? experiments[0]!;
	const { conventions, resamples } = request;
	const options = { vocabulary, conventions, resamples };
	const fit = fitByEveryMethod(chosen.rows, options, given.runsLeftOut, (title, done, of) =>
		watch({ kind: "fitting", title, done, of }),
	);
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
