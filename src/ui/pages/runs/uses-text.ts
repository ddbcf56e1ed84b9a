import { plural } from "../../../figures/format.ts";
import type { RunRow } from "../../../run/run-note.ts";

/**
 * What else uses some runs: "The study minute has 2 of them, and is open on the page Study."
 *
 * @param openStudy the study on the page Study, and the ids of its runs
 */
export function usesText(rows: readonly RunRow[], openStudy: { name: string; ids: ReadonlySet<string> }): string {
	const counts = new Map<string, number>();
	for (const { studies = [] } of rows) for (const study of studies) counts.set(study, (counts.get(study) ?? 0) + 1);
	const isOpen = rows.some(({ id }) => openStudy.ids.has(id));
	if (isOpen) counts.set(openStudy.name, rows.filter(({ id }) => openStudy.ids.has(id)).length);
	const studies = [...counts].map(([study, count]) => `“${study}” uses ${count} of them`);
	const open = isOpen ? [`“${openStudy.name}”, open on the page Study, would train them again`] : [];
	const weights = rows.filter(({ weightBytes }) => weightBytes !== undefined).length;
	const kept = weights > 0 ? [`${plural(weights, "run")} had kept weights, which go too`] : [];
	const texts = [...studies, ...open, ...kept];
	return texts.length > 0 ? `${texts.join("; ")}.` : "No known study uses them.";
}
