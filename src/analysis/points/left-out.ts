import type { LeftOut } from "../fitting/fit.ts";

/** Most runs that are listed with one reason. */
const MOST = 50;

/** A list that stays readable: of many runs with one reason the first are named and the others counted. */
export function briefly(leftOut: readonly LeftOut[]): LeftOut[] {
	if (leftOut.length <= MOST) return [...leftOut];
	const groups = new Map<string, string[]>();
	for (const { run, reason } of leftOut) {
		const runs = groups.get(reason);
		if (runs) runs.push(run);
		else groups.set(reason, [run]);
	}
	return [...groups].flatMap(([reason, runs]) => {
		const named = runs.slice(0, MOST).map((run) => ({ run, reason }));
		const more = runs.length - named.length;
		return more > 0 ? [...named, { run: `${more} more`, reason }] : named;
	});
}
