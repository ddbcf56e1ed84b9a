import { join } from "node:path";
import type { Figure } from "../../figures/figure.ts";
import { figureSvg } from "../../figures/svg.ts";
import { makeFolder } from "../files/disk-error.ts";
import { writeAtomically } from "../files/write-atomically.ts";

/** Figures of one experiment, and the folder they go to: empty for the one that was asked for itself. */
interface FiguresToWrite {
	folder: string;
	figures: readonly Figure[];
}

/** Writes each figure that shows something to a file of its name. */
export async function writeFigures(folder: string, groups: readonly FiguresToWrite[]): Promise<void> {
	for (const group of groups) {
		const into = join(folder, group.folder);
		await makeFolder(into);
		for (const figure of group.figures)
			if (figure.marks.length > 0) await writeAtomically(join(into, `${figure.name}.svg`), figureSvg(figure));
	}
}

/** The names of experiments as different names of folders; that of one without a name is empty. */
export function folderNames(experiments: readonly (string | null)[]): string[] {
	const taken = new Set<string>();
	return experiments.map((experiment) => {
		if (experiment === null) return "";
		const name = experiment.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^\.+/, "") || "experiment";
		let free = name;
		for (let i = 2; taken.has(free.toLowerCase()); i++) free = `${name}-${i}`;
		taken.add(free.toLowerCase());
		return free;
	});
}
