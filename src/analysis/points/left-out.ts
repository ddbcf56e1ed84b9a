import { groupBy } from "../../maths/group-by.ts";
import type { Fit, LeftOut } from "../fitting/fit.ts";

/** Most runs listed with one reason. */
const MOST = 50;

/** A fit's `leftOut`: up to 50 runs in full; of more, the first 50 with each reason, the others counted in `leftOutMore`. */
export function listLeftOut(all: readonly LeftOut[]): Pick<Fit, "leftOut" | "leftOutMore"> {
	if (all.length <= MOST) return { leftOut: [...all] };
	const groups = [...groupBy(all, ({ reason }) => reason)];
	const leftOut = groups.flatMap(([, members]) => members.slice(0, MOST));
	const leftOutMore = groups
		.filter(([, members]) => members.length > MOST)
		.map(([reason, members]) => ({ reason, runs: members.length - MOST }));
	return leftOutMore.length > 0 ? { leftOut, leftOutMore } : { leftOut };
}
