import { plural } from "../../figures/format.ts";

/**
 * How many runs are finished while nothing trains, and where they are kept.
 *
 * @param unsaved runs that could not be stored
 */
export function keptText(finished: number, total: number, unsaved: number): string {
	const runs = plural(total, "run");
	const inTab = `finished, ${unsaved} in this tab only`;
	if (finished === 0) return `${runs}, none trained yet`;
	if (finished === total) return `All ${runs} ${unsaved > 0 ? inTab : "finished and stored"}`;
	return `${finished} of ${runs} ${unsaved > 0 ? inTab : "stored"}; Run trains the rest`;
}
