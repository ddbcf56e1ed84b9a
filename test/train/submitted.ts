import { type CumulativeCosts, endOfSubmit } from "../../src/train/submit-split.ts";

/** Micro-steps that a submit holds at most. */
const SLOTS = 128;

/** What a submit holds: its cost, and which launches of their micro-steps they are. */
export interface Submitted {
	cost: number;
	launches: number[];
}

/** Fills submits with one micro-step after the other, as the submitter does: from the measure to what a submit holds. */
export function submitted(costs: CumulativeCosts): (most: number) => Submitted {
	let offset = 0;
	return (most) => {
		const held: Submitted = { cost: 0, launches: [] };
		for (let ended = 0; ended < SLOTS; ended++) {
			const end = endOfSubmit(costs, offset, held.cost, most);
			for (let launch = offset; launch < end; launch++) held.launches.push(launch);
			held.cost += costs[end]! - costs[offset]!;
			offset = end;
			if (end < costs.length - 1) break;
			offset = 0;
		}
		return held;
	};
}
