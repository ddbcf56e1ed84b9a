import { RUN_FIELDS } from "./run-fields.ts";
import type { Sorting } from "./run-grid.ts";

/** How the reader looks at the runs; kept between visits. */
export interface RunsView {
	/** Ids of the columns that are shown, and "changes". */
	columns: readonly string[];
	sorting: Sorting;
	bySeed: boolean;
	showHidden: boolean;
}

/** The column of what a line has otherwise than the one above. */
export const CHANGES = "changes";

const USUAL: RunsView = {
	columns: RUN_FIELDS.filter(({ usual }) => usual).map(({ id }) => id),
	sorting: { field: "finished", descending: true },
	...{ bySeed: false, showHidden: false },
};

const KEY = "isoflop-runs-view";

type Memory = Pick<Storage, "getItem" | "setItem">;

/** The view of the last visit, as far as it can be read. */
export function rememberedView(memory: Memory): RunsView {
	try {
		const { columns, sorting, bySeed, showHidden } = JSON.parse(memory.getItem(KEY) ?? "{}");
		const known = [...RUN_FIELDS.filter(({ width }) => width).map(({ id }) => id), CHANGES];
		const shown = Array.isArray(columns) ? known.filter((id) => columns.includes(id)) : [];
		return {
			columns: shown.length > 0 ? shown : USUAL.columns,
			sorting: known.includes(sorting?.field)
				? { field: sorting.field, descending: sorting.descending === true }
				: USUAL.sorting,
			bySeed: bySeed === true,
			showHidden: showHidden === true,
		};
	} catch {
		return USUAL;
	}
}

export function rememberView(memory: Memory, view: RunsView): void {
	try {
		memory.setItem(KEY, JSON.stringify(view));
	} catch {
		// The browser keeps nothing; the view lasts as long as the page.
	}
}
