import { groupBy } from "../../maths/group-by.ts";
import type { Fit, LeftOut } from "../fitting/fit.ts";

/** Maximum number of runs listed per reason. */
const MOST = 50;

/** A fit's `leftOut`. Beyond 50 runs, lists the first 50 for each reason and counts the rest in `leftOutMore`. */
export function listLeftOut(all: readonly LeftOut[]): Pick<Fit, "leftOut" | "leftOutMore"> {
	if (all.length <= MOST) return { leftOut: [...all] };
	const groups = [...groupBy(all, ({ reason }) => reason)];
	const leftOut = groups.flatMap(([, members]) => members.slice(0, MOST));
	const leftOutMore = groups
		.filter(([, members]) => members.length > MOST)
		.map(([reason, members]) => ({ reason, runs: members.length - MOST }));
	return leftOutMore.length > 0 ? { leftOut, leftOutMore } : { leftOut };
}
