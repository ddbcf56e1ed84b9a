import { parameterCounts } from "../../../architecture/size.ts";
import { plural } from "../../../figures/format.ts";
import type { RunRow } from "../../../run/run-note.ts";
import type { RunState } from "../../../study/progress.ts";
import { fieldNamed } from "./run-fields.ts";
import type { RunFilter } from "./run-filter.ts";
import { type RunItem, runItems, sortedItems } from "./run-items.ts";
import type { RunsView } from "./runs-view.ts";

/** Ids of rows, in their order. */
export function idsOf(rows: readonly RunRow[]): string[] {
	return rows.map(({ id }) => id);
}

/** The lines of the table: what is not hidden or filtered out, grouped and sorted as the view says. */
export function shownItems(rows: ReadonlyMap<string, RunRow>, shows: RunFilter, view: RunsView): RunItem[] {
	const shown = [...rows.values()].filter((row) => (view.showHidden || !row.hidden) && shows(row));
	const { field, descending } = view.sorting;
	return sortedItems(runItems(shown, view.bySeed), fieldNamed(field)!, descending);
}

/** The selected runs, in the order of the table and then those that are not shown, and the keys of the lines that they fill. */
export function selectionOf(
	rows: ReadonlyMap<string, RunRow>,
	items: readonly RunItem[],
	selected: ReadonlySet<string>,
): { keys: ReadonlySet<string>; chosen: readonly RunRow[] } {
	const lines = items.filter((item) => item.rows.every(({ id }) => selected.has(id)));
	const ids = new Set([...lines.flatMap((item) => idsOf(item.rows)), ...selected]);
	return {
		keys: new Set(lines.map(({ key }) => key)),
		chosen: [...ids].flatMap((id) => rows.get(id) ?? []),
	};
}

/** What of a study is not trained yet. */
export function leftToTrain(runs: readonly RunState[]): { runs: number; parameters: number } {
	const left = runs.filter(({ result }) => !result);
	return { runs: left.length, parameters: left.reduce((sum, { spec }) => sum + parameterCounts(spec.model).total, 0) };
}

/** How many runs are shown, of how many, for the table's heading. */
export function countText(
	{ rows, isListing }: { rows: ReadonlyMap<string, RunRow>; isListing: boolean },
	items: readonly RunItem[],
	{ bySeed, showHidden }: RunsView,
): string {
	if (rows.size === 0) return isListing ? "Reading" : "No runs";
	const shown = items.reduce((sum, item) => sum + item.rows.length, 0);
	const hidden = [...rows.values()].filter((row) => row.hidden).length;
	const all = shown === rows.size ? plural(shown, "run") : `${shown} of ${plural(rows.size, "run")}`;
	const groups = bySeed ? `, in ${plural(items.length, "line")}` : "";
	const aside = hidden > 0 && !showHidden ? `, ${hidden} hidden` : "";
	return `${all}${groups}${aside}${isListing ? ", reading more" : ""}`;
}
