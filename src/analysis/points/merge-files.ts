import type { PointRow, PointsFile } from "./points-file.ts";

/** A file that was read. */
export interface NamedPoints {
	/** With or without its folder. */
	name: string;
	read: Pick<PointsFile, "experiments">;
}

/**
 * The experiments of several files, those of one name taken together. Runs of different files are different ones, whatever their
 * names, so each is named after its file too; of a single file they keep their names.
 */
export function mergedExperiments(files: readonly NamedPoints[]): PointsFile["experiments"] {
	if (files.length === 1) return files[0]!.read.experiments;
	const all = new Map<string | null, PointRow[]>();
	for (const [f, { name, read }] of files.entries()) {
		const own = ownName(name, f, files);
		for (const { name, rows } of read.experiments)
			all.set(name, [...(all.get(name) ?? []), ...rows.map((row) => ({ ...row, run: `${own} ${row.run}` }))]);
	}
	return [...all].map(([name, rows]) => ({ name, rows }));
}

/** The file's name without its folder; with its number where another file has the same. */
function ownName(name: string, f: number, files: readonly NamedPoints[]): string {
	const base = baseName(name);
	const same = files.filter((other) => baseName(other.name) === base).length;
	return same === 1 ? base : `${base} (file ${f + 1})`;
}

function baseName(name: string): string {
	return name.split(/[\\/]/).at(-1)!;
}
