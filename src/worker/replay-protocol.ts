import type { PointsAnalysis } from "../analysis/fit-points.ts";
import type { Reading } from "../analysis/methods/fit-method.ts";
import type { Column, Mapping, Source } from "../analysis/points/column-names.ts";
import type { Conventions, possibleConventions } from "../analysis/points/conventions.ts";
import type { Slice } from "../analysis/points/iso-flop.ts";
import type { Point } from "../analysis/points/point.ts";
import type { SyntheticStudy } from "../analysis/points/synthetic-points.ts";
import type { HoldOut } from "../study/hold-out.ts";
import type { HeldOutPoints } from "../study/hold-out-points.ts";

/** Where measurements come from: one or more files that are read together, or a study that is drawn from a known law. */
export type ReplaySource =
	| { kind: "files"; files: readonly NamedFile[] }
	| { kind: "synthetic"; study: SyntheticStudy };

export interface NamedFile {
	name: string;
	file: Blob;
}

/** What is asked of the replay worker. All else is as in `isoflop fit` without options. */
export interface ReplayRequest {
	source: ReplaySource;
	/** Columns and units, where not by the file's names. */
	mapping: Mapping;
	/** Which of the file's experiments; one that it does not have, or null, is its first. */
	experiment: string | null;
	/** Unset what the file decides. */
	conventions: Partial<Conventions>;
	resamples: number;
	/** Which runs are set aside and predicted from the rest; null for none. */
	holdOut: HoldOut | null;
}

/** What a long request is at; `done` of `of` methods are fitted; the runs set aside are predicted last. */
export type ReplayStage =
	| { kind: "reading" }
	| { kind: "fitting"; title: string; done: number; of: number }
	| { kind: "predicting" };

/** The measurements could not be taken. */
export interface ReplayRefusal {
	kind: "refused";
	/** As on the command line, in one line. */
	message: string;
	/** The columns of the file at fault, and which were found, if it has a header: with others the file may do. */
	table: ReplayTable | null;
}

export interface ReplayTable {
	header: string[];
	columns: Partial<Record<Column, Source>>;
}

export interface ReplayFit {
	kind: "fitted";
	/** That of the first file; null for runs of the lab, which are no table. */
	table: ReplayTable | null;
	/** Rows of data, or runs. */
	rows: number;
	/** The first of the rows that are left out, `file` only where there are several, and how many there are. */
	leftOut: { line: number; reason: string; file?: string }[];
	leftOutCount: number;
	/** Names of the experiments that have rows; a single one is null. */
	experiments: (string | null)[];
	experiment: string | null;
	/** What the rows have the values for. */
	possible: ReturnType<typeof possibleConventions>;
	conventions: Conventions;
	analysis: PointsAnalysis;
	readings: Reading[];
	/** What was measured, thinned evenly where there is much of it, and the budgets of Method 2. */
	points: Point[];
	slices: Slice[];
	/** The runs set aside beside what was predicted of them, or why they cannot be; null where none were asked for. */
	heldOut: HeldOutPoints | { reason: string } | null;
}

/** The replay worker's interface to the page. It works on one request at a time; to end one, end the worker. */
export interface ReplayApi {
	replay(request: ReplayRequest, watch: (stage: ReplayStage) => void): Promise<ReplayFit | ReplayRefusal>;
}
